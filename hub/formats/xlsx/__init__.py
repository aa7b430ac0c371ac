"""Workbooks (XLSX, ISO/IEC 29500-1): bytes ↔ Document, by the layouts of CSV."""
