"""A plain-text ledger on the command line."""

__version__ = "0.1.0"
