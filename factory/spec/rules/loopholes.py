"""Conditions that nobody can check: `wherever that is feasible`, `as the situation demands`."""

from __future__ import annotations

from collections.abc import Iterator

from factory.spec.language.word_list import word_set

# A condition next to its adjective, as in `if necessary`, stands in the vocabulary.
_JUDGED = word_set(
    """
    feasible practicable practical possible applicable necessary needed required fitting
    workable doable viable
    """
)
_OPENING = word_set(
    """
    if where wherever when whenever unless far long insofar inasmuch
    """
)
_BETWEEN = word_set(
    """
    that this it they these is are be was seems seem looks proves appears deemed considered thought
    found at all also still really absolutely reasonably technically strictly somehow in any way as
    """
)
_REACH_BACK = 6
# `If it is possible to vote` says what, `if it is required by R3` says by whom.
_SAID_BEHIND = (["to"], ["by"], ["for"])
_PERMITTING = word_set(
    """
    permit permits allow allows demand demands require requires
    """
)
_CIRCUMSTANCES = word_set(
    """
    circumstances situation situations conditions time budget resources context case capacity
    weather
    """
)
# A sentence without any of these has no such condition.
ANY_LOOPHOLE = _JUDGED | _PERMITTING


def loopholes(words: list[str]) -> Iterator[tuple[int, int]]:
    """(first word, one past the last) of each such condition in a sentence."""
    if ANY_LOOPHOLE.isdisjoint(words):
        return
    for at, word in enumerate(words):
        if word in _JUDGED and words[at + 1 : at + 2] not in _SAID_BEHIND:
            first = _opening(words, at)
            if first is not None and first < at - 1:
                yield first, at + 1
        elif word in _PERMITTING and at >= 2 and words[at - 1] in _CIRCUMSTANCES:
            first = at - 3 if words[at - 2] in ("the", "our", "this") else at - 2
            if first >= 0 and words[first] in ("as", "if", "when", "where", "wherever", "whenever"):
                yield first, at + 1


def _opening(words: list[str], at: int) -> int | None:
    """Where the condition opens of which the word at `at` is the last, if one does."""
    first = at - 1
    while first > 0 and at - first < _REACH_BACK and words[first] in _BETWEEN:
        first -= 1
    return first if first >= 0 and words[first] in _OPENING else None
