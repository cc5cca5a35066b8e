"""The append-only record of runs, spend and leaks, on the git branch `factory/ledger`."""

from factory.ledger.branch import BRANCH, append, read, read_clone
from factory.ledger.conditional import append_if

__all__ = ["BRANCH", "append", "append_if", "read", "read_clone"]
