"""The walk: read → decide → write, in batches that commit together."""
