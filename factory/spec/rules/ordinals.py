"""`contradiction` within a spec, by counting: at most 30 permits, and the 26th is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factory.spec.finding import Finding
from factory.spec.language.bounds import REFUSED
from factory.spec.language.measures import Measure, measures, singular
from factory.spec.language.subjects import content
from factory.spec.language.word_list import word_set
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

# `Second` is a unit of time, and "the first is refused" bounds nothing.
_ORDINALS = {
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_ENDINGS = frozenset(("st", "nd", "rd", "th"))
_ANY = _ENDINGS | _ORDINALS.keys()
_AT_MOST = (["at", "most"], ["up", "to"], ["more", "than"])
_REFUSING = REFUSED | word_set("429 full refuse deny denies closed")


def ordinals(said: Sequence[Spoken], _: Surroundings) -> Iterator[Finding]:
    """One finding for each thing that is refused though so many are allowed, or one too late."""
    for one in said:
        words = one.sentence.words
        if not one.requirement or _ANY.isdisjoint(words) or _REFUSING.isdisjoint(words):
            continue
        for at, count, noun in _counted(words):
            bounds = list(_bounds(said, one, noun))
            if bounds and all(bound.value != count - 1 for _, bound in bounds):
                where, bound = bounds[0]
                yield one.finding(
                    "contradiction", at,
                    f"{where.requirement} says otherwise: {where.written(bound.at, bound.end)!r}",
                    "make both say the same, or say which of them holds when",
                )  # fmt: skip
                break


def _counted(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(place, number, noun) of each `26th permit`."""
    for at in range(len(words) - 1):
        if words[at] in _ENDINGS and at and words[at - 1].isdecimal() and len(words[at - 1]) < 7:
            yield at - 1, int(words[at - 1]), singular(words[at + 1])
        elif words[at] in _ORDINALS:
            yield at, _ORDINALS[words[at]], singular(words[at + 1])


def _bounds(said: Sequence[Spoken], one: Spoken, noun: str) -> Iterator[tuple[Spoken, Measure]]:
    """Each requirement that says how many of them there may be, of what this one is about too."""
    mine = content(one.sentence, 0, len(one.sentence)) - {noun}
    for other in said:
        words = other.sentence.words
        if not other.requirement or other.section.name == "Evaluation" or other is one:
            continue
        for found in measures(other.sentence) if noun in map(singular, words) else ():
            bounds = found.dimension == noun and words[max(0, found.at - 2) : found.at] in _AT_MOST
            if bounds and mine & content(other.sentence, 0, len(words)):
                yield other, found
