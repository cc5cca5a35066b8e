"""How a number bounds something: by the words that lead up to it and those behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from factory.spec.language.clauses import ARTICLES, OF_A_CASE, WHICH_CASE
from factory.spec.language.late import late
from factory.spec.language.measures import CURRENCIES, Measure, number
from factory.spec.language.prose import LITERAL, Sentence
from factory.spec.language.word_list import word_set

Bound = Literal[
    "most",
    "least",
    "over",
    "under",
    "exactly",
    "after",
    "before",
    "every",
    "status",
    "lasts",
    "kept",
    "held",
    "range",
]
"""`kept`: for so long, no longer and no shorter. `held`: what somebody has who gets something.
`range`: the most that may be held."""
_MOST = word_set(
    """
    most under below within exceed exceeds maximum max fewer less shorter smaller up limited
    """
)
_LEAST = word_set(
    """
    least over above minimum min more longer larger greater exceeding bigger older
    """
)
NEGATING = frozenset(["no", "not", "never", "cannot"])
_NONE = frozenset(("no", "nobody", "none", "nothing"))
_LEADS = (
    _MOST
    | _LEAST
    | word_set(
        """
        at than to of later until till a an the is are be in exactly by after every for only about
        it its set with from limit
        """
    )
    | NEGATING
)
REFUSED = word_set(
    """
    refused refuses refuse rejected rejects reject invalid error errors fails fail declined denied
    forbidden 400 413 422 409 403
    """
)
_PRICED = word_set("costs cost price fee fine rent deposit fare")
_STATED = word_set("must is are has have be takes lasts")
_OVER = word_set(
    """
    over above more longer larger greater exceeding exceeds bigger exceed
    """
)
_UNDER = word_set(
    """
    under below less fewer shorter smaller
    """
)
_BEYOND = _OVER | _UNDER
KEEPING = word_set("keeps keep kept stores store stored retains retain retained archives archived")
DELETING = word_set("deletes delete deleted removes remove removed erases erase erased")
_IF = frozenset(("if", "when", "whenever", "once", "unless"))
_UPON = OF_A_CASE | {"upon"}
_AT = frozenset(("most", "least", "latest"))
_LIMITS = word_set("limit maximum minimum cap quota ceiling allowance")


def lead(words: Sequence[str], at: int) -> int:
    """The first of the words that lead up to a number: `at most`, `is limited to`."""
    first = at - 1 if at and words[at - 1] in CURRENCIES else at  # `At most $6.00`
    while first > 0 and words[first - 1] in _LEADS:
        first -= 1
    return first


def bound(sentence: Sentence, one: Measure, first: int) -> tuple[Bound, float] | None:
    """How a number bounds, and its value, by the words that lead up to it from `first` on."""
    words = sentence.words
    if _is_status(words, one):
        return "status", one.value
    if not one.dimension:
        return None
    lead = [word for word in words[first : one.at] if word not in CURRENCIES]
    tail = words[one.at + 1 : one.at + 3]
    if tail[:1] != ["or"]:
        tail = words[one.end : one.end + 2]
    refused = _is_refusing(words, one.at) or (
        LITERAL in words and not _BEYOND.isdisjoint((*lead, *tail)) and _says_too_much(sentence)
    )
    if tail[:1] == ["or"] and words[one.at + 3 : one.at + 4] and number(words[one.at + 3]):
        tail = []  # `under 6 or over 36 months`: two bounds.
    if one.dimension == "time" and not refused and words[0] in _IF and "," not in words[: one.at]:
        return None  # `When no courier accepts within 10 minutes`
    opens = words[0] in _UPON and words[1] not in _AT and "," not in words[: one.at]
    if opens and "," in words[one.end :] and not refused:
        return None  # `On contact of 49 ms, the light keeps its mode.`
    if one.dimension == "time" and words[0] in _IF and not DELETING.isdisjoint(words[:first]):
        return None  # `If the owner leaves, the club deletes her photos after 30 days`
    if tail[:1] == ["or"] and not refused and _tells_the_case(words, one):
        return None
    if tail[:1] == ["or"] and len(tail) > 1 and tail[1] in ("more", "above", "over"):
        return ("most", one.value - 1) if refused else ("least", one.value)
    if tail[:1] == ["or"] and len(tail) > 1 and tail[1] in ("less", "fewer", "below"):
        return ("least", one.value + 1) if refused else ("most", one.value)
    if _is_of_a_case(words, one, first):
        return None
    if one.dimension == "time" and words[one.end : one.end + 1] == ["before"]:
        latest = words[one.at - 1] in ("until", "till") or "later" in lead or "least" in lead
        return ("before", one.value) if latest else None
    signed = words[one.at - 1] in CURRENCIES
    before = words[one.at - 2] if signed and one.at > 1 else words[one.at - 1]
    alone = before not in ("from", "to", "between", "and", "-", "–")
    alone = alone and NEGATING.isdisjoint(lead)  # `The price is never below 35.00 EUR.`
    if one.dimension == "money" and alone and not _PRICED.isdisjoint(words[: one.at]):
        return _price(words[: one.at]), one.value
    if _is_gone_after(words, one, first):
        return "kept", one.value
    if one.dimension == "time" and one.at == 1 and going(words) is not None:
        return "kept", one.value
    if one.dimension == "time" and words[one.at - 2 : one.at] == ["the", "full"]:
        return "held", one.value  # `A recording of the full 45 minutes`
    if not lead:
        # `The trial lasts 30 days` bounds as `for 30 days` does.
        lasts = one.dimension == "time" and _lasts(words, one.at)
        return ("lasts", one.value) if lasts or _has(words, one) else None
    if lead[-1] in ("is", "are") and not _LIMITS.isdisjoint(words[:first]):
        return ("least" if "minimum" in words[:first] else "most"), one.value
    negated = bool(NEGATING & set(lead)) or words[0] in _NONE
    if _MOST & set(lead) or _LEAST & set(lead):
        over, under = bool(_OVER & set(lead)), bool(_UNDER & set(lead))
        if refused and not negated and (over or under):
            return ("most" if over else "least"), one.value
        if negated and (over or under):
            return ("most" if over else "least"), one.value
        if (over or under) and _STATED.isdisjoint(words[:first]):
            # Which cases are meant, not what is allowed: `donations of less than 15 EUR`.
            return ("over" if over else "under"), one.value
        return ("most" if _MOST & set(lead) else "least"), one.value
    if one.dimension == "time" and "after" in lead:
        return ("after" if _ENDING.isdisjoint(words[:first]) else "lasts"), one.value
    if one.dimension == "time" and "every" in lead:
        return "every", one.value
    if words[one.at + 1 : one.at + 2] in (["to"], ["–"], ["-"], ["and"]):
        return None  # `0 to 1 second` bounds at both ends.
    if lead == ["of"] and not _PRICED.isdisjoint(words[one.end : one.end + 1]):
        return None  # `A term of 10 years costs 280 EUR`: one of several terms.
    if one.dimension == "time" and lead[0] in ("for", "of", "is"):
        kept = lead[0] == "for" and not KEEPING.isdisjoint(words[:first])
        return ("kept" if kept else "after"), one.value
    if not {"exactly", "by"}.isdisjoint(lead):
        return "exactly", one.value
    return None


def _is_of_a_case(words: Sequence[str], one: Measure, first: int) -> bool:
    """Whether `A log with at most 4 knots is class A` tells which logs are meant."""
    opens = words[0] in ARTICLES and "with" in words[1:_LONGEST_SUBJECT]
    before = opens and _BEING.isdisjoint(words[:first]) and "," not in words[:first]
    return before and not _BEING.isdisjoint(words[one.end : one.end + 4])


_LONGEST_SUBJECT = 5
_BEING = frozenset(("is", "are"))


def _has(words: Sequence[str], one: Measure) -> bool:
    """Whether `A clip has 45 seconds` says how long, or how large, it is."""
    if one.dimension not in ("time", "bytes") or words[one.at - 1] != "has":
        return False
    return words[0] in ARTICLES and WHICH_CASE.isdisjoint(words) and words[one.end :] in (["."], [])


_ENDING = word_set("ends end expires expire expired runs")  # So long something lasts.


def _tells_the_case(words: Sequence[str], one: Measure) -> bool:
    """Whether `A deviation of 2 K or more calls` is what something comes of, and no bound."""
    behind = words[one.end : one.end + 3]
    return (
        words[one.at - 1] == "of"
        and behind[:1] == ["or"]
        and len(behind) > 2
        and behind[2].isalpha()
        and behind[2] not in _WORKING
    )


_WORKING = word_set("work works is are may can must pass passes fit fits do will and or in for")


def _price(before: Sequence[str]) -> Bound:
    """How a price bounds: `The least fee is 66 EUR` is no fee of 66 EUR."""
    if not _LEAST_OF_ALL.isdisjoint(before):
        return "least"
    return "exactly" if _MOST_OF_ALL.isdisjoint(before) else "most"


_LEAST_OF_ALL = frozenset(("least", "minimum", "lowest", "smallest", "cheapest"))
_MOST_OF_ALL = frozenset(("most", "maximum", "highest", "greatest"))


def _is_refusing(words: Sequence[str], at: int) -> bool:
    """Whether a word refuses, and not the number at `at` alone: 400 days are no status."""
    if words[at] in REFUSED:
        return not REFUSED.isdisjoint([*words[:at], *words[at + 1 :]])
    return not REFUSED.isdisjoint(words)


def _lasts(words: Sequence[str], at: int) -> bool:
    """Whether a time is said to last, with nothing before that narrows it."""
    return at > 1 and words[at - 1] == "lasts" and words[0] not in WHICH_CASE


def _is_gone_after(words: Sequence[str], one: Measure, first: int) -> bool:
    """Whether something goes so long after another: `deletes a photo 10 minutes after the race`."""
    behind = words[one.end : one.end + 1] == ["after"] and words[first : one.at] in ([], ["at"])
    return one.dimension == "time" and behind and not DELETING.isdisjoint(words[:first])


def going(words: Sequence[str]) -> int | None:
    """The verb of what goes in `After 10 days on the shelf the parcel goes back`; None without."""
    if words[:1] != ["after"] or _GOES.isdisjoint(words):
        return None
    for at, word in enumerate(words[:-1]):
        if word in _VANISHING or (word in _GOING and words[at + 1] in _AWAY):
            return at
    return None


_GOING = word_set("goes go is are gets")
_AWAY = word_set("back away gone deleted removed erased out thrown returned destroyed")
_VANISHING = word_set("vanishes vanish disappears disappear")
_GOES = _GOING | _VANISHING
_TOO_MUCH = late(
    r"\btoo (?:big|large|long|many|much|heavy|short|small|few)\b|"
    r"\b(?:at most|at least|no more than)\b",
    re.IGNORECASE,
)


def _says_too_much(sentence: Sentence) -> bool:
    """Whether a message of the sentence refuses: `gets the text "This file is too large."`"""
    return any(
        _TOO_MUCH.search(sentence.literal(at))
        for at, word in enumerate(sentence.words)
        if word == LITERAL
    )


def _is_status(words: Sequence[str], one: Measure) -> bool:
    """Whether the number is the status or exit code of an answer."""
    before = words[max(0, one.at - 3) : one.at]
    if one.dimension or (len(words[one.at]) != 3 and "exit" not in before):
        return False
    return bool(before) and (
        before[-1] in ("status", "answers", "answer", "answered", "returns", "gets", "http", "exit")
        or (
            ("status" in before or "exit" in before)
            and before[-1] in ("status", "code", "with", "is", "of")
        )
    )
