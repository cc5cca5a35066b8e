"""Numbers with what they measure: `200 ms`, `1 to 64 characters`, `95 %`, `20 clients`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from factory.spec.language.prose import Sentence
from factory.spec.language.verbs import HAPPENS, OTHER
from factory.spec.language.word_list import word_set

_SECONDS = 1000.0
_TIME = {
    "ms": 1.0, "msec": 1.0, "millisecond": 1.0, "µs": 0.001, "us": 0.001, "microsecond": 0.001,
    "s": _SECONDS, "sec": _SECONDS, "second": _SECONDS, "min": 60 * _SECONDS,
    "minute": 60 * _SECONDS, "h": 3600 * _SECONDS, "hr": 3600 * _SECONDS,
    "hour": 3600 * _SECONDS, "day": 86400 * _SECONDS, "week": 7 * 86400 * _SECONDS,
    "month": 30 * 86400 * _SECONDS, "year": 365 * 86400 * _SECONDS,
}  # fmt: skip
_BYTES = {
    "b": 1.0, "byte": 1.0, "kb": 1e3, "kilobyte": 1e3, "kib": 1024.0, "mb": 1e6, "megabyte": 1e6,
    "mib": 1024.0**2, "gb": 1e9, "gigabyte": 1e9, "gib": 1024.0**3, "tb": 1e12, "terabyte": 1e12,
    "tib": 1024.0**4,
}  # fmt: skip
_MONEY = {"usd", "eur", "gbp", "chf", "jpy", "dollar", "euro", "cent", "pound", "franc", "yen"}
_OTHER_UNITS = {
    "percent", "px", "pixel", "mm", "cm", "m", "km", "metre", "meter", "mile", "inch", "kg", "g",
    "mg", "gram", "kilogram", "ml", "l", "litre", "liter", "hz", "khz", "mhz", "ghz", "mbit",
    "kbit", "bit", "dpi", "fps", "degree", "celsius", "kwh", "kw", "w", "watt", "volt", "v", "a",
    "bar", "hpa", "lux", "db", "ppm", "pt", "em", "rem", "mol",
}  # fmt: skip

NUMBER_WORDS = {
    "zero": 0.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0,
    "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0, "twelve": 12.0,
    "fifteen": 15.0, "twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0,
    "ninety": 90.0, "hundred": 100.0, "thousand": 1000.0,
}  # fmt: skip
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*\Z")

# After a number these are no noun: the number stands alone.
NOT_A_UNIT = word_set(
    """
    and or nor but in on at for from to by with without when then than that which who if is are
    was were be been has have had the a an it its this these those as of while until unless after
    before because so via into within during else not no does do must can may will shall should
    otherwise inclusive exclusive both also only again over under above below per answers answer
    returns return gets get receives shows show fails fail there they we he she i you each every
    since where given between ahead away apart around beside along across
    """
)


# A noun may be a verb, too; these are hardly ever what is counted.
_NO_NOUNS = (
    NOT_A_UNIT
    | OTHER
    | HAPPENS
    | word_set("long wide high tall deep old late early costs pays weighs")
)
# What may stand between two numbers that share a unit.
_BETWEEN = word_set(
    """
    to and or in - – through , more less fewer above over below under longer shorter larger
    smaller higher lower greater older heavier lighter than at most least up between by x × + ±
    after before within
    """
)


class Measure(msgspec.Struct, frozen=True):
    """A number at the word `at`, up to `end`: its value and its dimension, "" without a unit.

    Time is in milliseconds, size in bytes; other dimensions are the unit's own word.
    """

    at: int
    end: int
    value: float
    dimension: str


CURRENCIES = frozenset("€$£")


def number(word: str) -> float | None:
    """The value of a word that is a number, in digits or letters; else None."""
    if word.isdecimal():
        return float(word)
    if word in NUMBER_WORDS:
        return NUMBER_WORDS[word]
    if not _NUMBER.match(word):
        return None
    return float(word.replace(",", "")) if re.fullmatch(r"\d+(?:,\d{3})*(?:\.\d+)?", word) else None


def measures(sentence: Sentence) -> list[Measure]:
    """Every number of a sentence, with its unit; of `1 to 64 characters` both have it."""
    if sentence.measured is None:
        sentence.measured = list(_measures(sentence))
    return sentence.measured


_IN_LETTERS = NUMBER_WORDS.keys()


_PAST_DIGITS = chr(ord("9") + 1)
"""What begins with a digit is less, and no less than 0."""


def _measures(sentence: Sentence) -> Iterator[Measure]:
    words = sentence.words
    if not sentence.has_digits and _IN_LETTERS.isdisjoint(words):
        return
    for at, word in enumerate(words):
        if "0" <= word < _PAST_DIGITS or word in NUMBER_WORDS:
            one = _measure(words, at)
            if one is not None:
                yield one


def _measure(words: list[str], at: int) -> Measure | None:
    value = number(words[at])
    if value is None:
        return None
    if at and words[at - 1] in CURRENCIES:
        return Measure(at, at + 1, value, "money")
    if words[at - 1 : at] == ["for"] and words[at + 1 : at + 2] == ["after"]:
        return Measure(at, at + 1, value, "")  # `For 15 after three wrong codes`
    end, dimension, factor = _unit(words, at + 1)
    if not dimension and words[at - 1 : at] in _AT_MOST and _is_counted(words[at + 1 : at + 3]):
        end, dimension = at + 2, singular(words[at + 1])
    return Measure(at, end, value * factor, dimension)


_AT_MOST = (["most"], ["least"], ["exactly"], ["only"])


def _is_counted(behind: list[str]) -> bool:
    """Whether what may be a verb is counted behind a bound: `at most 3 passes in a month`."""
    return len(behind) > 1 and is_plural(behind[0]) and behind[1] in _BEHIND_COUNTED


_BEHIND_COUNTED = frozenset(("in", "per", "a", "each", "of", "within", "for", "at", "."))


def _units() -> dict[str, tuple[str, float]]:
    """Each unit as it is written, in the singular and the plural: its dimension and factor."""
    found: dict[str, tuple[str, float]] = dict.fromkeys(("%", "per-cent"), ("percent", 1.0))
    found |= dict.fromkeys(CURRENCIES, ("money", 1.0))
    found["°"] = ("degree", 1.0)
    known = [(unit, "time", factor) for unit, factor in _TIME.items()]
    known += [(unit, "bytes", factor) for unit, factor in _BYTES.items()]
    known += [(unit, "money", 1.0) for unit in _MONEY]
    known += [(unit, unit, 1.0) for unit in _OTHER_UNITS]
    for unit, dimension, factor in known:
        found[unit] = (dimension, factor)
    for unit, dimension, factor in known:
        found.setdefault(f"{unit}s", (dimension, factor))
    found["inches"] = ("inch", 1.0)
    return found


_UNITS = _units()


def _unit(words: list[str], at: int) -> tuple[int, str, float]:
    """(one past the unit, dimension, factor) of what follows a number."""
    size = len(words)
    if at < size and words[at] in _BETWEEN:
        at = _past_range(words, at)
    if at >= size:
        return at, "", 1.0
    word = words[at]
    if word == "-" and at + 1 < size:
        at, word = at + 1, words[at + 1]
    if word == "per" and words[at + 1 : at + 2] == ["cent"]:
        return at + 2, "percent", 1.0
    known = _UNITS.get(word)
    if word == "a" and at + 1 < size and _is_noun(words[at + 1]):
        return at, "", 1.0  # No ampere: `0.60 a page`.
    if known:
        return at + 1, *known
    if not _is_noun(word) and not _is_a_noun_here(word, words[at + 1 : at + 2]):
        return at, "", 1.0
    # An adjective or two may stand before the noun: `3 failed sign-in attempts`.
    last = at
    while last + 1 < size and last - at < 2 and _is_noun(words[last + 1]):
        last += 1
    return last + 1, singular(words[last]), 1.0


def _is_a_noun_here(word: str, behind: list[str]) -> bool:
    """Whether what else is a verb is counted: `3 runs of a job`, `20 answers in 24 hours`."""
    return (word in _ALSO_NOUNS and behind in _BEHIND_NOUNS) or (
        word == "answers" and behind in _BEHIND_ANSWERS
    )


_ALSO_NOUNS = word_set("runs starts stops calls tries answers opens shows plays turns mails rings")
_BEHIND_NOUNS = (["of"], ["at"], ["per"], ["a"], ["each"])
_BEHIND_ANSWERS = (["in"], ["of"], ["per"], ["a"], ["within"], ["each"], ["other"], ["than"])


def _is_noun(word: str) -> bool:
    return word[0].isalpha() and word not in _NO_NOUNS


_LONGEST_LIST = 24  # Of numbers and what parts them.


# `After 15, up to 3 times`: another bound, with a unit of its own.
_ANEW = (["up"], ["at"], ["by"])


def _past_range(words: list[str], at: int) -> int:
    """Past `to 64`, `or more`, `, 100 or 150`, which stand between a number and its unit."""
    past = at
    for here in range(at, min(at + _LONGEST_LIST, len(words))):
        if number(words[here]) is not None:
            past = here + 1
        elif words[here] == "of" and words[here - 1] in ("and", "or"):
            continue  # `Passwords of 11 and of 129 characters`
        elif words[here] in ("then", "every") and past > at:
            continue  # `After 1, 5, 30 and then every 60 minutes`
        elif words[here] not in _BETWEEN or (
            words[here] == "," and words[here + 1 : here + 2] in _ANEW
        ):
            break
    if past == at and words[at : at + 1] == ["or"]:
        return at + 2 if words[at + 1 : at + 2] and words[at + 1] in _BETWEEN else at
    if words[past : past + 1] == ["or"] and words[past + 1 : past + 2]:
        return past + 2 if words[past + 1] in _BETWEEN else past
    return past


# Their ends are no plural.
_SINGULAR = word_set(
    """
    alias atlas canvas gas bias lens news series species sms gps always this
    """
)
_PLURALS = {f"{one}es": one for one in ("alias", "canvas", "gas", "bias", "lens")}


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """The singular of an English noun, near enough to compare two."""
    if len(word) < 4 or not word.endswith("s") or word in _SINGULAR:
        return word
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def is_plural(word: str) -> bool:
    """Whether a word is a noun's plural, as near as `singular` knows."""
    return singular(word) != word
