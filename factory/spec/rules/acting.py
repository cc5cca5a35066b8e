"""Verbs of doing, and where they stand: what several rules about clauses ask for."""

from __future__ import annotations

from factory.spec.language.clauses import CONDITION, RELATIVE
from factory.spec.language.verbs import ACTS, DOING, VERBS
from factory.spec.language.word_list import word_set

PLURAL_ACTS = (
    ACTS - {"start", "order", "list", "open", "set", "close", "mark", "sort"}
) | word_set("vanish get receive see leave go disappear pay lose")
MOVES = DOING | {"goes"}
ANY = VERBS | {"is", "are", "has", "have", "carries", "costs"}
STARTING = word_set("the a an it each every this they")


def acts(words: list[str], verbs: frozenset[str] = DOING) -> bool:
    """Whether one of the verbs stands in these words, and not one of doing nothing."""
    for at, word in enumerate(words):
        if word in CONDITION or word in RELATIVE or word in (",", "stays", "stay", "remains"):
            return False  # That something stays as it is, is no second thing.
        if word in verbs:
            return words[at + 1 : at + 2] not in (["no"], ["nothing"], ["nobody"])
    return False
