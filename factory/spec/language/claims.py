"""What a sentence claims of an amount: `an alias has at most 32 characters`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import msgspec

from factory.spec.language.clauses import BE, WHICH_CASE
from factory.spec.language.measures import Measure, measures, number, singular
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
]

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
_NEGATING = frozenset(["no", "not", "never", "cannot"])
_LEADS = (
    _MOST
    | _LEAST
    | word_set(
        """
        at than to of later until till a an the is are be in exactly by after every for only about
        it its set with from limit
        """
    )
    | _NEGATING
)
_REFUSED = word_set(
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
# Whoever writes means the same by them: no subject of its own.
_GENERIC = word_set(
    """
    service system server app application product tool program api software platform site page user
    users caller callers client clients person people one must shall will can may be is are was were
    has have had having do does not no and or but if when then given where while that which who the
    a an this these those its it their his her of in on at to from by with for as than into per each
    every any all both only also so such more most less least up over under within after before
    until between about there here they we you time times long length size number maximum minimum
    max min limit limited exactly accept accepts accepted take takes taken hold holds contain
    contains allow allows allowed keep keeps kept last lasts end ends ended expire expires expired
    stop stops valid stay stays live lives run runs answer answers answered return returns returned
    arrive arrives come comes get gets got receive receives give gives respond responds send sends
    sent show shows shown store stores stored remain remains consist consists wide high big large
    short shorter longer larger smaller greater older delete deletes deleted remove removes removed
    close closes closed exceed exceeds made make makes use uses used set sets need needs been
    characters character letters status code codes http exit delivered deliver delivers whose
    complete completes finish finishes finished load loads loaded appear appears display displays
    start starts started wait waits idle inactive retry retries upload-limit automatically again
    later form forms screen screens field fields box boxes gone disappear disappears vanish vanishes
    """
)
# Behind a bound these tell of what it is one: `30 minutes for guests`.
_NARROWING = word_set("for of in on when if while during per to from at")
_PEOPLE = dict.fromkeys(("member", "person", "people", "player", "user", "participant"), "person")
_SAME = {
    "inactivity": "activity",
    "nightly": "night",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annual": "year",
    "hourly": "hour",
    "idle": "activity",
    "inactive": "activity",
    "unused": "activity",
    "sign-in": "login",
    "log-in": "login",
    "e-mail": "email",
    "mail": "email",
    "emails": "email",
    "e-mails": "email",
    "cancelled": "cancel",
    "canceled": "cancel",
    "cancellation": "cancel",
}


class Claim(msgspec.Struct, frozen=True):
    """`subject` is held to `value` in `dimension`; `about`: words behind it that narrow it."""

    bound: Bound
    subject: tuple[str, ...]
    about: frozenset[str]
    dimension: str
    value: float
    at: int


def claims(sentence: Sentence) -> Iterator[Claim]:
    """Every claim of a sentence that has a subject and a bound."""
    found = measures(sentence)
    for one in found:
        first = _lead(sentence.words, one.at)
        bound = _bound(sentence, one, first)
        if bound is None:
            continue
        subject = _as_every(sentence.words, one.end) or (
            _kept(sentence, first) if bound[0] == "kept" else _subject(sentence, first)
        )
        narrows = not _NARROWING.isdisjoint(sentence.words[one.end : one.end + 1])
        behind = set[str]()
        if narrows or not subject:
            behind = content(sentence, one.end, len(sentence))
        subject = subject or behind
        if subject and not (bound[0] == "status" and subject <= _NOUNS_TOO_SINGLE):
            about = frozenset(behind if narrows else ())
            dimension = _PEOPLE.get(one.dimension, one.dimension)
            yield Claim(bound[0], tuple(sorted(subject)), about, dimension, bound[1], one.at)


def cases(sentence: Sentence) -> Iterator[Claim]:
    """What somebody has who gets something: `A person who holds 14 coats can order another`.

    Where that is more than anybody may have, the two contradict each other.
    """
    words = sentence.words
    if LITERAL in words or not _REFUSING.isdisjoint(words) or _WHO.isdisjoint(words):
        return
    for one in measures(sentence):
        who = words[one.at - 2 : one.at]
        if one.dimension and len(who) == 2 and who[0] in _WHO and who[1] in _HOLDING:
            subject = content(sentence, 0, one.at - 2)
            if subject:
                yield Claim(
                    "held", tuple(sorted(subject)), frozenset(), one.dimension, one.value, one.at
                )


_WHO = frozenset(("who", "that", "which"))
_HOLDING = word_set("holds has orders books sends enters keeps owns uploads borrows rents uses")
_REFUSING = (
    _REFUSED | _NEGATING | word_set("nothing nobody none too only more than over above most")
)


def limits(sentence: Sentence) -> Iterator[Claim]:
    """Each limit that a message tells without its subject: `six guests are the limit`."""
    for one in measures(sentence):
        behind = sentence.words[one.end : one.end + 3]
        before = sentence.words[max(0, one.at - 3) : one.at]
        told = behind[:1] in (["is"], ["are"]) and behind[1:] in (
            ["the", "limit"],
            ["the", "maximum"],
        )
        if one.dimension and (told or (before[-2:] == ["at", "most"] and len(before) == 2)):
            yield Claim("most", (), frozenset(), one.dimension, one.value, one.at)


def _as_every(words: Sequence[str], end: int) -> set[str]:
    """What a bound holds for by its author's word: `14 days, like every trial`; or nothing."""
    if "like" not in words:
        return set()
    for at in range(end, min(end + 8, len(words) - 2)):
        if words[at] == "like" and words[at + 1] in ("every", "each", "any", "all"):
            return {_meaning(words[at + 2])} - {""}
    return set()


