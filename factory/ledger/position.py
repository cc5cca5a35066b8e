"""How far a chain was followed: what the index keeps of it, and what following goes on with."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass(kw_only=True)
class Position:
    """`count` entries, `last` the digest of the newest, at `last_path`.

    `begun` says that entries are chained by now; those before it name none (`unchained` of them).
    `good` is the newest commit without fault.
    """

    count: int = 0
    last: str | None = None
    last_path: str = ""
    begun: bool = False
    unchained: int = 0
    good: str = ""

    def position(self) -> dict[str, Any]:
        """These by name, without what a class below adds."""
        return {one.name: getattr(self, one.name) for one in fields(Position)}
