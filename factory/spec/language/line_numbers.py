"""The numbers that a line begins with, in the ways in which authors set them off from what it says.

`R1: …`, `R1, R2 – …`, `R1. …`, `**R1** …`, `(R1) …`, `for R1 to R3: …`, `R1 (what counts): …`.
"""

from __future__ import annotations

import re
from itertools import pairwise

from factory.requirement_id import PATTERN

OPENS, _CLOSES = r"[*_(\[`]*+", r"[*_)\]`]*+"
_JOINS = rf"{_CLOSES}\s*(?:,(?:\s*and\b)?|[;/+&]|and\b|to\b|[–—-])\s*{OPENS}"
# All of them or none: of `R1 – R2 hold` the dash sets nothing off.
IDS = rf"{PATTERN}\b(?>(?:{_JOINS}{PATTERN}\b)*)"
LEADS = r"(?i:for|covers?|covering|checks?|checking|tests?|proves?|verifies)\s+"
_TITLE = r"(?:\s*\((?!(?i:given)\b)[^()\n]{1,80}\))?"
# A mark of its own, what the numbers are wrapped in, or the step that an example begins with.
_SET_OFF = (
    r"(?:\s*[:–—]|\.(?=[\s*_]|\Z)|\s+-(?=\s)|(?<=[*_)\]])(?=\s)|(?=\W{0,9}(?i:given)\b)"
    r"|[ \t]*(?=\n|\Z))"
)  # fmt: skip
# `R3 The service …`: nothing but that a sentence begins.
_OR_A_SENTENCE = r"(?=\s+[A-Z“\"«`])"
_NUMBERS = rf"(?:\[[ xX]\]\s+)?(?:{LEADS})?{OPENS}({IDS}){_CLOSES}{_TITLE}"
BEGINS = re.compile(rf"\s*{_NUMBERS}(?:{_SET_OFF}|{_OR_A_SENTENCE})[*_]*\s*")
"""Group 1 is the numbers; what stands behind the match is what the line says."""
BEGINS_A_LINE = re.compile(rf"\n[ \t]*{_NUMBERS}{_SET_OFF}(?!\s*\Z)")
"""The same on a further line of a paragraph, which may as well be wrapped before `R3 The …`."""
ALONE = re.compile(rf"{OPENS}({IDS}){_CLOSES}[:.]?[*_]*")
_ID = re.compile(PATTERN)
_RANGE = re.compile(r"\W*(?:to|[–—-])\W*")
_LONGEST_RANGE = 50


def ids_in(numbers: str) -> tuple[str, ...]:
    """The ids of `R1, R2 and R4`, and of a range each: `R1 to R3`."""
    found = list(_ID.finditer(numbers))
    ids = [found[0][0]] if found else []
    for one, other in pairwise(found):
        first, last = int(one[0][1:]), int(other[0][1:])
        ranges = _RANGE.fullmatch(numbers, one.end(), other.start()) and one[0][0] == other[0][0]
        if ranges and first < last <= first + _LONGEST_RANGE:
            ids += [f"{one[0][0]}{number}" for number in range(first + 1, last)]
        ids.append(other[0])
    return tuple(ids)