def _lead(words: Sequence[str], at: int) -> int:
    """The first of the words that lead up to a number: `at most`, `is limited to`."""
    first = at
    while first > 0 and words[first - 1] in _LEADS:
        first -= 1
    return first


def _bound(sentence: Sentence, one: Measure, first: int) -> tuple[Bound, float] | None:
    """How a number bounds, and its value, by the words that lead up to it from `first` on."""
    words = sentence.words
    lead = words[first : one.at]
    tail = words[one.at + 1 : one.at + 3]
    if tail[:1] != ["or"]:
        tail = words[one.end : one.end + 2]
    refused = _is_refusing(words, one.at) or (
        LITERAL in words and not _BEYOND.isdisjoint((*lead, *tail)) and _says_too_much(sentence)
    )
    if _is_status(words, one):
        return "status", one.value
    if not one.dimension:
        return None
    if tail[:1] == ["or"] and words[one.at + 3 : one.at + 4] and number(words[one.at + 3]):
        tail = []  # `under 6 or over 36 months`: two bounds.
    if tail[:1] == ["or"] and not refused and _tells_the_case(words, one):
        return None
    if tail[:1] == ["or"] and len(tail) > 1 and tail[1] in ("more", "above", "over"):
        return ("most", one.value - 1) if refused else ("least", one.value)
    if tail[:1] == ["or"] and len(tail) > 1 and tail[1] in ("less", "fewer", "below"):
        return ("least", one.value + 1) if refused else ("most", one.value)
    if one.dimension == "time" and words[one.end : one.end + 1] == ["before"]:
        latest = words[one.at - 1] in ("until", "till") or "later" in lead or "least" in lead
        return ("before", one.value) if latest else None
    alone = words[one.at - 1] not in ("from", "to", "between", "and", "-", "–")
    if one.dimension == "money" and alone and not _PRICED.isdisjoint(words[: one.at]):
        return _price(words[: one.at]), one.value
    if not lead:
        # `The trial lasts 30 days` bounds as `for 30 days` does.
        return ("lasts", one.value) if one.dimension == "time" and _lasts(words, one.at) else None
    if lead[-1] in ("is", "are") and not _LIMITS.isdisjoint(words[:first]):
        return ("least" if "minimum" in words[:first] else "most"), one.value
    negated = bool(_NEGATING & set(lead))
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
        return "after", one.value
    if one.dimension == "time" and "every" in lead:
        return "every", one.value
    if words[one.at + 1 : one.at + 2] in (["to"], ["–"], ["-"], ["and"]):
        return None  # `0 to 1 second` bounds at both ends.
    if one.dimension == "time" and lead[0] in ("for", "of", "is"):
        kept = lead[0] == "for" and not _KEEPING.isdisjoint(words[:first])
        return ("kept" if kept else "after"), one.value
    if not {"exactly", "by"}.isdisjoint(lead):
        return "exactly", one.value
    return None


