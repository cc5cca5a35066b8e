"""What the index says of itself, so that one that is not what was written is not believed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from hashlib import blake2b

from factory.ledger.position import Position
from factory.ledger.tables import SHAPE

_SUM = 16


class Damaged(Exception):
    """The index is not what was written to it, or is of another shape."""


@dataclass(kw_only=True)
class Followed(Position):
    """Where the chain of one head is after `commit`."""

    commit: str


@dataclass(kw_only=True)
class Seal:
    """The heads that were followed, and totals that must be those of the tables."""

    heads: dict[str, Followed] = field(default_factory=dict)
    entries: int = 0
    nano: int = 0
    counted_nano: int = 0
    faults: int = 0

    def commits(self) -> dict[str, str]:
        """Each head's commit by its name."""
        return {name: one.commit for name, one in self.heads.items()}

    def to_text(self) -> str:
        """As JSON behind its own sum."""
        body = json.dumps({**asdict(self), "shape": SHAPE})
        return sum_of(body.encode()).hex() + body

    @classmethod
    def from_text(cls, text: str) -> Seal:
        """Read it.

        Raises:
            Damaged: it is not what was written, or of another shape.
        """
        told, body = text[:_SUM], text[_SUM:]
        if sum_of(body.encode()).hex() != told:
            raise Damaged
        data = json.loads(body)
        if data.pop("shape") != SHAPE:
            raise Damaged
        heads = {name: Followed(**one) for name, one in data.pop("heads").items()}
        return cls(heads=heads, **data)


def sum_of(data: bytes) -> bytes:
    """Enough of a digest to find what a disk did; no proof against people."""
    return blake2b(data, digest_size=_SUM // 2).digest()
