"""Where the unit of a bare number stands elsewhere: before it, or in what is counted."""

from __future__ import annotations

import re
from functools import lru_cache

from factory.spec.language.late import late
from factory.spec.language.measures import Measure, measures
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
