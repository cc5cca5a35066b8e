"""What a reader of the rendered page does not see, and what of it was left out of a draft."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True, slots=True)
class LeftOut:
    """Something hidden that the draft does not hold; `line` is 1-based, of the source."""

    line: int
    what: str


@dataclass
class Hidden:
    """Collects what is left out while a document is read."""

    found: set[LeftOut] = field(default_factory=set)

    def note(self, line: int, what: str) -> None:
        """Remember that something was left out of this line."""
        self.found.add(LeftOut(line, what))

    def sorted(self) -> tuple[LeftOut, ...]:
        """All of it, by line."""
        return tuple(sorted(self.found))
