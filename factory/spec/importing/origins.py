"""The numbers that a source gives to its requirements, such as FR-003."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Only what is in use for requirements: "UTF-8: …" and "H2: …" begin with words, not numbers.
_PREFIX = (
    r"(?:FR|NFR|NF|REQ|RQ|SC|AC|EC|UC|US|UX|UI|BR|SR|TR|DR|PR|QR|CR|IR|SEC|PERF|CON|KPI|ANF|NFA|FA"
    r"|R|E|C|F)"
)
_ID = rf"{_PREFIX}(?:-[A-Z]{{2,8}})*-?\d{{1,4}}[a-z]?(?:\.\d{{1,3}})*"
_LEADING = re.compile(rf"\[?({_ID})\]?\s*(?:[:.)]|\s[-–—])\s+(?=\S)")
_AT_START = re.compile(rf"\[?({_ID})\b")
_ANYWHERE = re.compile(rf"(?<![\w-]){_ID}(?![\w-])")
_BARE = re.compile(_ID)


def split_origin(text: str) -> tuple[str, str]:
    """(number, the rest): "FR-003: System MUST …" is parted, and "" where there is no number.

    Where the number is not clearly apart from the words, the words keep it.
    """
    found = _LEADING.match(text)
    if found:
        return found[1], text[found.end() :]
    found = _AT_START.match(text)
    return (found[1], text) if found else ("", text)


def is_origin(text: str) -> bool:
    """Whether the text is such a number and nothing else."""
    return _BARE.fullmatch(text.strip("[] :.")) is not None


def mentions(text: str) -> Iterator[str]:
    """The numbers that stand in the text."""
    return (found[0] for found in _ANYWHERE.finditer(text))
