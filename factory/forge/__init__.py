"""The forge: where repositories are, and where verdicts are read."""

from factory.forge.select import ForgeByRepository, select

__all__ = ["ForgeByRepository", "select"]
