"""Requirements: something in each, once each, and each evaluated in Given, when, then."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from factory.spec.document import REQUIREMENT_SECTIONS, Requirement, SpecDocument
from factory.spec.finding import Finding, finding_in
from factory.spec.rules.circular import says_nothing_new, shows_nothing
from factory.spec.rules.constraints import is_measured
from factory.spec.rules.nothing import is_no_requirement, is_one_word, says_nothing
from factory.spec.rules.numbering import numbers_within
from factory.spec.surroundings import Surroundings

_WHERE_TRIED = "; where a section says how they are tried, end its heading with `(Evaluation)`"
# Of a ticket, a key, a link, of a program's tests without a network this may say enough.
_WORKS = (" it works", " they work", " the code works", " they pass", " of them are right")
# In lower case: a pattern that ignores case takes three times as long.
# What stands before a word is looked at behind it, so that others are passed over at once.
_STEPS = {one: re.compile(rf"{one}(?<=\b{one})\b") for one in ("given", "when", "then")}


def asked(document: SpecDocument, _: Surroundings) -> Iterator[Finding]:
    """Numbers without a line, numbers given twice, no number at all."""
    requirements = list(document.requirements())
    for requirement in requirements:
        if not requirement.text or is_no_requirement(requirement.text):
            if not _is_told_otherwise(document, requirement):
                yield finding_in(
                    document, "requirement-empty", f"{requirement.id} says nothing",
                    "write what must be observable, or remove the line", line=requirement.line,
                )  # fmt: skip
        elif is_one_word(requirement.text) and not requirement.id.startswith("C"):
            yield finding_in(
                document, "requirement-empty", f"{requirement.id} is a single word",
                "write a sentence: who does what, and what is seen then", line=requirement.line,
            )  # fmt: skip
        elif says_nothing_new(requirement.text):
            yield finding_in(
                document, "requirement-empty", f"{requirement.id} says no more than the spec does",
                "write what somebody would see", line=requirement.line,
            )  # fmt: skip
    yield from _twice(document, requirements)
    if not requirements and document.kind in ("feature", "constraint"):
        yield finding_in(
            document, "requirement-none", "the spec has no numbered requirement",
            "write rules as `- R1: …`",
        )  # fmt: skip


def _is_told_otherwise(document: SpecDocument, requirement: Requirement) -> bool:
    """Whether another rule finds the same: no edge case, or nothing to measure a constraint by."""
    if requirement.id.startswith("C"):
        return bool(requirement.text) and not is_measured(requirement.text)
    return (
        requirement.id.startswith("E")
        and document.kind == "feature"
        and says_nothing(f"{requirement.id}: {requirement.text}")
    )


def _twice(document: SpecDocument, requirements: list[Requirement]) -> Iterator[Finding]:
    counts = Counter(one.id for one in requirements)
    if len(counts) == len(requirements):
        return
    ours = {
        block.line
        for section in document.sections
        if section.name in REQUIREMENT_SECTIONS
        for block in section.blocks
    }
    for one in requirements:
        if counts[one.id] > 1:
            tried = "" if one.line in ours else _WHERE_TRIED
            yield finding_in(
                document, "requirement-twice", f"{one.id} stands more than once",
                f"give each requirement a number of its own{tried}", line=one.line,
            )  # fmt: skip


def evaluated(document: SpecDocument, _: Surroundings) -> Iterator[Finding]:
    """Evaluation lines that name nothing, name what is not there or are no Given, when, then."""
    # In an architecture numbers are its author's choice, and without any nothing names them.
    named = document.kind != "architecture" or bool(document.numbered)
    known = {one.id for one in document.requirements()}
    covered: set[str] = set()
    for item, ids, text in document.coverage():
        covered.update(ids)
        for unknown in [one for one in ids if one not in known]:
            yield finding_in(
                document, "evaluation-unknown", f"covers {unknown}, which the spec does not have",
                "name a requirement of this spec", line=item.line,
            )  # fmt: skip
        if not ids and named:
            yield finding_in(
                document, "evaluation-unnamed", "an evaluation line names no requirement",
                "begin it with the ids it covers, as in `- R1, E2: Given …`", line=item.line,
            )  # fmt: skip
        elif not _in_steps(text):
            yield finding_in(
                document, "evaluation-form", f"an evaluation line {_lacking(text)}",
                "write: Given …, when …, then …", line=item.line,
            )  # fmt: skip
        elif shows_nothing(text):
            yield finding_in(
                document, "evaluation-form", "nobody knows what to look at after this 'then'",
                "write what somebody sees: `then the list has 3 rows`", line=item.line,
                severity="warning" if text.rstrip(". ").endswith(_WORKS) else None,
            )  # fmt: skip
        for name, line, column in numbers_within(document, item):
            yield finding_in(
                document, "evaluation-unnamed", f"{name} stands within another line",
                f"write it as an item of its own: `- {name}: Given …`", line=line, column=column,
            )  # fmt: skip
    section = document.section("Evaluation")
    if section is None:
        return
    for requirement in document.requirements():
        if requirement.id not in covered:
            yield finding_in(
                document, "evaluation-lacking", f"no evaluation line covers {requirement.id}",
                f"add `- {requirement.id}: Given …, when …, then …`", line=requirement.line,
            )  # fmt: skip


def _in_steps(text: str) -> bool:
    """Whether the three words stand in a text, in their order."""
    at, lower = 0, text.lower()
    for step in _STEPS.values():
        found = step.search(lower, at)
        if found is None:
            return False
        at = found.end()
    return True


def _lacking(text: str) -> str:
    """What keeps a text from being Given, when, then."""
    lacking = [f"no {word!r}" for word, step in _STEPS.items() if not step.search(text.lower())]
    if not lacking:
        return "does not say 'given', 'when' and 'then' in this order"
    *before, last = lacking
    return f"has {', '.join(before)} and {last}" if before else f"has {last}"
