"""Filings: who and what is on file, and until when."""
