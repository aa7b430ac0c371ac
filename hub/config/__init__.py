"""The hub's configuration: data only, read once into frozen values, every problem reported with file and line."""
