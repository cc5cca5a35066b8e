"""The append-only record of runs, spend and leaks, on the git branch `factory/ledger`.

`append`, `append_if`, `ask`, `read`, `read_clone` are those of `factory.ledger.branch`, which is
imported when one of them is used: who only asks the index does not pay for the records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factory.ledger.place import BRANCH

if TYPE_CHECKING:
    from factory.ledger.branch import append, append_if, ask, read, read_clone
    from factory.ledger.entries import Entries

__all__ = ["BRANCH", "Entries", "append", "append_if", "ask", "read", "read_clone"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from factory.ledger import branch

        return getattr(branch, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
