"""What changed between two lines of text, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from factory.spec.versions.likeness import Gist

PAIR_LIMIT = 1_000_000
"""Word pairs compared at most; longer texts are shown as old and new, whole."""
LEGIBLE = 0.4
"""Where less than this stayed the same, marks between the words would hide both texts."""
REWORDED = 0.3
"""Two lines at least this alike are one line, reworded."""

Kind = Literal["same", "removed", "added"]


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words that stand side by side and share their fate."""

    kind: Kind
    text: str


def marked(old: str, new: str) -> tuple[Words, ...]:
    """The words of both texts in order: those that stayed, went and came.

    A single word that stayed between two changes is taken into them, so that a reader meets few
    long marks instead of many short ones.
    """
    before, after = old.split(), new.split()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if len(before) * len(after) > PAIR_LIMIT or matcher.ratio() < LEGIBLE:
        return _joined([("removed", before), ("added", after)])
    parts: list[tuple[Kind, list[str]]] = []
    gone: list[str] = []
    come: list[str] = []
    steps = matcher.get_opcodes()
    for step in steps:
        kind, a, b, c, d = step
        is_long = b - a > 1 or step in (steps[0], steps[-1])
        if kind == "equal" and is_long:
            parts += [("removed", gone), ("added", come), ("same", before[a:b])]
            gone, come = [], []
        else:
            gone += before[a:b]
            come += after[c:d]
    return _joined([*parts, ("removed", gone), ("added", come)])


def aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """The lines of two texts side by side, without those that stayed the same.

    Each pair is a line reworded (old, new), taken out (old, None) or put in (None, new), in the
    order of the new text.
    """
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found: list[tuple[str | None, str | None]] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            found += _paired(old[a:b], new[c:d])
    return found


def _paired(old: Sequence[str], new: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """Each new line with the likest old line that no line above took, never going back."""
    found: list[tuple[str | None, str | None]] = []
    rest = list(old)
    gists = {text: Gist(text) for text in (*old, *new)}
    for line in new:
        likeness = [gists[line].likeness(gists[one]) for one in rest[:50]]
        best = max(likeness, default=0.0)
        if best >= REWORDED:
            at = likeness.index(best)
            found += [(one, None) for one in rest[:at]]
            found.append((rest[at], line))
            rest = rest[at + 1 :]
        else:
            found.append((None, line))
    return found + [(one, None) for one in rest]


def _joined(parts: Sequence[tuple[Kind, list[str]]]) -> tuple[Words, ...]:
    return tuple(Words(kind=kind, text=" ".join(words)) for kind, words in parts if words)
