"""The ledger: an append-only Merkle tree of everything that happened, its checkpoints, receipts and verification."""
