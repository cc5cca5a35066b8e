"""The append-only record of runs, spend and leaks, on the git branch `factory/ledger`."""

from factory.ledger.branch import append, append_if, read, read_clone
from factory.ledger.place import BRANCH

__all__ = ["BRANCH", "append", "append_if", "read", "read_clone"]
