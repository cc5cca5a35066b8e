"""What forms of an English word end in."""

from __future__ import annotations

_ENDINGS = ("ing", "ed", "es", "s")
_FEWEST_LETTERS = 3


def without_ending(word: str) -> str:
    """A word in lower case without the ending of its form: `links`, `linked` and `linking` are one.

    Only near enough to compare words: `uses` becomes `use`, and `closes` becomes `clos`.
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _FEWEST_LETTERS:
            return word[: -len(ending)]
    return word
