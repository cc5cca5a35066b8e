"""The append-only record of runs, spend and leaks, on the git branch `factory/ledger`."""

from factory.ledger.branch import BRANCH, append, append_if, read, read_clone

__all__ = ["BRANCH", "append", "append_if", "read", "read_clone"]
