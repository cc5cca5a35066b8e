"""Bare numbers that need no unit: counts, ages, ratios, dates, what a message says."""

from __future__ import annotations

import re

from factory.spec.language.calendar import MONTHS
from factory.spec.language.late import late
from factory.spec.language.measures import measures, singular
from factory.spec.language.prose import LITERAL
from factory.spec.language.word_list import word_set
from factory.spec.rules.bare.number import BOUNDS_SIZE, COUNTED, Bare, is_counted
from factory.spec.rules.names import is_spoken_of


def is_of_a_range(here: Bare) -> bool | None:
    """`2 - 5`, `well-known - 4`: unless the words before the dash bound a size."""
    return False if here.dashed and BOUNDS_SIZE.isdisjoint(here.lead) else None


def is_one_of_several(here: Bare) -> bool | None:
    """`Files 1 to 6`, `month 00 or above 12`."""
    first = here.words[here.at - 3 : here.at]
    labels = len(first) == 3 and first[1].isdecimal() and first[2] in ("to", "and", "or")
    before = here.words[here.first - 3 : here.first]
    if here.after == "of" and here.words[here.at + 2 : here.at + 3] in _OF_THEM:
        return False  # `The last 60 of them`
    return False if (labels and is_counted(first[0])) or before[1:] == ["00", "or"] else None


_OF_THEM = (["them"], ["these"], ["those"], ["its"], ["their"], ["the"])


def is_a_status(here: Bare) -> bool | None:
    """`After 503`, where the passage speaks of statuses, or the spec of this one."""
    word = here.words[here.at]
    if len(word) != 3 or not word.isdecimal() or word[0] not in "12345":
        return None
    told = "status " in here.one.passage.raw.lower() or is_spoken_of(
        (f"status {word}", f"answers {word}", f"gets {word}", f"sends {word}"),
        here.one.document.text,
    )
    return False if told else None


def is_an_age(here: Bare) -> bool | None:
    """`A climber under 14`."""
    words, first = here.words, here.first
    whose = words[first - 2] if first > 1 and words[first - 1] == "(" else words[first - 1]
    young = here.lead in (["under"], ["over"]) and first
    return False if young and _is_person(whose) else None


def is_a_share(here: Bare) -> bool | None:
    """`Below 0.90, a clerk looks`: of what was told before, from 0 to 1."""
    return False if here.first == 0 and here.words[here.at].startswith("0.") else None


def is_where_counting_begins(here: Bare) -> bool | None:
    """`The number of the message from 1, a tab, and its text`."""
    begins = here.lead[-1:] == ["from"] and here.words[here.at] in _FIRST_NUMBERS
    return False if begins and here.after in (",", ".", "", "on", ")") else None


_FIRST_NUMBERS = frozenset("0123")


def is_a_name(here: Bare) -> bool | None:
    """`She hears 42 and no longer 41`: the sentence calls others by their number, too."""
    others = [word for word in here.words if word.isdecimal() and len(word) > 1]
    called = here.one.section.name == "Evaluation" and len(others) > 1
    return False if called and here.words[here.at - 1] in ("longer", "hears", "sees") else None


def is_in_a_message(here: Bare) -> bool | None:
    """The message names it, with its unit: in the same sentence, or in the next."""
    return False if _is_quoted(here) else None


def is_of_a_field(here: Bare) -> bool | None:
    """A field of the author's own: its section says what it counts."""
    return False if here.first and here.words[here.first - 1] == LITERAL else None


def is_of_many(here: Bare) -> bool | None:
    """`Of 1,000 labels, at most 2 fail`."""
    of_many = here.words[0] == "of" and any(map(is_counted, here.words[1:4]))
    return False if of_many else None


def is_of_more(here: Bare) -> bool | None:
    """A time of day, a year, or part of a date, a ratio or another expression."""
    words, at = here.words, here.at
    before = words[at - 1] if at else ""
    if ":" in words[at] or here.after in _JOINING or before in _JOINING:
        return False
    if here.after in MONTHS or (words[at][0] == "0" and words[at].isdigit()):
        return False  # A date; an hour, as in `from 05 to 22`.
    ratio = here.after == "of" and at + 2 < len(words) and words[at + 2][0].isdigit()
    ratio = ratio or words[at + 1 : at + 3] == ["to", "1"]
    return False if ratio or (len(words[at]) == 4 and "14" < words[at][:2] < "21") else None


_JOINING = frozenset(("/", ":", "=", "+", "<", ">", "×", "o'clock", LITERAL))


def is_a_count(here: Bare) -> bool | None:
    """`A page number above 20`, `a score of at least 7`."""
    return False if COUNTED & {here.noun, *here.near(3)} else None


def is_a_digit(here: Bare) -> bool | None:
    """`With a last digit above 2 the reading ends in 2`."""
    digit = here.noun == "ends" and here.lead == ["in"] and not COUNTED.isdisjoint(here.words)
    return False if digit else None


def counts_the_same(here: Bare) -> bool | None:
    """`Plays 20 games, and the match ends after 10`."""
    if here.lead != ["after"]:
        return None
    found = [one for one in measures(here.one.sentence) if one.at < here.at]
    return False if any(one.dimension not in ("", "time") for one in found) else None


def _is_person(word: str) -> bool:
    """Whether a word is somebody, near enough: `child`, `climber`, `visitors`, `cyclist`."""
    return word in _PEOPLE or singular(word).endswith(("er", "or", "ist", "ian", "ant"))


_PEOPLE = word_set(
    """
    child children person persons people pupil pupils girl girls boy boys woman women man men kid
    kids guest guests adult adults patient patients student students everyone everybody anyone
    anybody somebody nobody those teenager teenagers
    """
)


def _is_quoted(here: Bare) -> bool:
    """Whether a message of the passage says the number again, in words of its own."""
    number = here.words[here.at]
    messages = [one for one in _MESSAGE.findall(here.one.passage.raw) if number in one]
    whole = re.compile(rf"(?<![\w.]){re.escape(number)}(?!\w)") if messages else None
    return whole is not None and any(
        whole.search(message) and any(map(str.isalpha, message)) for message in messages
    )


# From its left to its right mark: what stands between two messages is in neither.
_MESSAGE = late(r"\"[^\"]*\"|“[^”]*”|`[^`]*`")
