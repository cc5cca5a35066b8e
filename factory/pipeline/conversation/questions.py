"""What to ask the author about a requirement that was not met, from the public text alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import islice, pairwise

from factory.errors import FactoryError
from factory.records import SpecText
from factory.spec.asking.questions import Kind, questions
from factory.spec.document import SpecDocument, parse_spec
from factory.spec.finding import Finding
from factory.spec.rules import checks
from factory.spec.spoken import spoken
from factory.spec.surroundings import Surroundings

MOST = 3
MOST_FINDINGS = 1000
# The narrow ones first: their words stand in the requirement. The others fit any.
_ORDER: tuple[Kind, ...] = ("bound", "order", "repetition", "outcome", "condition")


def doubts(spec: SpecText, ids: Collection[str]) -> dict[str, list[str]]:
    """What the gate has against the lines of these requirements, whether or not it was allowed.

    Returns:
        For each requirement with any: a question for each. Text of the spec stands in it.
    """
    document = _read(spec)
    if document is None:
        return {}
    said = list(spoken(document))
    found = list(islice(checks(document, said, Surroundings()), MOST_FINDINGS))
    lines = {id: span for id, span in _spans(document).items() if id in ids}
    told: dict[str, list[str]] = {}
    for id, span in lines.items():
        if about := [_asked(one) for one in found if one.line in span]:
            told[id] = list(dict.fromkeys(about))
    return told


def asked(
    spec: SpecText, ids: Collection[str], doubted: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    """At most three questions for each of these requirements: the gate's doubts first."""
    document = _read(spec)
    if document is None:
        return {}
    every = sorted(
        (one for one in questions(document) if one.kind in _ORDER),
        key=lambda one: _ORDER.index(one.kind),
    )
    return {
        id: [*doubted.get(id, ()), *(one.text for one in every if one.subject == id)][:MOST]
        for id in ids
    }


def _read(spec: SpecText) -> SpecDocument | None:
    try:
        return parse_spec(spec.text, path=spec.path)
    except FactoryError:
        return None


def _spans(document: SpecDocument) -> dict[str, range]:
    """The lines of each requirement: up to the next one, or to the end of its section."""
    ends = sorted([*(one.line for one in document.sections), len(document.lines) + 1])
    every = list(document.requirements())
    starts = [*(one.line for one in every), len(document.lines) + 1]
    return {
        one.id: range(first, min([next_, *(end for end in ends if end > first)]))
        for one, (first, next_) in zip(every, pairwise(starts), strict=True)
    }


def _asked(one: Finding) -> str:
    return f"{one.message[:1].upper()}{one.message[1:]}. Could you {one.mend}?"
