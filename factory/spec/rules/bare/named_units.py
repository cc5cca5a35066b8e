"""Where the unit of a bare number stands elsewhere: before it, or in what is counted."""

from __future__ import annotations

import re
from functools import lru_cache

from factory.spec.language.late import late
from factory.spec.language.measures import Measure, measures
from factory.spec.language.prose import LITERAL
from factory.spec.language.word_list import word_set
from factory.spec.rules.bare.number import Bare
from factory.spec.spoken import Spoken


def has_told(one: Spoken, found: Measure) -> bool:
    """Whether the sentence says the same number with its unit before: `18 minutes … at 18`."""
    return any(
        other.dimension
        and other.at < found.at
        and one.sentence.words[other.at] == one.sentence.words[found.at]
        for other in measures(one.sentence)
    )


def names_the_unit(one: Spoken) -> bool:
    """Whether its passage says in what all is: `the price in euros, 2.00 to 950.00`."""
    return _names_in(one.passage.raw)


@lru_cache(maxsize=16)
def _names_in(raw: str) -> bool:
    """Once for a passage, which may hold thousands of bare numbers."""
    return _IN_UNITS.search(raw) is not None


_IN_UNITS = late(
    r"\bin (?:euros?|dollars?|pounds?|francs?|EUR|USD|GBP|CHF|grams?|kilograms?|kg|met(?:re|er)s?|"
    r"centimet(?:re|er)s?|cm|mm|km|seconds?|minutes?|hours?|days?|percent|degrees|celsius)\b"
    r"[^.;:]{0,40}\d|\b(?:no|without an?|has no) unit\b|\bdimensionless\b"
    r"|\bcounts? the \w+|\d in (?:°|euros?|EUR|USD|GBP|CHF|percent|per cent|degrees)",
    re.IGNORECASE,
)


def is_of_a_named_measure(here: Bare) -> bool | None:
    """`` `ttl`, a whole number from 1 to 900``: the name of a time, and nowhere in what."""
    words = here.words[: here.at]
    if here.lead[-1:] not in _UP_TO or not here.ends or LITERAL not in words:
        return None
    name = here.one.sentence.literal(words.index(LITERAL)).partition(" ")[0]  # `--wait N`
    if _PARTS.split(name.lower())[-1] not in _MEASURES:
        return None
    return None if name in _told_in_units(here.one.document.text) else True


_UP_TO = (["to"], ["and"], ["most"], ["least"], ["above"], ["below"])
_PARTS = late(r"[^a-z]+")
_MEASURES = word_set(
    """
    ttl timeout delay interval duration wait period lifetime expiry latency distance radius width
    height weight temperature pressure speed
    """
)


@lru_cache(maxsize=2)
def _told_in_units(text: str) -> frozenset[str]:
    """The names in code on lines that speak of a unit: once for a document, which may hold
    thousands of names."""
    lines = filter(_UNIT.search, text.split("\n"))
    return frozenset(name for line in lines for name in _NAME.findall(line))


_NAME = late(r"`([^`\s]{1,80})[^`\n]{0,80}`")
_UNIT = late(
    r"\b(?:(?:milli)?seconds?|minutes?|hours?|days?|ms|[ck]?m|mm|(?:kilo|centi|milli)?met(?:re|er)s?|"
    r"inch(?:es)?|feet|miles?|kg|(?:kilo)?grams?|tonnes?|pixels?|px|degrees?|kelvin|percent|bar|"
    r"h?pa|km/h|\d ?s)\b|%|°",
    re.IGNORECASE,
)
