"""CSV (RFC 4180): bytes ↔ Document, by a layout."""
