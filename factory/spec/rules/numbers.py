"""`unit-missing`: numbers that measure something and do not say in what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from factory.spec.finding import Finding
from factory.spec.language.measures import NOT_A_UNIT, Measure, is_plural, measures, singular
from factory.spec.language.prose import LITERAL
from factory.spec.language.verbs import ACTS, HAPPENS, OTHER
from factory.spec.language.word_list import word_set
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

_COMPARING = word_set(
    """
    at most least more less fewer than under over above below up to exceed exceeds exceeding no not
    maximum minimum max min of limit limited is are be set about around approximately a the defaults
    default larger bigger smaller longer shorter greater older newer faster slower heavier lighter
    wider taller higher lower warmer colder hotter cooler brighter darker louder quieter deeper
    shallower thicker thinner between from every within after for in only last reach reaches reached
    """
)
# What these are compared with has a unit, always.
_DIMENSIONED = word_set(
    """
    longer shorter older newer faster slower heavier lighter wider taller within every warmer colder
    hotter cooler brighter darker louder quieter deeper shallower thicker thinner
    """
)
_BIGGER = frozenset(["larger", "bigger", "smaller"])
_WAITING = frozenset(["after", "for", "in"])
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
_TIMED_VERBS = word_set(
    """
    expires expire expired waits wait lasts last ends end retries retry retried kept keeps keep
    stored valid polls poll refreshes refresh deletes deleted removed locked blocked closes closed
    times timed runs run sleeps repeats repeated delayed
    """
)
_COUNTED = word_set(
    """
    number numbers integer integers count counts quantity quantities score scores rating ratings
    ratio ratios port ports page pages version versions percent factor index position level levels
    grade grades step rank priority value values amount amounts total totals balance sum sums result
    results id ids status code codes line lines row rows column columns year seats stock age ages
    """
)


def units_missing(said: Iterable[Spoken], _: Surroundings) -> Iterator[Finding]:
    """`unit-missing`: `within 200`, `a timeout of 30`, `files larger than 10`."""
    for one in said:
        if not one.binding or not one.sentence.has_digits:
            continue
        for found in measures(one.sentence):
            word = one.sentence.words[found.at]
            if found.dimension or not word[0].isdigit():
                continue
            if found.value and not _has_told(one, found) and _needs_a_unit(one, found.at):
                yield one.finding(
                    "unit-missing", found.at, f"{word} has no unit",
                    "write the unit after the number: ms, seconds, characters, MB, USD …",
                )  # fmt: skip


def _has_told(one: Spoken, found: Measure) -> bool:
    """Whether the sentence says the same number with its unit before: `18 minutes … at 18`."""
    return any(
        other.dimension
        and other.at < found.at
        and one.sentence.words[other.at] == one.sentence.words[found.at]
        for other in measures(one.sentence)
    )


_PEOPLE = word_set(
    """
    child children person persons people pupil pupils girl girls boy boys woman women man men kid
    kids guest guests adult adults patient patients student students everyone everybody anyone
    anybody somebody nobody those teenager teenagers
    """
)


def _is_person(word: str) -> bool:
    """Whether a word is somebody, near enough: `child`, `climber`, `visitors`, `cyclist`."""
    return word in _PEOPLE or singular(word).endswith(("er", "or", "ist", "ian", "ant"))


_RELATING = word_set(
    """
    between apart ahead away long wide tall deep old earlier later early late
    """
)
_MEASURED_VERBS = word_set(
    """
    takes take lasts last weighs weigh costs cost measures measure needs
    """
)


def _needs_a_unit(one: Spoken, at: int) -> bool:
    words = one.sentence.words
    first = last = at - 1 if words[at - 1 : at] == ["-"] and words[at - 2 : at - 1] else at
    while first > 0 and words[first - 1] in _COMPARING:
        first -= 1
    lead = words[first:last]
    if last < at and _BOUNDS_SIZE.isdisjoint(lead):
        return False  # `2 - 5`, `well-known - 4`
    after = words[at + 1] if at + 1 < len(words) else ""
    if not lead:
        # `waits 90 before it closes`
        if at > 0 and words[at - 1] in _WAITS and (_ends(after) or after in NOT_A_UNIT):
            return True
        return (
            at > 0
            and (_is_off(words, at, after) or _is_fraction(words, at, at, [], after))
            and not _is_part_of_more(words, at)
        )
    before = [word for word in words[max(0, first - 4) : first] if word[0].isalpha()]
    noun = before[-1] if before else ""
    if lead in (["under"], ["over"]) and first and _is_person(words[first - 1]):
        return False  # `A climber under 14`: an age.
    if LITERAL in words and _is_quoted(words[at], one):
        return False  # The message names it, with its unit.
    if first and words[first - 1] == LITERAL:
        return False  # A field of the author's own: its section says what it counts.
    if _is_part_of_more(words, at) or (words[0] == "of" and any(map(_is_counted, words[1:4]))):
        return False  # `Of 1,000 labels, at most 2 fail`
    if _is_physical(words, first, lead, after) or _is_a_sum(words, at, lead, after):
        return True
    if _is_off(words, at, after):
        return True
    if _is_fraction(words, at, first, lead, after):
        return not any(text.isupper() and len(text) > 1 for text in one.sentence.texts[:at])
    if noun in _MEASURED_VERBS or (noun in _PRICED and set(lead) <= _LINKING):
        return True
    if ("within" in lead or lead[:2] == ["in", "under"]) and _ends(after):
        return True
    if lead == ["every"]:
        return _ends(after) and after not in OTHER and after != "has"  # `every 204 has no body`
    if _COUNTED & {noun, *words[max(0, first - 3) : first]}:
        return False
    # Not of what is counted, as `12 late check-outs` are.
    relating = after in _RELATING and not any(map(is_plural, words[at + 2 : at + 4]))
    if relating or (_DIMENSIONED | _BIGGER) & set(lead):
        return True
    if _WAITING & {lead[0], lead[-1]} and (
        noun in _TIMED_VERBS
        or ((_ends(after) or after == ",") and _tells_a_time(words[:at], lead))
        or (lead[-1] == "for" and _ends(after) and _follows_a_bound(one, at))
    ):
        return True
    if (
        _is_bound_alone(words, lead, after)
        and one.block.kind != "row"
        and (
            one.section.name in ("Constraints", "Targets")
            or not any(map(_is_counted, words[:first]))
        )
    ):
        return True
    if noun not in _MEASURED_NOUNS or set(lead) <= _LINKING:
        return False
    # "The first time is set to 30", after it was told that it is 40 minutes.
    earlier = any(found.dimension for found in measures(one.sentence) if found.at < at)
    return not ("set" in lead and earlier)


def _is_quoted(number: str, one: Spoken) -> bool:
    """Whether a message of the passage says the number again, in words of its own."""
    message = rf"[\"“`][^\"”`]*(?<![\w.]){re.escape(number)}(?![\w])[^\"”`]*[\"”`]"
    found = re.search(message, one.passage.raw)
    return found is not None and any(letter.isalpha() for letter in found[0])


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


# Beside these a bound is of something else than the count before it: `1 to 5 photos, together …`.
_IN_ALL = (["together"], ["altogether"], ["combined"], ["total"], ["all"], ["sum"], ["jointly"])


def _is_a_sum(words: list[str], at: int, lead: list[str], after: str) -> bool:
    """Whether `together at most 25` ends what is said, after a count: of files, not in files."""
    if not (_ends(after) or after in (",", "in", "together", "altogether")):
        return False
    first = at - len(lead)
    before = words[first - 1 : first] in _IN_ALL
    behind = words[at + 1 : at + 2] in _IN_ALL or words[at + 1 : at + 3] in _IN_TOTAL
    counted = not _COUNTED.isdisjoint(words[max(0, first - 8) : first])
    return (before or behind) and not _BOUNDING.isdisjoint(lead) and not counted


_IN_TOTAL = (["in", "total"], ["in", "all"], ["in", "sum"])
# What has no unit, even as a fraction.
_UNITLESS = _COUNTED - word_set(
    "level levels amount amounts total totals balance sum sums page pages line lines row rows"
) | word_set(
    """
    ph grade grades factor factors ratio ratios average mean median score scores rating ratings odds
    index indices coefficient multiple multiplier multiplied times weight probability confidence
    correlation deviation similarity threshold gpa star stars point points exponent scale zoom
    chapter section figure rate rates share proportion unit
    """
)


def _is_fraction(words: list[str], at: int, first: int, lead: list[str], after: str) -> bool:
    """Whether `by more than 0.8` ends what is said: nobody counts in fractions."""
    fraction = "." in words[at] and words[at].count(".") == 1
    if not fraction or not (_ends(after) or after in (",", "or", "for") or after in _VERBS):
        return False
    if words.count(words[at]) > 1 and not _ADDING.isdisjoint(words):
        return False  # `100.00 CHF …, the parts add up to 100.00`
    bounds = not _COMPARING_BY.isdisjoint(lead) or words[at - 1] in ("by", "pays", "costs")
    return bounds and _UNITLESS.isdisjoint(words[max(0, first - 8) : first])


_ADDING = word_set("add adds sum sums makes make equals equal")
_COMPARING_BY = word_set(
    "more less least most under over above below up exceeds exceed between within than"
)
_LEADS_BY = frozenset(("by", "to", "than", "most", "least", "about"))
_LATE = word_set("late overdue early ahead behind delayed off apart away")


def _is_off(words: list[str], at: int, after: str) -> bool:
    """Whether `overdue by 15` or `up to 10 late` tells a time or a distance."""
    if after in _LATE:
        return not any(map(is_plural, words[at + 2 : at + 4]))
    by = "by" in (words[at - 1], *words[max(0, at - 3) : at - 2]) and words[at - 1] in _LEADS_BY
    by = by and not _LATE.isdisjoint(words[max(0, at - 7) : at])
    return by and (_ends(after) or after in (",", "at"))


def _is_physical(words: list[str], first: int, lead: list[str], after: str) -> bool:
    """Whether `drops below 16` is said of what has a unit: a temperature, a level that falls."""
    if _BOUNDS_SIZE.isdisjoint(lead) or not (_ends(after) or after == "," or after in _VERBS):
        return False
    before = words[max(0, first - 8) : first]
    moving = bool(before) and before[-1] in _MOVING and not _BY_DEGREES.isdisjoint(before)
    return moving or not _PHYSICAL.isdisjoint(before)


_BOUNDS_SIZE = word_set(
    "up most least under over above below exceed exceeds exceeding more less between from"
)
_BY_DEGREES = frozenset(("level", "levels", "current"))
_VERBS = ACTS | HAPPENS | OTHER
_NEVER_COUNTED = word_set(
    """
    rises falls drops sinks climbs starts stops begins goes becomes stays keeps gets makes gives
    exceeds reaches takes holds appears
    """
)


def _is_counted(word: str) -> bool:
    """Whether a word may be the noun of a count: a plural, and no verb."""
    return is_plural(word) and word not in _NEVER_COUNTED


def _follows_a_bound(one: Spoken, at: int) -> bool:
    """Whether `for 30` stands right behind a bound with its unit: `above 45 A for 30`."""
    return any(
        found.dimension and found.end == at - 1 and one.sentence.words[found.at - 1] in _BOUNDING
        for found in measures(one.sentence)
    )


_PRICED = word_set("price fee fine rent deposit cost fare tariff salary wage")
_LINKING = word_set("the a is are be in for reaches reach")


def _tells_a_time(before: list[str], lead: list[str]) -> bool:
    """Whether `after 90.` or `open for 20 and` can only be a time."""
    if any(word[0].isdigit() for word in before):
        return False
    return lead[-1] == "after" or not _LASTING.isdisjoint(before) or _is_perfect(before)


def _is_perfect(words: list[str]) -> bool:
    """Whether it is told what has gone on: `nobody has touched the screen for 45`."""
    return any(
        word in ("has", "have", "had")
        and any(one.endswith(("ed", "en")) for one in words[at + 1 : at + 4])
        for at, word in enumerate(words)
    )


_LASTING = _TIMED_VERBS | word_set(
    "stays stay remains open shut on off blinks beeps rings lit idle"
)


def _ends(after: str) -> bool:
    """Whether nothing follows a number that could be its unit."""
    return after in ("", ".", ";", "and", "then", "before", "unless", "until") or after in OTHER


_WAITS = word_set("waits wait lasts last sleeps pauses")


def _is_bound_alone(words: list[str], lead: list[str], after: str) -> bool:
    """Whether `at most 330` ends what is said, of nothing that is counted."""
    ends = after in ("", ".", ",", ";", ")") or after in OTHER
    return (
        ends
        and not _BOUNDING.isdisjoint(lead)
        and _COUNTED.isdisjoint(words)
        and (LITERAL not in words)
    )


_BOUNDING = word_set(
    """
    up most least under over below above exceed exceeds exceeding
    """
)


def _is_part_of_more(words: list[str], at: int) -> bool:
    """Whether it is a time of day, a year, or part of a ratio or another expression."""
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if ":" in words[at] or after in _JOINING or before in _JOINING:
        return True
    ratio = after == "of" and at + 2 < len(words) and words[at + 2][0].isdigit()
    return ratio or (len(words[at]) == 4 and words[at][:2] in ("19", "20"))


_JOINING = frozenset(("/", ":", "=", "+", "<", ">", "×", "o'clock", LITERAL))
