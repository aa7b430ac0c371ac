"""What ``tools/import_codes.py`` makes the code tables of, a module for each field of work."""
