"""The plain form of a transmission: one tree of values for every type, which JSON and generic XML both write."""
