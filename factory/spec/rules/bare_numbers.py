"""How the words around a bare number tell that its unit is missing, or that it needs none."""

from __future__ import annotations

from factory.spec.language.calendar import MONTHS
from factory.spec.language.measures import is_plural
from factory.spec.language.prose import LITERAL
from factory.spec.language.verbs import ACTS, HAPPENS, OTHER
from factory.spec.language.word_list import word_set

COUNTED = word_set(
    """
    number numbers integer integers count counts quantity quantities score scores rating ratings
    ratio ratios port ports page pages version versions percent factor index position level levels
    grade grades step rank priority value values amount amounts total totals balance sum sums result
    results id ids status code codes line lines row rows column columns year seats stock age ages
    digit digits
    """
)
BOUNDING = word_set(
    """
    up most least under over below above exceed exceeds exceeding
    """
)
BOUNDS_SIZE = word_set(
    "up most least under over above below exceed exceeds exceeding more less between from"
)
_VERBS = ACTS | HAPPENS | OTHER


def ends(after: str) -> bool:
    """Whether nothing follows a number that could be its unit."""
    return after in ("", ".", ";", "and", "then", "before", "unless", "until") or after in OTHER


# Beside these a bound is of something else than the count before it: `1 to 5 photos, together …`.
_IN_ALL = (["together"], ["altogether"], ["combined"], ["total"], ["all"], ["sum"], ["jointly"])
_IN_TOTAL = (["in", "total"], ["in", "all"], ["in", "sum"])


def is_a_sum(words: list[str], at: int, lead: list[str], after: str) -> bool:
    """Whether `together at most 25` ends what is said, after a count: of files, not in files."""
    if not (ends(after) or after in (",", "in", "together", "altogether")):
        return False
    first = at - len(lead)
    before = words[first - 1 : first] in _IN_ALL
    behind = words[at + 1 : at + 2] in _IN_ALL or words[at + 1 : at + 3] in _IN_TOTAL
    counted = not COUNTED.isdisjoint(words[max(0, first - 8) : first])
    return (before or behind) and not BOUNDING.isdisjoint(lead) and not counted


# What has no unit, even as a fraction.
_UNITLESS = COUNTED - word_set(
    "level levels amount amounts total totals balance sum sums page pages line lines row rows"
) | word_set(
    """
    ph grade grades factor factors ratio ratios average mean median score scores rating ratings odds
    index indices coefficient multiple multiplier multiplied times weight probability confidence
    correlation deviation similarity threshold gpa star stars point points exponent scale zoom
    chapter section figure rate rates share proportion unit
    """
)
_ADDING = word_set("add adds sum sums makes make equals equal")
_COMPARING_BY = word_set(
    "more less least most under over above below up exceeds exceed between within than"
)


def is_fraction(words: list[str], at: int, first: int, lead: list[str], after: str) -> bool:
    """Whether `by more than 0.8` ends what is said: nobody counts in fractions."""
    fraction = "." in words[at] and words[at].count(".") == 1
    if not fraction or not (ends(after) or after in (",", "or", "for") or after in _VERBS):
        return False
    if words.count(words[at]) > 1 and not _ADDING.isdisjoint(words):
        return False  # `100.00 CHF …, the parts add up to 100.00`
    bounds = not _COMPARING_BY.isdisjoint(lead) or words[at - 1] in ("by", "pays", "costs")
    return bounds and _UNITLESS.isdisjoint(words[max(0, first - 8) : first])


_LEADS_BY = frozenset(("by", "to", "than", "most", "least", "about"))
_LATE = word_set("late overdue early ahead behind delayed off apart away")


def is_off(words: list[str], at: int, after: str) -> bool:
    """Whether `overdue by 15` or `up to 10 late` tells a time or a distance."""
    if after in _LATE:
        return not any(map(is_plural, words[at + 2 : at + 4]))
    by = "by" in (words[at - 1], *words[max(0, at - 3) : at - 2]) and words[at - 1] in _LEADS_BY
    by = by and not _LATE.isdisjoint(words[max(0, at - 7) : at])
    return by and (ends(after) or after in (",", "at"))


# What the world has and a sensor reads is never a bare number,
_PHYSICAL = word_set(
    """
    temperature pressure humidity voltage power speed weight distance height depth width thickness
    loudness gain pitch angle tilt slope gradient acceleration torque dose concentration density
    viscosity salinity turbidity conductivity wavelength luminance area perimeter pulse heartbeat
    mass payload consumption throughput latency delay duration brightness wind rainfall altitude
    water load flow noise volume radius diameter tension
    """
)
# and what goes up and down by degrees is no count, unless it is called one.
_MOVING = word_set(
    """
    rises rise drops drop falls fall sinks sink climbs climb
    """
)
_BY_DEGREES = frozenset(("level", "levels", "current"))


