"""The hub's configuration: data only, read once into frozen values; every problem reported at once with file and line."""
