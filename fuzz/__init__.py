"""Harnesses that throw mutated bytes at every reader; ``python -m fuzz.run`` runs them (``make fuzz``)."""
