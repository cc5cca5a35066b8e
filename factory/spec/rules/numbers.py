"""Numbers that measure something and do not say in what; constraints without any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from factory.spec.document import SpecDocument
from factory.spec.finding import Finding, finding_in
from factory.spec.language.measures import NOT_A_UNIT, NUMBER_WORDS, is_plural, measures
from factory.spec.language.prose import LITERAL, masked
from factory.spec.language.verbs import OTHER
from factory.spec.language.word_list import word_set
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

_COMPARING = word_set(
    """
    at most least more less fewer than under over above below up to exceed exceeds exceeding no
    not maximum minimum max min of limit limited is are be set about around approximately a the
    defaults default larger bigger smaller longer shorter greater older newer faster slower
    heavier lighter wider taller higher lower between from every within after for in only last
    reach reaches reached
    """
)
# What these are compared with has a unit, always.
_DIMENSIONED = word_set(
    """
    longer shorter older newer faster slower heavier lighter wider taller within every
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
    expire response time pause lease session sessions retention token tokens cache
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
    grade grades step rank priority value values amount amounts total totals balance sum sums
    result results id ids status code codes line lines row rows column columns year seats stock
    age ages
    """
)
_ABSOLUTE = re.compile(
    r"\b(?:no|none|nothing|nobody|never|only|every|each|all|any|zero|neither|without|always|both|"
    r"exactly|stays? the same|identical|unchanged|WCAG|offline)\b",
    re.IGNORECASE,
)
# Not absolute for all their `no` and `all`: they compare, or promise any number of users.
_RELATIVE = re.compile(
    r"\b(?:no|not) (?:more|less|longer|later|fewer|slower|worse|higher|lower|bigger|larger)\b"
    r"|\b(?:all|any|every)\b(?=.{0,200}\b(?:same time|simultaneously|concurrently|in parallel)\b)",
    re.IGNORECASE | re.DOTALL,
)
_DIGIT = re.compile(r"\d")


def units_missing(said: Iterable[Spoken], _: Surroundings) -> Iterator[Finding]:
    """`unit-missing`: `within 200`, `a timeout of 30`, `files larger than 10`."""
    for one in said:
        if not one.binding or not one.sentence.has_digits:
            continue
        for found in measures(one.sentence):
            word = one.sentence.words[found.at]
            if found.dimension or not word[0].isdigit():
                continue
            if found.value and _needs_a_unit(one, found.at):
                yield one.finding(
                    "unit-missing", found.at, f"{word} has no unit",
                    "write the unit after the number: ms, seconds, characters, MB, USD …",
                )  # fmt: skip


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
    first = at
    while first > 0 and words[first - 1] in _COMPARING:
        first -= 1
    lead = words[first:at]
    after = words[at + 1] if at + 1 < len(words) else ""
    if not lead:
        # `waits 90 before it closes`
        return at > 0 and words[at - 1] in _WAITS and (_ends(after) or after in NOT_A_UNIT)
    before = [word for word in words[max(0, first - 4) : first] if word[0].isalpha()]
    noun = before[-1] if before else ""
    if first and words[first - 1] == LITERAL:
        return False  # A field of the author's own: its section says what it counts.
    if _is_part_of_more(words, at):
        return False
    if noun in _MEASURED_VERBS or (noun in _PRICED and set(lead) <= _LINKING):
        return True
    if _COUNTED & {noun, *words[max(0, first - 3) : first]}:
        return False
    if after in _RELATING or (_DIMENSIONED | _BIGGER) & set(lead):
        return True
    if _WAITING & {lead[0], lead[-1]} and (
        noun in _TIMED_VERBS or (_ends(after) and _tells_a_time(words[:at], lead))
    ):
        return True
    if (
        _is_bound_alone(words, lead, after)
        and one.block.kind != "row"
        and (
            one.section.name in ("Constraints", "Targets") or not any(map(is_plural, words[:first]))
        )
    ):
        return True
    if noun not in _MEASURED_NOUNS or set(lead) <= _LINKING:
        return False
    # "The first time is set to 30", after it was told that it is 40 minutes.
    earlier = any(found.dimension for found in measures(one.sentence) if found.at < at)
    return not ("set" in lead and earlier)


_PRICED = word_set("price fee fine rent deposit cost fare tariff salary wage")
_LINKING = word_set("the a is are be in for reaches reach")


def _tells_a_time(before: list[str], lead: list[str]) -> bool:
    """Whether `after 90.` or `open for 20 and` can only be a time."""
    if any(word[0].isdigit() for word in before):
        return False
    return lead[-1] == "after" or not _LASTING.isdisjoint(before)


_LASTING = _TIMED_VERBS | word_set("stays stay remains open shut on off blinks beeps rings lit")


def _ends(after: str) -> bool:
    """Whether nothing follows a number that could be its unit."""
    return after in ("", ".", ";", "and", "then", "before", "unless", "until")


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


def constraints_measured(document: SpecDocument, _: Surroundings) -> Iterator[Finding]:
    """`constraint-unmeasured`: neither a number nor a word that admits no degree."""
    for requirement, item in document.numbered:
        if requirement.id.startswith("C") and requirement.text:
            yield from _measured(document, requirement.text, item.line, requirement.id)
    targets = document.section("Targets") if document.kind == "architecture" else None
    for item in targets.items if targets else ():
        yield from _measured(document, item.text, item.line, "the target")


def _measured(document: SpecDocument, text: str, line: int, name: str) -> Iterator[Finding]:
    if _DIGIT.search(text):
        return
    prose = masked(text)
    words = set(re.findall(r"[a-z]+", prose.lower()))
    if words & NUMBER_WORDS.keys() or _ABSOLUTE.search(_RELATIVE.sub("", prose)):
        return
    yield finding_in(
        document, "constraint-unmeasured", f"{name} has nothing to measure by",
        "give a number with its unit, or say what never or always holds", line=line,
    )  # fmt: skip
