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
# `Where it can`, `as far as the page is able`: what it can is for the builder to say.
_ABLE = frozenset(("can", "could", "able", "manages", "manage", "likes", "wishes"))
_FAR = (
    ["as", "far", "as"], ["as", "well", "as"], ["as", "much", "as"], ["as", "often", "as"],
    ["as", "good", "as"], ["as", "fast", "as"], ["as", "soon", "as"], ["as", "best"],
)  # fmt: skip
_ITS = word_set("it they he she one we you the this that is are be at as all")
_BEHIND_ABLE = word_set(". , ; : and or but ) to")
# A sentence without any of these has no such condition.
ANY_LOOPHOLE = _JUDGED | _PERMITTING | {"can", "could", "able", "manages", "manage"}


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
        elif word in _ABLE:
            first = _as_able(words, at)
            if first is not None:
                yield first, at + 1


def _as_able(words: list[str], at: int) -> int | None:
    """Where `where it can`, `as far as the page is able` or `all it can` opens, if it does."""
    behind = words[at + 1 : at + 2]
    if behind and behind[0] not in _BEHIND_ABLE:
        return None
    subject = at - 1
    while subject >= 0 and at - subject < 5 and words[subject] not in ("where", "as", "all"):
        if words[subject] in ("wherever", "whenever", "if", "when", "what", "best"):
            break
        subject -= 1
    if subject < 0 or at - subject < 2 or at - subject >= 5:
        return None
    named = words[subject + 1 : at]
    if not _ITS.issuperset(named[:1]):
        return None
    opens = words[subject]
    if opens == "as":
        return subject - 2 if words[subject - 2 : subject + 1] in _FAR else None
    if opens == "all":
        return subject if words[subject - 1 : subject] in (["does"], ["do"]) else None
    return subject if behind != ["to"] or opens == "what" else None


def _opening(words: list[str], at: int) -> int | None:
    """Where the condition opens of which the word at `at` is the last, if one does."""
    first = at - 1
    while first > 0 and at - first < _REACH_BACK and words[first] in _BETWEEN:
        first -= 1
    return first if first >= 0 and words[first] in _OPENING else None
