"""ANSI ASC X12: interchanges, transaction sets and acknowledgments."""
