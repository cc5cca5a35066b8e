"""The gate's rules, a module for each kind of fault; what each asks for is in the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from factory.spec.document import SpecDocument
from factory.spec.finding import Finding
from factory.spec.rules.coined import coined
from factory.spec.rules.constraints import constraints_measured
from factory.spec.rules.front import front_matter
from factory.spec.rules.hidden import hidden
from factory.spec.rules.inputs import inputs
from factory.spec.rules.numbering import numbering
from factory.spec.rules.numbers import units_missing
from factory.spec.rules.ordinals import ordinals
from factory.spec.rules.questions import open_in_front_matter, open_questions
from factory.spec.rules.references import references
from factory.spec.rules.requirements import asked, evaluated
from factory.spec.rules.sections import sections_answered, sections_present
from factory.spec.rules.sentences import sentences
from factory.spec.rules.technology import implementation
from factory.spec.rules.template_text import template_text
from factory.spec.rules.terms import terms
from factory.spec.rules.words import unclear_words
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

# Of the document as a whole, and of its sentences one by one.
_OF_DOCUMENTS: tuple[Callable[[SpecDocument, Surroundings], Iterator[Finding]], ...] = (
    front_matter,
    hidden,
    sections_present,
    sections_answered,
    template_text,
    open_in_front_matter,
    inputs,
    numbering,
    asked,
    evaluated,
    constraints_measured,
)
_OF_SENTENCES: tuple[Callable[[list[Spoken], Surroundings], Iterator[Finding]], ...] = (
    open_questions,
    unclear_words,
    units_missing,
    sentences,
    implementation,
    terms,
    coined,
    references,
    ordinals,
)


def checks(document: SpecDocument, said: list[Spoken], around: Surroundings) -> Iterator[Finding]:
    """Everything that the rules find in one spec; `said` are its sentences."""
    for check in _OF_DOCUMENTS:
        yield from check(document, around)
    for rule in _OF_SENTENCES:
        yield from rule(said, around)
