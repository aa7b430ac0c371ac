"""XML: bytes ↔ Document, validated by XSD."""
