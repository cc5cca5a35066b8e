"""Seams and data flow of an architecture that speak of its parts and call none by its name."""

from __future__ import annotations

from collections.abc import Iterator

from factory.spec.document import SpecDocument
from factory.spec.language.clauses import ARTICLES, BE, RELATIVE
from factory.spec.language.prose import LITERAL, sentences
from factory.spec.language.verbs import VERBS
from factory.spec.language.word_list import word_set
from factory.spec.markdown import Section
from factory.spec.rules.hollow import hollow_in

SECTIONS = ("Seams", "Data flow")
_ANY_PARTS = word_set(
    """
    part parts component components module modules layer layers piece pieces program programs
    another flow
    """
)
_LONGEST = 5_000  # Characters of a passage: what stands behind them names parts, too.


def names_no_part(document: SpecDocument, section: Section) -> bool:
    """Whether it speaks of parts, and holds neither a name of one of the Components, nor a literal,
    a number, a table or code.

    `The parts work together through clear interfaces` is true of any architecture.
    """
    if any(block.kind in ("row", "code") for block in section.blocks):
        return False
    names = set(_names(document)) - _ANY_PARTS - hollow_in(section.name)
    generic = False
    for block in section.blocks:
        for passage in block.passages if block.kind != "heading" else ():
            for sentence in sentences(passage.raw[:_LONGEST]):
                words = sentence.words
                if sentence.has_digits or LITERAL in words or not names.isdisjoint(words):
                    return False
                generic = generic or not _ANY_PARTS.isdisjoint(words)
    return generic


def _names(document: SpecDocument) -> Iterator[str]:
    """The words of each component's name: what is said of it begins with that."""
    components = document.section("Components")
    for block in components.blocks if components else ():
        first = next(sentences(block.text[:_LONGEST]), None)
        for at, word in enumerate(first.words if first else ()):
            if (
                word in VERBS
                or word in BE
                or word in RELATIVE
                or not (word[0].isalpha() or word == LITERAL)
            ):
                break
            if word not in ARTICLES:
                yield first.literal(at).lower() if first and word == LITERAL else word
