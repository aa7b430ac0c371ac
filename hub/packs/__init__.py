"""Packs: a service folder as one signed file, kept by its digest, activated by two persons, taken back at once."""
