"""Hub: a store-and-forward EDI exchange between those who trade and those who regulate."""

__version__ = "0.1.0"
