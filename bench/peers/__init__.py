"""The validating parsers of others, for the side-by-side run of :mod:`bench.edifact`."""
