"""Comparing two XSDs by the documents that they accept and refuse."""
