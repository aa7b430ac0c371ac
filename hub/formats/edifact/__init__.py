"""UN/EDIFACT (ISO 9735): bytes ↔ Document, with located findings, CONTRL answers and re-enveloping."""
