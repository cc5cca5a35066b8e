"""What the gate remembers of a spec once it was read: little, whatever its length."""

from __future__ import annotations

import msgspec

from factory.spec.finding import Finding
from factory.spec.reach import Reach

AREA = "area "
"""Before the name of what a spec touches, where that is a part of its product."""


class Silence(msgspec.Struct, frozen=True, array_like=True):
    """One comment that allows a rule, where it stands, and the lines that it is about."""

    rule: str
    line: int
    column: int
    first: int
    last: int
    reason: str


LONGEST_WORDS = 120
"""Characters of what makes a claim that are remembered of it."""


class Told(msgspec.Struct, frozen=True, array_like=True):
    """One claim of an amount, with its place: see `factory.spec.language.claims`. `words`: those of
    its line, up to LONGEST_WORDS characters."""

    bound: str
    subject: str
    about: tuple[str, ...]
    dimension: str
    value: float
    line: int
    column: int
    words: str


class Wanted(msgspec.Struct, frozen=True, array_like=True):
    """One id in `depends-on`, or one label, with its place."""

    id: str
    line: int
    column: int


class Facts(msgspec.Struct, frozen=True, array_like=True):
    """`touches`: interfaces and, as their words, requirements, each with its line; last the area.

    `reach`: what it binds, unless it is a feature. `marks`: the labels that a feature carries, or
    that a binding spec names.
    """

    path: str
    id: str
    id_place: tuple[int, int]
    kind: str
    status: str
    product: str
    labels: tuple[str, ...]
    reach: Reach
    marks: tuple[Wanted, ...]
    depends_on: tuple[Wanted, ...]
    claims: tuple[Told, ...]
    touches: tuple[tuple[str, int], ...]
    silences: tuple[Silence, ...]


class Checked(msgspec.Struct, frozen=True):
    """What was found in one text by itself; `facts` is None for one that cannot be read."""

    findings: tuple[Finding, ...]
    facts: Facts | None
