"""Reads the UN/EDIFACT directories as UNECE publishes them, and writes the facts in the hub's compact form."""
