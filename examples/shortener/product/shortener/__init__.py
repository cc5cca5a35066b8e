"""A small link shortener over HTTP."""

__version__ = "0.1.0"
