"""Numbers in an answer, with their units, so that `1,500 ms` and `1.5 seconds` are one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

_NAMES: tuple[tuple[str, str, str], ...] = (
    ("ms msec millisecond milliseconds", "s", "0.001"),
    ("s sec secs second seconds", "s", "1"),
    ("min mins minute minutes", "s", "60"),
    ("h hr hrs hour hours", "s", "3600"),
    ("d day days", "s", "86400"),
    ("week weeks", "s", "604800"),
    ("byte bytes", "byte", "1"),
    ("kb kilobyte kilobytes", "byte", "1000"),
    ("kib kibibyte kibibytes", "byte", "1024"),
    ("mb megabyte megabytes", "byte", "1000000"),
    ("mib mebibyte mebibytes", "byte", "1048576"),
    ("gb gigabyte gigabytes", "byte", "1000000000"),
    ("gib gibibyte gibibytes", "byte", "1073741824"),
    ("% percent", "%", "1"),
    ("$ usd dollar dollars", "usd", "1"),
    ("€ eur euro euros", "eur", "1"),
)
UNITS: Mapping[str, tuple[str, Decimal]] = {
    name: (unit, Decimal(factor)) for names, unit, factor in _NAMES for name in names.split()
}
_WORDS = {
    word: str(number)
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    )
}
_NUMBER = re.compile(r"([$€])?(\d{1,30}(?:\.\d{1,30})?)(%|[a-z]+)?")


@dataclass(frozen=True)
class Quantity:
    """`value` in the base unit; `raw` as written; `unit` is "" where none is known."""

    value: Decimal
    raw: Decimal
    unit: str

    def fits(self, other: Quantity) -> bool:
        """Whether both are the same amount; where one has no unit, the same number."""
        if self.unit and other.unit:
            return (self.value, self.unit) == (other.value, other.unit)
        return self.raw == other.raw


def quantities(words: Iterable[str]) -> Iterator[Quantity | str]:
    """The words of an answer, in lower case, with each number and its unit made a Quantity."""
    waiting = list(words)
    at = 0
    while at < len(waiting):
        word = waiting[at]
        following = waiting[at + 1] if at + 1 < len(waiting) else ""
        at += 1
        # "One" is a number only before a unit: "the one that".
        if word in _WORDS and (word != "one" or following in UNITS):
            word = _WORDS[word]
        found = _NUMBER.fullmatch(word)
        if not found or (found[3] and found[3] not in UNITS):
            yield word
            continue
        name = found[1] or found[3] or ""
        if not name and following in UNITS:
            name = following
            at += 1
        unit, factor = UNITS.get(name, ("", Decimal(1)))
        raw = Decimal(found[2])
        yield Quantity((raw * factor).normalize(), raw.normalize(), unit)
