"""`requirement-unknown`: prose that names a requirement which the spec does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from factory.requirement_id import PATTERN
from factory.spec.finding import Finding
from factory.spec.language.late import late
from factory.spec.language.prose import LITERAL
from factory.spec.language.word_list import word_set
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

_ID = late(PATTERN)
_LETTERS = frozenset("rec")
# Fuel is called E10, a level C1: it is a requirement where the sentence says so.
_BEFORE = word_set(
    """
    in described stated told said as by see per rule rules requirement requirements case cases
    constraint constraints under unlike follows follow meets meet breaks break violates fulfils
    satisfies against overrides precedes outranks beats like
    """
)
_BEHIND = word_set(
    """
    says say asks forbids allows applies apply holds hold requires demands describes tells would
    does defines states names gives sets lists covers
    """
)
_ELSEWHERE = frozenset(("of", "in", "from"))


def references(said: Iterable[Spoken], _: Surroundings) -> Iterator[Finding]:
    """Ids in the text of a spec that none of its requirements has."""
    known: set[str] | None = None
    for one in said:
        words = one.sentence.words
        if not one.sentence.has_digits or _LETTERS.isdisjoint(words):
            continue
        if known is None:
            known = {requirement.id for requirement in one.document.requirements()}
        of_rules = any(name[0] == "R" for name in known)
        named = {at: name for at in range(len(words) - 1) if (name := _id(one, at))}
        for at, name in named.items():
            if name in known:
                continue
            # Little else is called R7, but for a version: `HL7 FHIR R4`.
            rule = name[0] == "R" and of_rules and not _is_a_version(one, at)
            if not (rule or _is_meant(words, at) or not known.isdisjoint(named.values())):
                continue
            if _is_of_another_spec(words, at) or f"`{name}" in one.document.text:
                continue
            yield one.finding(
                "requirement-unknown", at, f"names {name}, which the spec does not have",
                "name a requirement of this spec, or `R1 of` another spec's id",
            )  # fmt: skip


def _id(one: Spoken, at: int) -> str:
    """The id at a word, as in `R9`, or ""."""
    words = one.sentence.words
    if words[at] not in _LETTERS or not words[at + 1].isdecimal():
        return ""
    written = one.written(at, at + 2)
    if not _ID.fullmatch(written):
        return ""
    begins, ends = one.sentence.offset(at), one.sentence.end(at + 1)
    around = one.passage.raw[max(0, begins - 1) : begins] + one.passage.raw[ends : ends + 1]
    return "" if any(map(str.isalnum, around)) else written  # 2E9E3F is a colour.


def _is_meant(words: list[str], at: int) -> bool:
    before = words[max(0, at - 2) : at]
    return (
        before[-1:] in _NAMING
        or (before[-1:] == ["to"] and before[0] in _WITH_TO)
        or (before[-1:] == ["of"] and (before[0] in _OF or words[at] == "r"))
        or words[at + 2 : at + 3] in _VERBS
        or (words[at] == "r" and words[at + 2 : at + 3] == ["then"])
    )


def _is_a_version(one: Spoken, at: int) -> bool:
    return at > 0 and one.sentence.text(at - 1).isupper()


_WITH_TO = word_set("exception addition contrary contrast according reference due thanks subject")
_VERBS = [[one] for one in sorted(_BEHIND)]
_NAMING = [[one] for one in sorted(_BEFORE)]
_OF = word_set("case terms meaning sense text exception exceptions limits bounds answer")


def _is_of_another_spec(words: list[str], at: int) -> bool:
    """`R2 of `invoice-list``, `R1 and R2 of …`, or `` `invoice-list` R2 ``."""
    behind = words[at + 2 : at + 10]
    return words[max(0, at - 2) : at].count(LITERAL) > 0 or any(
        word in _ELSEWHERE and after == LITERAL for word, after in pairwise(behind)
    )
