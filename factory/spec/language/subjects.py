"""What a sentence is about: who or what is held to a bound, in words that others use, too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from factory.spec.language.measures import number, singular
from factory.spec.language.prose import LITERAL, Sentence
from factory.spec.language.word_list import word_set

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
    refuses refuse refused rejects reject rejected later form forms screen screens field fields box
    offer offers offered provide provides
    boxes gone disappear disappears vanish vanishes full
    """
)
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
# Generic as verbs; with an article they are what is bounded: `an answer arrives within …`.
_NOUNS_TOO = word_set(
    """
    answer answers response responses run start wait end load display
    """
)
NOUNS_TOO_SINGLE = frozenset(singular(one) for one in _NOUNS_TOO)
_DETERMINERS = word_set("a an the every each any no all its one first of")
_ADJUNCT = word_set(
    """
    at with for by in on of off from to also and or but including as without
    """
)


def subject(sentence: Sentence, end: int) -> set[str]:
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


def content(sentence: Sentence, first: int, end: int) -> set[str]:
    """The words that say what a sentence is about, in the singular, and its literals."""
    words = sentence.words[first:end]
    found = set(map(meaning, words))
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
def meaning(word: str) -> str:
    """What a word contributes to what a sentence is about; "" for nothing."""
    word = word.removesuffix("'s").removesuffix("’s")
    single = singular(word)
    if not word[:1].isalpha() or word in _GENERIC or single in _GENERIC:
        return ""
    return _SAME.get(single, single)
