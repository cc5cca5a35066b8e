"""Degrees and numbers of something, without a bound: `large files`, `very long`."""

from __future__ import annotations

from collections.abc import Iterator

from factory.spec.language import vocabulary
from factory.spec.language.clauses import WHICH_CASE
from factory.spec.language.measures import is_plural, measures, number
from factory.spec.language.word_list import word_set
from factory.spec.rules.names import is_measured, is_name, is_the_one, within_a_term
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

_DEGREES = frozenset(vocabulary.DEGREES)
_HOW_MANY = word_set(
    """
    how too as so that not
    """
)
_SOME = frozenset(("several", "many", "few", "some", "multiple", "repeated"))
_INTENSIFIERS = word_set(
    """
    very rather extremely exceptionally unusually relatively comparatively overly pretty really
    highly awfully terribly incredibly particularly
    """
)
# `The very first`, `rather than`: nothing is made stronger.
_NO_DEGREE = word_set(
    """
    first last same next than moment millisecond second minute instant day hour word line beginning
    end top bottom own latest if when where those that the a an to for of in on at and or
    """
)
# `Opens that very flight`.
_WHOSE = frozenset(("that", "this", "its", "his", "her", "their"))
_BEHIND_A_NOUN = word_set(". , that which who of in on at")
# Behind these a number of things is a bound: `after several codes`, `within a few days`.
_BOUNDING = frozenset(("after", "within", "every", "until", "following", "last", "next", "past"))
_TIMES = word_set(
    """
    seconds minutes hours days weeks months years moments times attempts tries retries rounds
    """
)
_ABOUT = frozenset(("about", "around", "roughly", "ca"))
# `takes about 5 seconds`, not `tags around 42 letters`.
_BEFORE_ABOUT = word_set(
    """
    takes take lasts last at for in after within of costs cost weighs holds has have every waits
    """
)
_LABEL_WORDS = 3
_NEAR = 4  # Words: `after several wrong codes, 3 or more, …`.
# A sentence without any of these has no such degree.
ANY_DEGREE = _DEGREES | _SOME | _INTENSIFIERS | _ABOUT


def unbounded(one: Spoken, around: Surroundings) -> Iterator[tuple[int, int]]:
    """(first word, one past the last) of each degree of a sentence that has no measure."""
    words = one.sentence.words
    if ANY_DEGREE.isdisjoint(words) or _is_label(one):
        return
    for at, word in enumerate(words[:-1]):
        before = words[at - 1] if at else ""
        if word in _SOME and "each" in words[at:]:
            continue  # `In lines with several numbers it masks each of them`: all.
        if word in _DEGREES:
            end = _of_a_noun(one, at) or _bounding(words, at)
        elif word in _SOME:
            end = _bounding(words, at)
        elif word in _INTENSIFIERS:
            noun = before in _WHOSE or words[at + 1] in _NO_DEGREE
            noun = noun or "whether" in words[:at]  # `Does not know whether it is really there`
            # `Decodes to the very samples of the file`, `the very body that it got`
            if (before, word) == ("the", "very"):
                alone = _BEHIND_A_NOUN.issuperset(words[at + 2 : at + 3])
                noun = noun or is_plural(words[at + 1]) or alone
            end = 0 if noun or not words[at + 1].isalpha() else at + 2
        else:
            continue
        found = measures(one.sentence)
        if (
            "after" in words[max(0, at - 2) : at]
        ):  # `After several codes it is dead for 10 minutes`: how many?
            found = [near for near in found if near.at - end < _NEAR]
        if (
            end
            and not is_measured(found)
            and not (found and word in _SOME)
            and not is_name(one.sentence, at)
            and f"`{word}`" not in one.document.text  # One of the values that it may have.
            and not within_a_term(words, at, end, around)
            and not is_the_one(one.sentence, at, one.document.text)
        ):
            yield at, end


def _is_label(one: Spoken) -> bool:
    """Whether a row says how much that is: `| Very large | 9 |`."""
    label = one.block.kind == "row" and len(one.sentence) <= _LABEL_WORDS
    return label and any(cell.raw[:1].isdigit() for cell in one.block.passages)


def _of_a_noun(one: Spoken, at: int) -> int:
    """One past the noun that makes a word a degree: `large files`, `a short spoken text`; or 0."""
    words = one.sentence.words
    word, before = words[at], words[at - 1] if at else ""
    nouns = vocabulary.DEGREES[word]
    if before in ("kept", "stays", "remains"):
        return at + 1
    if nouns.isdisjoint(words[at + 1 : at + 3]) or (before, word) == ("a", "few"):
        return 0
    if word in ("many", "few", "several", "little", "much") and (
        before in _HOW_MANY or not WHICH_CASE.isdisjoint(words[:at])
    ):
        return 0
    if before == "the" and word in ("long", "short"):
        return 0  # `With the short name of a show`: it has one.
    if before in ("of", "among") or (before == "in" and word in _SOME):
        return 0
    if word in ("old", "stale") and number(before) is not None:
        return 0
    return at + 2 if words[at + 1] in nouns else at + 3


def _bounding(words: list[str], at: int) -> int:
    """One past the things that bound something, and are not counted; or 0."""
    if words[at] not in _SOME:
        return 0
    if words[at] == "some" and words[0] in WHICH_CASE and "," in words[at:]:
        return 0  # `Where the registry fails after some packages, …`
    before = words[at - 1] if at else ""
    if before == "a" and at > 1:
        before = words[at - 2]
    for end in range(at + 2, min(at + 4, len(words)) + 1):
        if is_plural(words[end - 1]):
            timed = words[end - 1] in _TIMES and before in ("for", "in")
            return end if before in _BOUNDING or timed else 0
    return 0


def guessed(one: Spoken) -> Iterator[tuple[int, int]]:
    """(first word, one past the last) of `about 30 seconds`, `around 20 users`."""
    words = one.sentence.words
    if _ABOUT.isdisjoint(words):
        return
    for at, word in enumerate(words[:-1]):
        told = word not in ("about", "around") or not at or words[at - 1] in _BEFORE_ABOUT
        if word in _ABOUT and words[at + 1][0].isdigit() and told:
            yield at, at + 2
