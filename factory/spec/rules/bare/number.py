"""A number without a unit, and the words around it that several cases look at."""

from __future__ import annotations

from typing import NamedTuple

from factory.spec.language.measures import is_plural
from factory.spec.language.verbs import OTHER
from factory.spec.language.word_list import word_set
from factory.spec.spoken import Spoken

COMPARING = word_set(
    """
    at most least more less fewer than under over above below up to exceed exceeds exceeding no not
    maximum minimum max min of limit limited is are be set about around approximately a the defaults
    default larger bigger smaller longer shorter greater older newer faster slower heavier lighter
    wider taller higher lower warmer colder hotter cooler brighter darker louder quieter deeper
    shallower thicker thinner between from every within after for in only last reach reaches reached
    """
)
BOUNDING = word_set("up most least under over above below exceed exceeds exceeding")
BOUNDS_SIZE = word_set(
    "up most least under over above below exceed exceeds exceeding more less between from"
)
# What is a number by itself.
COUNTED = word_set(
    """
    number numbers integer integers count counts quantity quantities score scores rating ratings
    ratio ratios port ports page pages version versions percent factor index position level levels
    grade grades step rank priority value values amount amounts total totals balance sum sums result
    results id ids status code codes line lines row rows column columns year seats stock age ages
    digit digits
    """
)


class Bare(NamedTuple):
    """The word `at` of a sentence, a number without a unit.

    `lead`: the words that compare it, from `first` up to it (`at most`); `before`: the four before
    those, `noun` the last of them that is a word, or ""; `after`: the word behind it, or "".
    """

    one: Spoken
    words: list[str]
    at: int
    first: int
    lead: list[str]
    before: list[str]
    noun: str
    after: str

    @property
    def dashed(self) -> bool:
        """Whether a dash stands before it: `2 - 5`, `well-known - 4`."""
        return self.first + len(self.lead) < self.at

    @property
    def ends(self) -> bool:
        """Whether nothing follows it that could be its unit."""
        return self.after in _ENDS or self.after in OTHER

    def near(self, count: int) -> list[str]:
        """So many words before those that compare it, at most."""
        return self.words[max(0, self.first - count) : self.first]


def bare(one: Spoken, at: int) -> Bare:
    """The number at the word `at` of a sentence, with the words around it."""
    words = one.sentence.words
    first = last = at - 1 if words[at - 1 : at] == ["-"] and words[at - 2 : at - 1] else at
    while first > 0 and words[first - 1] in COMPARING:
        first -= 1
    before = [word for word in words[max(0, first - 4) : first] if word[0].isalpha()]
    after = words[at + 1] if at + 1 < len(words) else ""
    noun = before[-1] if before else ""
    return Bare(one, words, at, first, words[first:last], before, noun, after)


_ENDS = frozenset(("", ".", ";", "and", "then", "before", "unless", "until"))


def is_counted(word: str) -> bool:
    """Whether a word may be the noun of a count: a plural, and no verb."""
    return is_plural(word) and word not in _NEVER_COUNTED


_NEVER_COUNTED = word_set(
    """
    rises falls drops sinks climbs starts stops begins goes becomes stays keeps gets makes gives
    exceeds reaches takes holds appears turns shuts opens closes flashes blinks rings sounds warns
    waits runs lights locks unlocks shows lowers raises
    """
)
