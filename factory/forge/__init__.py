"""The forge: where repositories are, and where verdicts are read."""

from factory.forge.select import select

__all__ = ["select"]
