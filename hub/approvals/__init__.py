"""Approvals: what a person decides, or two."""
