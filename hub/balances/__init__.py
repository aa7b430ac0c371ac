"""Balances: accounts of quantities or money that are reserved, committed, released; never below zero."""