def is_physical(words: list[str], at: int, lead: list[str], after: str) -> bool:
    """Whether `drops below 16` is said of what has a unit: a temperature, a level that falls."""
    another = after == "or" and words[at + 2 : at + 3] and words[at + 2] in BOUNDS_SIZE
    last = ends(after) or after == "," or after in _VERBS or another
    if BOUNDS_SIZE.isdisjoint(lead) or not last:
        return False
    first = at - len(lead)
    before = words[max(0, first - 8) : first]
    moving = bool(before) and before[-1] in _MOVING and not _BY_DEGREES.isdisjoint(before)
    return moving or not _PHYSICAL.isdisjoint(before)


def is_bound_alone(words: list[str], at: int, lead: list[str], after: str) -> bool:
    """Whether `at most 330` ends what is said, of nothing that is counted."""
    verb = after in OTHER and words[at + 2 : at + 3] not in ([], ["."])  # Not `at most 6 holds.`
    last = after in ("", ".", ",", ";", ")") or verb
    return (
        last
        and not BOUNDING.isdisjoint(lead)
        and COUNTED.isdisjoint(words)
        and (LITERAL not in words)
    )


# Of these a number is a distance, and hardly ever a count.
_SPANNED = word_set(
    """
    gap margin border spacing offset padding indent indentation clearance width height depth
    thickness diameter radius wavelength altitude
    """
)


def is_span(words: list[str], at: int, after: str) -> bool:
    """Whether `a gap of 4 around it` is a distance without its unit."""
    spans = words[at - 1] == "of" and at > 1 and words[at - 2] in _SPANNED
    return spans and after not in ("to", "-", "–", "%", "°", "or", "and", "of")


def opens_bare(words: list[str], at: int, after: str) -> bool:
    """Whether a sentence begins with a bound on nobody knows what: `Above 2,400 in the tank`."""
    behind = words[at + 1 : at + 5]
    if len(words[at]) > _DIGITS_OF_AN_AMOUNT or not COUNTED.isdisjoint(behind):
        return False  # `After 999999 the next number is 1.`
    lead = words[:at]
    if lead in _BEYOND:
        return after in _THINGS or behind[:2] in (["in", "the"], ["in", "a"])
    if lead == ["with", "more", "than"]:
        return after in ("in", "on", "inside", "at")
    return lead in _FROM_ON and after in _THINGS


_BEYOND = (["above"], ["below"], ["over"], ["under"], ["beyond"])
_FROM_ON = (["after"], ["at", "more", "than"], ["at", "less", "than"])
_THINGS = frozenset(("the", "a", "an", "each", "every"))
_DIGITS_OF_AN_AMOUNT = 5


_AT = frozenset(("at", "above", "below", "beyond", "exceeding", "over", "under", "from"))
# Of these a number counts the members.
_GATHERED = word_set(
    """
    group team set batch pack package party table class family crowd list series bunch stack pile
    box crate order basket row queue deck block chunk stock crew choir band fleet herd pool capacity
    occupancy turnout attendance quorum majority membership word step age house flat floor room door
    """
)


def is_reading(words: list[str], at: int, after: str) -> bool:
    """Whether `at a gust of 20.` is what something measures: it is of one thing, not of many."""
    if at < 4 or words[at - 1] != "of" or not (ends(after) or after == ","):
        return False
    return (
        words[at - 3] in ("a", "an")
        and words[at - 4] in _AT
        and not is_plural(words[at - 2])
        and words[at - 2] not in _UNITLESS | COUNTED | _GATHERED
    )


_JOINING = frozenset(("/", ":", "=", "+", "<", ">", "×", "o'clock", LITERAL))


def is_part_of_more(words: list[str], at: int) -> bool:
    """Whether it is a time of day, a year, or part of a ratio or another expression."""
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if ":" in words[at] or after in _JOINING or before in _JOINING:
        return True
    if after in MONTHS or (words[at][0] == "0" and words[at].isdigit()):
        return True  # A date; an hour, as in `from 05 to 22`.
    ratio = after == "of" and at + 2 < len(words) and words[at + 2][0].isdigit()
    return ratio or (len(words[at]) == 4 and "14" < words[at][:2] < "21")
