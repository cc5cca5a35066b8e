"""`contradiction` within a spec, by counting: at most 30 permits, and the 26th is refused."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from factory.spec.finding import Finding
from factory.spec.language.bounds import REFUSED
from factory.spec.language.claims import is_welcome
from factory.spec.language.late import late
from factory.spec.language.measures import Measure, measures, singular
from factory.spec.language.prose import LITERAL
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
_COMPARED = 20
_UNITS = frozenset(("", "time", "bytes", "money", "percent"))  # `The ninth time` is no time.
_AT_MOST = (["at", "most"], ["up", "to"], ["more", "than"])
_REFUSING = REFUSED | word_set("429 full refuse deny denies closed")


def ordinals(said: Sequence[Spoken], _: Surroundings) -> Iterator[Finding]:
    """One finding for each thing that is refused though so many are allowed, or the other way."""
    known: dict[str, list[_Limit]] | None = None
    for one in said:
        words = one.sentence.words
        if not one.requirement or _ANY.isdisjoint(words):
            continue
        refused = _is_refused(one)
        if not refused and not is_welcome(words):
            continue
        known = _limits(said) if known is None else known
        mine = content(one.sentence, 0, len(words))
        for at, count, noun in _counted(words):
            others = known.get(noun, [])
            others = [limit for limit in others if limit.one is not one]
            same = [limit for limit in others if len(others) == 1 or mine & limit.about]
            wrong = [
                limit.measure.value != count - 1 if refused else limit.measure.value < count
                for limit in same
            ]
            if wrong and all(wrong):
                where, bound = same[0].one, same[0].measure
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


def _is_refused(one: Spoken) -> bool:
    """Whether somebody is refused: by a word, or by what a message says."""
    words = one.sentence.words
    if not _REFUSING.isdisjoint(words):
        return True
    said = [one.sentence.literal(at) for at, word in enumerate(words) if word == LITERAL]
    return any(_SAYS_NO.search(message) for message in said)


_SAYS_NO = late(r"\b(?:enough|too many|no more|full|limit|maximum|at most|only)\b", re.IGNORECASE)


class _Limit(NamedTuple):
    """How many of something a requirement allows, and what it is about besides."""

    one: Spoken
    measure: Measure
    about: frozenset[str]


def _limits(said: Sequence[Spoken]) -> dict[str, list[_Limit]]:
    """Each `at most 30 permits` of a requirement, by what is counted, once for a whole spec."""
    found: dict[str, list[_Limit]] = defaultdict(list)
    for one in said:
        words = one.sentence.words
        if not one.requirement or one.section.name == "Evaluation":
            continue
        for measure in measures(one.sentence):
            noun = measure.dimension
            bounds = noun not in _UNITS and words[max(0, measure.at - 2) : measure.at] in _AT_MOST
            if bounds and len(found[noun]) < _COMPARED:
                about = content(one.sentence, 0, len(words)) - {noun}
                found[noun].append(_Limit(one, measure, frozenset(about)))
    return found
