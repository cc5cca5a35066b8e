"""`template-text`: answers that are the template's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from factory.spec.document import SpecDocument, plain_text
from factory.spec.finding import Finding, finding_in
from factory.spec.language.late import late
from factory.spec.markdown import Section
from factory.spec.surroundings import Surroundings

_MEND = "write what holds for this spec; an example belongs into a comment of the template"


def template_text(document: SpecDocument, around: Surroundings) -> Iterator[Finding]:
    """Sections, requirements and lines that say what the team's template says, or ours."""
    yield from _ours(document)
    form = around.forms.get(document.kind)
    asked = [one for one in form.sections if one.texts] if form else []
    if not asked:
        return
    numbered = set(document.requirement_at)
    numbered |= {item.line for item, ids, _ in document.coverage() if ids}
    for wanted in asked:
        section = document.section(wanted.name)
        if section is not None:
            yield from _left(document, section, wanted.said, numbered)


# Our templates are models, about a shortener of links: whoever writes over one may leave some of it
# standing, and what its comments ask. A test compares these with them.
OURS = (
    "What exists once this is built, and what it is good for",
    "Who uses it, from where, and what they must be or have for it",
    "Every input with its bounds, then every way in which it can be wrong",
    "What comes out, in its exact form: names, types, codes",
    "What must hold whenever it is used as intended",
    "What happens at the bounds, with nothing, with too much, twice",
    "without the code would find out that each",
    "Bounds on how it does all this: time, size, cost",
    "Which system this divides into parts, and what the division is good for",
    "Who builds by it and who relies on it",
    "what it is responsible for, what it must not know",
    "who calls whom, through what, with which data",
    "The way of the data through the parts, step by step",
    "What must not happen, whatever a feature asks for",
    "Performance and cost, as numbers with their unit",
    "How a reviewer, or a program, finds out that",
    "Which property it bounds, and what goes wrong beyond the bound",
    "The bounds: one to a line, each with the conditions",
    "Everyone who builds for the shortener, agents included",
    "gives the service a URL and gets back a link that leads to it",
    "The link fits on a slide and can be read out over the telephone",
    "Anyone who can reach the service, in a browser or from a program",
    "in a browser or from a program. The service asks for no account",
    "`POST /links`",
    "`GET /{alias}`",
    "the link's URL in the header `Location`",
)
_SIGNS = (
    "what it is good for", "have for it", "can be wrong", "the shortener", "a slide",
    "leads to it", "or from a program", "/links", "{alias}", "`Location`", "its exact form",
    "as intended", "with nothing, with", "would find out", "does all this", "the division is",
    "relies on it", "must not know", "calls whom", "through the parts,", "a feature asks for",
    "with their unit", "finds out that", "beyond the bound", "one to a line",
)  # fmt: skip
_THEIR_SUBJECT = late(r"\b(?:links?|urls?|shorten\w*|alias\w*)\b", re.IGNORECASE)


def _ours(document: SpecDocument) -> Iterator[Finding]:
    """What our own template says, in a spec about something else."""
    about = f"{document.meta.get('title')} {document.meta.get('product')} {document.id}"
    if not any(sign in document.body for sign in _SIGNS) or _THEIR_SUBJECT.search(about):
        return
    for block in (one for section in document.sections for one in section.blocks):
        found = next((one for one in OURS if one in block.text), None)
        if found is not None:
            yield finding_in(
                document, "template-text", f"this is the template's: {found[:50]!r}", _MEND,
                line=block.line,
            )  # fmt: skip


def _left(
    document: SpecDocument, section: Section, texts: frozenset[str], numbered: set[int]
) -> Iterator[Finding]:
    """What of a section is left as the template has it; `numbered` are lines with numbers."""
    said = [one for one in section.blocks if one.kind != "heading" and plain_text(one)]
    left = [one for one in said if plain_text(one) in texts]
    if left and len(left) == len(said):
        yield finding_in(
            document, "template-text", f"{section.name!r} says only what the template says", _MEND,
            line=left[0].line,
        )  # fmt: skip
        return
    for block in left:
        binds = block.line in numbered
        if not binds and (block.kind not in ("item", "text") or block.text.endswith(":")):
            continue  # A head of a table, or words that lead to what follows.
        yield finding_in(
            document, "template-text", "this line is the template's", _MEND, line=block.line,
            severity=None if binds else "warning",
        )  # fmt: skip
