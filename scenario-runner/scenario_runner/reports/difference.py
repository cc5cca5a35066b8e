"""Two texts side by side: which lines belong together, and what differs within a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# difflib takes quadratic time: beyond these, the rest is shown unmatched or left out.
MAX_LINES = 400
MAX_LINE = 2000
_MAX_WORK = 2_000_000
# Lines less alike than this share letters by chance only.
ALIKE = 0.6

# A piece of a line, and whether it differs from the other side.
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of each text; None where that side has none."""

    expected: Pieces | None
    seen: Pieces | None
    same: bool


def side_by_side(expected: str, seen: str) -> list[Row]:
    """Pure. Only the first MAX_LINES lines of each are compared; a row of dots says so."""
    left, right = expected.split("\n"), seen.split("\n")
    cut = max(len(left), len(right)) > MAX_LINES
    left, right = ([line[:MAX_LINE] for line in side[:MAX_LINES]] for side in (left, right))
    rows = list(_rows(left, right))
    if cut:
        rows.append(Row([("…", False)], [("…", False)], same=True))
    return rows


def _rows(left: list[str], right: list[str]) -> Iterator[Row]:
    work = 0
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            for line in left[a:b]:
                yield Row([(line, False)], [(line, False)], same=True)
            continue
        for number in range(max(b - a, d - c)):
            one = left[a + number] if a + number < b else None
            other = right[c + number] if c + number < d else None
            if one is None or other is None:
                yield Row(_whole(one), _whole(other), same=False)
                continue
            work += len(one) * len(other)
            if work > _MAX_WORK:
                yield Row(_whole(one), _whole(other), same=False)
            else:
                yield Row(*_within(one, other), same=False)


def _whole(line: str | None) -> Pieces | None:
    return None if line is None else [(line, True)]


def _within(one: str, other: str) -> tuple[Pieces, Pieces]:
    left: Pieces = []
    right: Pieces = []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [(one, True)], [(other, True)]
    for kind, a, b, c, d in matcher.get_opcodes():
        if b > a:
            left.append((one[a:b], kind != "equal"))
        if d > c:
            right.append((other[c:d], kind != "equal"))
    return left, right
