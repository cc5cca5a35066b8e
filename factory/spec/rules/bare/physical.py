"""Bare numbers that something in the world has: a distance, a temperature, a level that falls."""

from __future__ import annotations

from factory.spec.language.measures import is_plural
from factory.spec.language.verbs import VERBS
from factory.spec.language.word_list import word_set
from factory.spec.rules.bare.amounts import UNITLESS
from factory.spec.rules.bare.number import BOUNDS_SIZE, COUNTED, Bare


def is_read_off(here: Bare) -> bool | None:
    """`At a gust of 20.`: what something measures, of one thing and not of many."""
    words, at = here.words, here.at
    if at < 4 or words[at - 1] != "of" or not (here.ends or here.after == ","):
        return None
    read = words[at - 3] in ("a", "an") and words[at - 4] in _AT and not is_plural(words[at - 2])
    return True if read and words[at - 2] not in _NOT_READ_OFF else None


_AT = frozenset(("at", "above", "below", "beyond", "exceeding", "over", "under", "from"))
_NO_UNIT = UNITLESS | COUNTED
# Of these a number counts the members.
_NOT_READ_OFF = _NO_UNIT | word_set(
    """
    group team set batch pack package party table class family crowd list series bunch stack pile
    box crate order basket row queue deck block chunk stock crew choir band fleet herd pool capacity
    occupancy turnout attendance quorum majority membership word step age house flat floor room door
    """
)


def is_a_span(here: Bare) -> bool | None:
    """`A gap of 4 around it`."""
    words, at = here.words, here.at
    if here.one.section.name == "Evaluation":
        return None  # An example: Inputs says in what unit it is.
    spans = words[at - 1] == "of" and at > 1 and words[at - 2] in _SPANNED
    return True if spans and here.after not in _RATIOS else None


_RATIOS = ("to", "-", "–", "%", "°", "or", "and", "of")
# Of these a number is a distance, and hardly ever a count.
_SPANNED = word_set(
    """
    gap margin border spacing offset padding indent indentation clearance width height depth
    thickness diameter radius wavelength altitude
    """
)


def is_far(here: Bare) -> bool | None:
    """`Comes closer to the fence than 25`."""
    ends = here.ends or here.after == ","
    far = here.lead == ["than"] and ends and not _FAR.isdisjoint(here.near(6))
    return True if far else None


# What these are compared with has a unit, always.
_DIMENSIONED = word_set(
    """
    longer shorter older newer faster slower heavier lighter within every wider taller warmer colder
    hotter cooler brighter darker louder quieter deeper shallower thicker thinner
    """
)
_FAR = _DIMENSIONED - {"within", "every"} | word_set("closer nearer farther further")


def is_sensed(here: Bare) -> bool | None:
    """`The pressure drops below 16`, `the level falls below 8`."""
    another = here.after == "or" and here.words[here.at + 2 : here.at + 3]
    for_long = here.after == "for" and here.words[here.at + 2 : here.at + 3] not in ([], ["the"])
    last = here.ends or here.after == "," or here.after in VERBS or for_long
    last = last or bool(another and here.words[here.at + 2] in BOUNDS_SIZE)
    if BOUNDS_SIZE.isdisjoint(here.lead) or not last:
        return None
    before = here.near(8)
    if "depth" in before and not _NESTING.isdisjoint(here.words):
        return False  # Of lists within lists.
    moving = bool(before) and before[-1] in _MOVING and not _BY_DEGREES.isdisjoint(before)
    return True if moving or not _PHYSICAL.isdisjoint(before) else None


_NESTING = word_set(
    """
    object objects array arrays list lists folder folders directory directories level levels element
    elements node nodes tree menu menus nested nesting heading headings comment comments reply
    replies
    """
)
# What the world has and a sensor reads is never a bare number,
_PHYSICAL = word_set(
    """
    temperature pressure humidity voltage power speed weight distance height depth width thickness
    loudness gain pitch angle tilt slope gradient acceleration torque dose concentration density
    viscosity salinity turbidity conductivity wavelength luminance area perimeter pulse heartbeat
    mass payload consumption throughput latency delay duration brightness wind rainfall altitude
    water load flow noise volume radius diameter tension strain stress force vibration torsion
    radiation
    """
)
# and what goes up and down by degrees is no count, unless it is called one.
_MOVING = word_set("rises rise drops drop falls fall sinks sink climbs climb")
_BY_DEGREES = frozenset(("level", "levels", "current"))


def is_moved_to(here: Bare) -> bool | None:
    """`Climbs to 80 before it turns`."""
    words, at = here.words, here.at
    moved = at > 1 and words[at - 1] == "to" and words[at - 2] in _MOVED and here.ends
    return True if moved and _NO_UNIT.isdisjoint(words) else None


_MOVED = _MOVING | word_set(
    "heats cools warms lifts lowers descends ascends dims dives tilts slows"
)


def is_older(here: Bare) -> bool | None:
    """`The index is never older than 30.`"""
    return True if not _OLDER.isdisjoint(here.lead) and here.ends else None


_OLDER = frozenset(("older", "newer", "heavier", "lighter", "warmer", "colder"))


def is_longer(here: Bare) -> bool | None:
    """`Files larger than 10`, `wider than 30`."""
    return True if not _BIGGER.isdisjoint(here.lead) else None


_BIGGER = _DIMENSIONED | {"larger", "bigger", "smaller"}
