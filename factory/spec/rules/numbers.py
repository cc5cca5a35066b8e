"""`unit-missing`: numbers that measure something and do not say in what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from factory.spec.finding import Finding
from factory.spec.language.measures import NOT_A_UNIT, is_plural, measures, singular
from factory.spec.language.prose import LITERAL
from factory.spec.language.verbs import OTHER
from factory.spec.language.word_list import word_set
from factory.spec.rules.bare_numbers import (
    BOUNDING,
    BOUNDS_SIZE,
    COUNTED,
    ends,
    is_a_sum,
    is_bound_alone,
    is_fraction,
    is_off,
    is_part_of_more,
    is_physical,
    is_reading,
    is_span,
    opens_bare,
)
from factory.spec.rules.named_units import has_counted, has_told, names_the_unit
from factory.spec.rules.names import is_measured
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
_MORE = frozenset(("more", "less"))
_DIFFERING = frozenset(("differ", "differs", "outnumber", "outnumbers"))
_OLDER = frozenset(("older", "newer", "heavier", "lighter", "warmer", "colder"))
_FAR = _DIMENSIONED - {"within", "every"} | word_set("closer nearer farther further")
_TIMED_VERBS = word_set(
    """
    expires expire expired waits wait lasts last ends end retries retry retried kept keeps keep
    stored valid polls poll refreshes refresh deletes deleted removed locked blocked closes closed
    times timed runs run sleeps repeats repeated delayed
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
            needs = found.value and not has_told(one, found) and _needs_a_unit(one, found.at)
            if needs and not names_the_unit(one):
                yield one.finding(
                    "unit-missing", found.at, f"{word} has no unit",
                    "write the unit after the number: ms, seconds, characters, MB, USD …",
                )  # fmt: skip


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
    if last < at and BOUNDS_SIZE.isdisjoint(lead):
        return False  # `2 - 5`, `well-known - 4`
    after = words[at + 1] if at + 1 < len(words) else ""
    if is_reading(words, at, after) or is_span(words, at, after) or opens_bare(words, at, after):
        return True
    if words[at - 1] == "another" and words[at - 2] in ("for", "after", "within"):
        return ends(after) or after == ","  # `stays above the limit for another 2`
    by = first > 0 and words[first - 1] == "by" and not _MORE.isdisjoint(lead)
    if by and ends(after) and (COUNTED | _DIFFERING).isdisjoint(words):
        return True  # `is louder by more than 6`
    late = after in ("after", "before") and not BOUNDING.isdisjoint(lead)
    if late and COUNTED.isdisjoint(words) and not is_measured(measures(one.sentence)):
        return True  # `opens at most 2 after the badge`
    if lead == ["than"] and ends(after) and not _FAR.isdisjoint(words[max(0, first - 6) : first]):
        return True  # `comes closer to the fence than 25`
    if not lead:
        # `waits 90 before it closes`
        if at > 0 and words[at - 1] in _WAITS and (ends(after) or after in NOT_A_UNIT):
            return True
        return (
            at > 0
            and (is_off(words, at, after) or is_fraction(words, at, at, [], after))
            and not is_part_of_more(words, at)
        )
    before = [word for word in words[max(0, first - 4) : first] if word[0].isalpha()]
    noun = before[-1] if before else ""
    whose = words[first - 2] if first > 1 and words[first - 1] == "(" else words[first - 1]
    if lead in (["under"], ["over"]) and first and _is_person(whose):
        return False  # `A climber under 14`: an age.
    if LITERAL in words and _is_quoted(words[at], one):
        return False  # The message names it, with its unit.
    if first and words[first - 1] == LITERAL:
        return False  # A field of the author's own: its section says what it counts.
    if is_part_of_more(words, at) or (words[0] == "of" and any(map(_is_counted, words[1:4]))):
        return False  # `Of 1,000 labels, at most 2 fail`
    if is_physical(words, at, lead, after) or is_a_sum(words, at, lead, after):
        return True
    if is_off(words, at, after):
        return True
    if is_fraction(words, at, first, lead, after):
        return not any(text.isupper() and len(text) > 1 for text in one.sentence.texts[:at])
    if noun in _MEASURED_VERBS or (noun in _PRICED and set(lead) <= _LINKING):
        return True
    if ("within" in lead or lead[:2] == ["in", "under"]) and ends(after):
        return True
    if lead == ["every"]:
        return ends(after) and after not in OTHER and after != "has"  # `every 204 has no body`
    if _OLDER & set(lead) and ends(after):
        return True  # `The index is never older than 30.`
    if COUNTED & {noun, *words[max(0, first - 3) : first]}:
        return False
    # Not of what is counted, as `12 late check-outs` are.
    relating = after in _RELATING and not any(map(is_plural, words[at + 2 : at + 4]))
    if relating or (_DIMENSIONED | _BIGGER) & set(lead):
        return True
    if (noun, *lead) == ("ends", "in") and not COUNTED.isdisjoint(words):
        return False  # `With a last digit above 2 the reading ends in 2`
    if lead == ["after"] and has_counted(one, at):
        return False  # `plays 20 games, and the match ends after 10`
    if _WAITING & {lead[0], lead[-1]} and (
        noun in _TIMED_VERBS
        or ((ends(after) or after == ",") and _tells_a_time(words[:at], lead))
        or (lead[-1] == "for" and ends(after) and _follows_a_bound(one, at))
    ):
        return True
    if (
        is_bound_alone(words, at, lead, after)
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
        found.dimension and found.end == at - 1 and one.sentence.words[found.at - 1] in BOUNDING
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


_WAITS = word_set("waits wait lasts last sleeps pauses")
