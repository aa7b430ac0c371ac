"""JSON as the columns of tables hold it."""

import json

compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A value as compact JSON text."""
