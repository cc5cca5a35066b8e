"""Clauses: the words that make one passive, a duty or a condition, and what precedes its verb."""

from __future__ import annotations

from factory.spec.language.word_list import word_set

BE = word_set(
    """
    is are was were be been being gets get
    """
)
MODAL = frozenset(["must", "shall", "will"])
CONDITION = word_set(
    """
    if when where whenever while once unless until after before because since although though as
    than whether given for
    """
)
RELATIVE = word_set("that which who whose whom it")
ARTICLES = word_set("the a an each every")
"""What one noun stands behind, and what opens a sentence about one thing."""
OF_A_CASE = frozenset(("on", "at", "with", "without", "under", "during"))
"""What tells at the beginning of a sentence, up to its comma, in which case the rest holds."""
WHICH_CASE = word_set("if when where whenever once unless who that which whose")
"""Behind these a sentence tells which case is meant, and obliges nobody."""


def clause(words: list[str], at: int) -> list[str]:
    """The words of the clause before its verb: back to a comma or the sentence's begin."""
    first = at
    while first > 0 and words[first - 1] not in (",", ":", "–", "—", "("):
        first -= 1
    return words[first:at]
