"""Formats: bytes ↔ Document, one package a syntax, and the detection that chooses among them."""
