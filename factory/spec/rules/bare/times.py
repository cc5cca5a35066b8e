"""Bare numbers that can only be times: `expires after 30`, `waits 90 before it closes`."""

from __future__ import annotations

from factory.spec.language.clauses import BE
from factory.spec.language.measures import NOT_A_UNIT, is_plural, measures
from factory.spec.language.verbs import OTHER
from factory.spec.language.word_list import word_set
from factory.spec.rules.bare.number import BOUNDING, COUNTED, Bare
from factory.spec.rules.names import is_measured


def is_another(here: Bare) -> bool | None:
    """`Stays above the limit for another 2`."""
    if here.words[here.at - 1] != "another" or here.words[here.at - 2] not in _FOR:
        return None
    return here.ends or here.after == ","


_FOR = ("for", "after", "within")


def is_before_or_after(here: Bare) -> bool | None:
    """`Opens at most 2 after the badge`."""
    late = here.after in ("after", "before") and not BOUNDING.isdisjoint(here.lead)
    counts = not COUNTED.isdisjoint(here.words) or is_measured(measures(here.one.sentence))
    return True if late and not counts else None


def is_waited(here: Bare) -> bool | None:
    """`Waits 90 before it closes`, `begins 70 before the race`."""
    if here.lead or not here.at:
        return None
    if here.words[here.at - 1] in _BEGINS:
        if is_measured([one for one in measures(here.one.sentence) if one.at < here.at]):
            return None  # `The 160 characters begin 80 before the place`
        return True if here.after in ("before", "after") else None
    waits = here.words[here.at - 1] in _WAITS
    return True if waits and (here.ends or here.after in NOT_A_UNIT) else None


_BEGINS = word_set("begins begin starts start opens open closes close ends rings sounds arrives")
_WAITS = word_set("waits wait lasts last sleeps pauses")


def is_late(here: Bare) -> bool | None:
    """`Overdue by 15`, `up to 10 late`: a time, or a distance."""
    words, at = here.words, here.at
    if words[at - 1 : at] and words[at - 1] in _CODED:
        return None  # `Never answers 201 ahead of the move`
    if here.after in _LATE:
        return None if any(map(is_plural, words[at + 2 : at + 4])) else True
    before = words[at - 1] if at else ""
    by = "by" in (before, *words[max(0, at - 3) : max(0, at - 2)]) and before in _LEADS_BY
    by = by and not _LATE.isdisjoint(words[max(0, at - 7) : at])
    return True if by and (here.ends or here.after in (",", "at")) else None


_CODED = frozenset(("answers", "answer", "status", "code", "returns", "gets", "with"))
_LEADS_BY = frozenset(("by", "to", "than", "most", "least", "about"))
_LATE = word_set("late overdue early ahead behind delayed off")


def is_of_a_time_told(here: Bare) -> bool | None:
    """`Red within 5 seconds, and the lamps within 15`."""
    if here.lead != ["within"]:
        return None
    told = any(
        one.dimension == "time" and here.words[one.at - 1] == "within" and one.at < here.at
        for one in measures(here.one.sentence)
    )
    return False if told else None


def is_of_a_stretch(here: Bare) -> bool | None:
    """`Keeps the last 3 of video`; not of what is counted, as `the last 3 of the rows`."""
    behind = here.words[here.at + 2 : here.at + 3]
    last = here.lead[-1:] in (["last"], ["first"]) and here.after == "of" and behind
    counts = last and (is_plural(behind[0]) or not behind[0].isalpha() or behind[0] in _WHICH)
    return True if last and not counts else None


_WHICH = frozenset(("the", "a", "an", "all", "its", "their", "these", "those", "each", "every"))


def is_within(here: Bare) -> bool | None:
    """`Within 200`, `in under 5`."""
    before = here.words[max(0, here.at - 3) : here.at]
    within = "within" in here.lead or here.lead in _IN_AT_MOST
    within = within or (before[1:] == ["the", "next"] and before[0] in ("within", "for", "in"))
    # `In at most 45 on one core`
    ends = here.ends or (here.lead in _IN_AT_MOST and here.after in ("on", "at", "for", "with"))
    return True if within and ends else None


_IN_AT_MOST = (["in", "under"], ["in", "at", "most"], ["in", "less", "than"], ["in", "up", "to"])


def is_repeated(here: Bare) -> bool | None:
    """`Polls every 30`, but `every 204 has no body`."""
    if here.lead != ["every"]:
        return None
    return here.ends and here.after not in OTHER and here.after != "has"


def is_a_wait(here: Bare) -> bool | None:
    """`Expires in 15`, `open for 20 and`, `above 45 A for 30`."""
    if _WAITING.isdisjoint((here.lead[0], here.lead[-1])):
        return None
    last = here.ends or here.after == "," or (here.lead[-1] == "for" and here.after in BE)
    if here.lead[-1] == "for" and here.after in _WHEN_IT_BEGINS:
        return True  # `Locks a badge for 15 after three wrong codes`
    if here.lead[-1] == "after" and here.after == "without":
        return True  # `After 20 without a load`
    timed = here.noun in _TIMED_VERBS or (last and _tells_a_time(here))
    return (
        True if timed or (here.lead[-1] == "for" and here.ends and _follows_a_bound(here)) else None
    )


_WHEN_IT_BEGINS = frozenset(("after", "when", "once", "if", "until", "before", "unless"))
_WAITING = frozenset(("after", "for", "in"))
_TIMED_VERBS = word_set(
    """
    expires expire expired waits wait lasts last ends end retries retry retried kept keeps keep
    stored valid polls poll refreshes refresh deletes deleted removed locked blocked closes closed
    times timed runs run sleeps repeats repeated delayed
    """
)
_LASTING = _TIMED_VERBS | word_set(
    "stays stay remains open shut on off blinks beeps rings lit idle holds hold"
)


def _tells_a_time(here: Bare) -> bool:
    """Whether `after 90.` or `open for 20 and` can only be a time."""
    before = here.words[: here.at]
    if here.lead[-1] == "for" and _is_perfect(before):
        return True
    if any(word[0].isdigit() for word in before):
        return False
    return here.lead[-1] == "after" or not _LASTING.isdisjoint(before) or _is_perfect(before)


_DONE = word_set("sent had kept left lain stood lost said heard met felt held read run")


def _is_perfect(words: list[str]) -> bool:
    """Whether it is told what has gone on: `nobody has touched the screen for 45`."""
    return any(
        word in ("has", "have", "had")
        and any(one.endswith(("ed", "en")) or one in _DONE for one in words[at + 1 : at + 4])
        for at, word in enumerate(words)
    )


def _follows_a_bound(here: Bare) -> bool:
    """Whether `for 30` stands right behind a bound: `above 45 A for 30`, `above 850 for 3`."""
    words = here.words
    return any(
        found.end == here.at - 1 and words[found.at - 1] in BOUNDING
        for found in measures(here.one.sentence)
    )
