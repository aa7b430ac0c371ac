"""Sequences: the numbers under which a partner sends, and what is missing among them."""
