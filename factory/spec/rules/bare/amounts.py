"""Bare numbers that bound an amount of something: a sum, a price, a fraction, a length of text."""

from __future__ import annotations

from factory.spec.language.clauses import ARTICLES
from factory.spec.language.measures import is_plural, measures
from factory.spec.language.prose import LITERAL
from factory.spec.language.verbs import OTHER, VERBS
from factory.spec.language.word_list import word_set
from factory.spec.rules.bare.number import BOUNDING, COUNTED, Bare, is_counted

# What has no unit, even as a fraction.
UNITLESS = COUNTED - word_set(
    "level levels amount amounts total totals balance sum sums page pages line lines row rows"
) | word_set(
    """
    ph grade grades factor factors ratio ratios average mean median score scores rating ratings odds
    index indices coefficient multiple multiplier multiplied multiplies multiply divides divided
    times weight probability confidence correlation deviation similarity threshold gpa star stars
    point points exponent scale zoom chapter section figure rate rates share proportion unit
    """
)


def opens_a_sentence(here: Bare) -> bool | None:
    """`Above 2,400 in the tank the pump stops`: a bound on nobody knows what."""
    words, at = here.words, here.at
    behind = words[at + 1 : at + 5]
    if len(words[at]) > _DIGITS_OF_AN_AMOUNT or not COUNTED.isdisjoint(behind):
        return None  # `After 999999 the next number is 1.`
    lead = words[:at]
    if lead in _BEYOND:
        of_something = here.after in ARTICLES or behind[:2] in (["in", "the"], ["in", "a"])
        return True if of_something else None
    if lead == ["with", "more", "than"]:
        return True if here.after in ("in", "on", "inside", "at") else None
    return True if lead in _FROM_ON and here.after in ARTICLES else None


_BEYOND = (["above"], ["below"], ["over"], ["under"], ["beyond"])
_FROM_ON = (["after"], ["at", "more", "than"], ["at", "less", "than"])
_DIGITS_OF_AN_AMOUNT = 5


def is_a_difference(here: Bare) -> bool | None:
    """`Is louder by more than 6`."""
    by = here.first > 0 and here.words[here.first - 1] == "by" and not _MORE.isdisjoint(here.lead)
    return True if by and here.ends and _DIFFERING.isdisjoint(here.words) else None


_MORE = frozenset(("more", "less"))
_DIFFERING = COUNTED | word_set("outnumber outnumbers")


def is_a_sum(here: Bare) -> bool | None:
    """`Together at most 25` behind a count: of files, not in files."""
    if not (here.ends or here.after in (",", "in", "together", "altogether")):
        return None
    words, at = here.words, here.at
    before = words[here.first - 1 : here.first] in _IN_ALL
    behind = words[at + 1 : at + 2] in _IN_ALL or words[at + 1 : at + 3] in _IN_TOTAL
    counted = not COUNTED.isdisjoint(here.near(8))
    bounded = (before or behind) and not BOUNDING.isdisjoint(here.lead) and not counted
    # `Of at most 20 MB each and at most 15 in total`: so many of them.
    sized = any(one.dimension in _SIZES and one.at < at for one in measures(here.one.sentence))
    # `Never stores more than 200 in total`, of nothing that is counted.
    filled = behind and here.noun in _FILLING and not any(map(is_counted, here.near(8)[:-1]))
    return True if (bounded or filled) and not sized else None


_SIZES = frozenset(("bytes", "time", "money"))
_FILLING = word_set("store stores hold holds keep keeps cache caches carry carries load loads")


# Beside these a bound is of something else than the count before it: `1 to 5 photos, together …`.
_IN_ALL = (["together"], ["altogether"], ["combined"], ["total"], ["all"], ["sum"], ["jointly"])
_IN_TOTAL = (["in", "total"], ["in", "all"], ["in", "sum"])


def is_a_fraction(here: Bare) -> bool | None:
    """`By more than 0.8`: nobody counts in fractions. Behind a name in capitals it is a value."""
    if not _is_fraction(here):
        return None
    names = here.one.sentence.texts[: here.at] if here.lead else ()
    return not any(text.isupper() and len(text) > 1 for text in names)


def _is_fraction(here: Bare) -> bool:
    words, at = here.words, here.at
    if words[at].count(".") != 1:
        return False
    if not (here.ends or here.after in (",", "or", "for") or here.after in VERBS):
        return False
    if words.count(words[at]) > 1 and not _ADDING.isdisjoint(words):
        return False  # `100.00 CHF …, the parts add up to 100.00`
    bounds = not _COMPARING_BY.isdisjoint(here.lead) or words[at - 1 : at] in _AT_WHICH
    return bounds and UNITLESS.isdisjoint(here.near(8))