def _kept(sentence: Sentence, end: int) -> set[str]:
    """What is kept, whoever keeps it: so long as `a session is kept` and `it is gone after` say."""
    words = sentence.words[:end]
    verb = next(at for at, word in enumerate(words) if word in _KEEPING)
    found = set[str]() if words[verb - 1] in BE else content(sentence, verb + 1, end)
    return found or content(sentence, 0, verb)


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


_KEEPING = word_set("keeps keep kept stores store stored retains retain retained archives archived")
_LEAST_OF_ALL = frozenset(("least", "minimum", "lowest", "smallest", "cheapest"))
_MOST_OF_ALL = frozenset(("most", "maximum", "highest", "greatest"))


def _is_refusing(words: Sequence[str], at: int) -> bool:
    """Whether a word refuses, and not the number at `at` alone: 400 days are no status."""
    if words[at] in _REFUSED:
        return not _REFUSED.isdisjoint([*words[:at], *words[at + 1 :]])
    return not _REFUSED.isdisjoint(words)


_LIMITS = word_set("limit maximum minimum cap quota ceiling allowance")


def _lasts(words: Sequence[str], at: int) -> bool:
    """Whether a time is said to last, with nothing before that narrows it."""
    return at > 1 and words[at - 1] == "lasts" and words[0] not in WHICH_CASE


_TOO_MUCH = re.compile(
    r"\btoo (?:big|large|long|many|much|heavy|short|small|few)\b|"
    r"\b(?:at most|at least|no more than)\b",
    re.IGNORECASE,
)


_BEYOND = _OVER | _UNDER


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


def _subject(sentence: Sentence, end: int) -> set[str]:
    """What is bounded: told by the last part before the bound that is no adjunct.

    `In every class, a pupil sees …` is about the pupil, `A member, also one on trial, holds …`
    about the member.
    """
    words = sentence.words
    starts = [0, *(at + 1 for at in range(end) if words[at] == ",")]
    parts = list(zip(starts, [*(at - 1 for at in starts[1:]), end], strict=True))
    for first, last in (*reversed(parts), parts[0]):
        found = content(sentence, first, last)
        # `, and a note is at most 200 characters long` has a subject of its own.
        joins = words[first] in ("and", "but") and words[first + 1] in _DETERMINERS
        if found and (joins or words[first] not in _ADJUNCT):
            return found
    return content(sentence, 0, end)


_ADJUNCT = word_set(
    """
    at with for by in on of from to also and or but including as without
    """
)


# Generic as verbs; with an article they are what is bounded: `an answer arrives within …`.
_NOUNS_TOO = word_set(
    """
    answer answers response responses run start wait end load display
    """
)
_NOUNS_TOO_SINGLE = frozenset(singular(one) for one in _NOUNS_TOO)
_DETERMINERS = word_set("a an the every each any no all its one first of")


def content(sentence: Sentence, first: int, end: int) -> set[str]:
    """The words that say what a sentence is about, in the singular, and its literals."""
    words = sentence.words[first:end]
    found = set(map(_meaning, words))
    found.discard("")
    if LITERAL in words:
        found |= {
            sentence.literal(at).lower() for at, word in enumerate(words, first) if word == LITERAL
        }
    if not _NOUNS_TOO.isdisjoint(words):
        found |= {
            singular(word)
            for before, word in pairwise(words)
            if word in _NOUNS_TOO and (before in _DETERMINERS or before[0].isdecimal())
        }
        found |= _share(words) if found else set()
    return found


def _share(words: Sequence[str]) -> set[str]:
    """Of `95 of 100 answers` the share: a bound on another share is another bound."""
    for at in range(1, len(words) - 1):
        if words[at] == "of" and words[at + 1][0].isdecimal():
            some, all_ = number(words[at - 1]), number(words[at + 1])
            if some and all_:
                return {f"{some / all_:.5f}"}
    return set()


@lru_cache(maxsize=4096)
def _meaning(word: str) -> str:
    """What a word contributes to what a sentence is about; "" for nothing."""
    word = word.removesuffix("'s").removesuffix("’s")
    single = singular(word)
    if not word[:1].isalpha() or word in _GENERIC or single in _GENERIC:
        return ""
    return _SAME.get(single, single)
