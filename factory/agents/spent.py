"""Nano-dollars and tokens together, as a request is charged with both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Spent:
    """Nano-dollars and tokens."""

    nano: int = 0
    tokens: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.nano + other.nano, self.tokens + other.tokens)

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.nano - other.nano, self.tokens - other.tokens)

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Spent:
        """What a line of a checkpoint's journal tells."""
        return cls(facts["nano"], facts["tokens"])

    def facts(self) -> dict[str, int]:
        """For a line of a checkpoint's journal."""
        return {"nano": self.nano, "tokens": self.tokens}