_AT_WHICH = (["by"], ["pays"], ["costs"])
_ADDING = word_set("add adds sum sums makes make equals equal")
_COMPARING_BY = word_set(
    "more less least most under over above below up exceeds exceed between within than"
)


def is_paid(here: Bare) -> bool | None:
    """`Pays 9 for each hour`, `costs 5 per page`."""
    paid = here.at and here.words[here.at - 1] in ("pays", "pay", "costs", "cost")
    return True if paid and here.after in ("for", "a", "an", "per", "each", "every") else None


def is_priced(here: Bare) -> bool | None:
    """`Costs at most 5`, `the fee is 12`."""
    if here.after == "from":
        return None  # `Takes up to 500 from the queue`
    priced = here.noun in _PRICED and set(here.lead) <= _LINKING
    return True if priced or here.noun in _MEASURED_VERBS else None


_PRICED = word_set("price fee fine rent deposit cost fare tariff salary wage")
_LINKING = word_set("the a is are be in for reaches reach")
_MEASURED_VERBS = word_set(
    "takes take lasts last weighs weigh costs cost measures measure needs"
)  # fmt: skip


def ends_bounded(here: Bare) -> bool | None:
    """`At most 330` ends what is said, of nothing that is counted."""
    words, at = here.words, here.at
    verb = here.after in OTHER and words[at + 2 : at + 3] not in (
        [],
        ["."],
    )  # Not `at most 6 holds.`
    if not (here.after in ("", ".", ",", ";", ")") or verb) or BOUNDING.isdisjoint(here.lead):
        return None
    if not COUNTED.isdisjoint(words) or LITERAL in words or here.one.block.kind == "row":
        return None
    measured = here.one.section.name in ("Constraints", "Targets")
    if measured and here.first and is_counted(words[1]):
        return None  # `The tickets of one hour never exceed 60.`
    return True if measured or not any(map(is_counted, words[: here.first])) else None


def is_of_a_store(here: Bare) -> bool | None:
    """`Stays below 700 of memory`: what is measured in bytes."""
    of_a_store = here.after == "of" and here.words[here.at + 2 : here.at + 3] in _STORES
    return True if of_a_store else None


_STORES = (["memory"], ["disk"], ["storage"], ["ram"], ["heap"], ["bandwidth"])


def ends_bounded_behind(here: Bare) -> bool | None:
    """`Each pause takes twice as long, and 30 at most`."""
    bounded = here.words[here.at + 1 : here.at + 3] in _BEHIND
    ends = here.words[here.at + 3 : here.at + 4] in ([], ["."], [","], [";"])
    if not bounded or not ends or not COUNTED.isdisjoint(here.words) or LITERAL in here.words:
        return None
    return None if any(map(is_counted, here.words[: here.at])) else True


_BEHIND = (["at", "most"], ["at", "least"])


def is_of_a_measured_noun(here: Bare) -> bool | None:
    """`A timeout of 30`, `files larger than 10`."""
    if here.noun not in _MEASURED_NOUNS or set(here.lead) <= _LINKING:
        return None
    # "The first time is set to 30", after it was told that it is 40 minutes.
    told = [one for one in measures(here.one.sentence) if one.dimension and one.at < here.at]
    # `Each started 153 GSM characters of a text of 161 or more`
    counted = any(one.dimension in _OF_TEXTS for one in told)
    return not (counted or ("set" in here.lead and told))


def is_of_a_stretch_of_time(here: Bare) -> bool | None:
    """`A timeout of 30`: what can only be a time."""
    return is_of_a_measured_noun(here) if here.noun in _STRETCHES else None


_STRETCHES = word_set(
    """
    duration latency delay delays timeout timeouts interval intervals period lifetime pause lease
    retention
    """
)
_OF_TEXTS = frozenset(("character", "letter", "digit", "word", "line"))
_MEASURED_NOUNS = word_set(
    """
    size sizes length lengths weight height width distance duration latency delay delays timeout
    timeouts interval intervals period lifetime temperature cost costs budget memory disk storage
    bandwidth speed file files payload payloads body upload uploads image images photo photos
    attachment attachments video videos document documents export exports title titles name names
    text texts password passwords description descriptions comment comments note notes message
    messages alias aliases username usernames nickname label labels wait waits lasts last expires
    expire response time pause lease session sessions
    retention token tokens cache
    """
)


def is_related(here: Bare) -> bool | None:
    """`30 apart`, `2 wide`; not of what is counted, as `12 late check-outs` are."""
    if here.after not in _RELATING or any(map(is_plural, here.words[here.at + 2 : here.at + 4])):
        return None
    return None if "nested" in here.near(4) else True  # `Nested at most 100 deep`: levels.


_RELATING = word_set("between apart ahead away long wide tall deep old earlier later early late")
