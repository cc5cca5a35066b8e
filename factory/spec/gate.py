"""The gate: what a spec must have before any money is spent on it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from factory.errors import FactoryError
from factory.spec.document import (
    REQUIREMENT_SECTIONS,
    SpecDocument,
    front_matter_problems,
    read_spec,
)
from factory.spec.finding import Finding, finding_in
from factory.spec.library import find_specs
from factory.spec.relations import dependencies, duplicate_ids

SECTIONS = {
    "feature": (
        "What",
        "Who",
        "Inputs",
        "Outputs",
        "Rules",
        "Edge cases",
        "Evaluation",
        "Constraints",
    ),
    "architecture": (
        "What",
        "Who",
        "Components",
        "Seams",
        "Data flow",
        "Never",
        "Targets",
        "Evaluation",
    ),
    "constraint": ("What", "Applies to", "Constraints", "Evaluation"),
}

# Controls but tab, soft hyphen, zero-width space, bidi controls, invisible operators, line and
# paragraph separators, byte order mark, tag characters. Not the joiners, which scripts need.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_HIDDEN_IN_LINE = re.compile(f"[\n\t]|{_HIDDEN.pattern}")

Rule = Callable[[SpecDocument], Iterator[Finding]]


def check_folder(folder: Path) -> tuple[list[Finding], int]:
    """Check every spec of a specs repository; a spec that cannot be read is a finding."""
    return check_files(find_specs(folder))


def check_files(paths: Sequence[Path]) -> tuple[list[Finding], int]:
    """Check these files; returns the findings, by place, and how many files were looked at."""
    documents, findings = [], []
    for path in paths:
        shown = os.path.relpath(path)
        try:
            documents.append(read_spec(path, name=shown))
        except FactoryError as error:
            findings.append(
                Finding(
                    rule="unreadable",
                    severity="error",
                    path=shown,
                    line=error.line or 1,
                    column=error.column or 1,
                    message=error.message,
                    mend=error.mend,
                )
            )
    return sorted([*findings, *check_specs(documents)], key=_by_place), len(paths)


def check_specs(documents: Sequence[SpecDocument]) -> list[Finding]:
    """Check specs that could be read, alone and against each other."""
    findings = [found for one in documents for rule in RULES for found in rule(one)]
    findings += duplicate_ids(documents)
    findings += dependencies(documents)
    return sorted(findings, key=_by_place)


def errors_of(findings: Iterable[Finding], paths: Collection[str]) -> list[Finding]:
    """The findings of severity error in these files."""
    return [one for one in findings if one.severity == "error" and one.path in paths]


def _front_matter(document: SpecDocument) -> Iterator[Finding]:
    for message, mend, line, column in front_matter_problems(document):
        yield finding_in(document, "front-matter", message, mend, line=line, column=column)


def _hidden_characters(document: SpecDocument) -> Iterator[Finding]:
    """What a reviewer cannot see, an agent still reads; each line of it once."""
    for number, text in enumerate(document.text.split("\n"), 1):
        found = _HIDDEN.search(text)
        if found:
            yield finding_in(
                document, "hidden-character",
                f"holds U+{ord(found[0]):04X}, which nobody sees", "remove it",
                line=number, column=found.start() + 1,
            )  # fmt: skip
    for key in ("title", "owner"):  # YAML can write one as an escape, which the lines do not show.
        found = _HIDDEN_IN_LINE.search(str(document.meta.get(key, "")))
        line, column = document.front.place((key,))
        if found and not _HIDDEN.search(document.text):
            yield finding_in(
                document, "hidden-character",
                f"{key} holds U+{ord(found[0]):04X}, which nobody sees", "remove it",
                line=line, column=column,
            )  # fmt: skip


def _sections_present(document: SpecDocument) -> Iterator[Finding]:
    wanted = SECTIONS.get(str(document.meta.get("kind")), ())
    names = [section.name for section in document.sections]
    for name, count in Counter(names).items():
        if count > 1 and name in wanted:
            last = [one for one in document.sections if one.name == name][-1]
            yield finding_in(
                document, "section-twice", f"the section {name!r} stands twice", "merge them",
                line=last.line,
            )  # fmt: skip
    for position, name in enumerate(wanted):
        section = document.section(name)
        if section is None:
            before = next((n for n in reversed(wanted[:position]) if n in names), None)
            anchor = document.section(before) if before else None
            yield finding_in(
                document,
                "section-missing",
                f"the section {name!r} is missing",
                f"add a heading `## {name}` and answer it",
                line=anchor.line if anchor else 1,
            )
        elif not section.has_text:
            yield finding_in(
                document, "section-empty", f"the section {name!r} says nothing",
                "answer it, or write why it does not apply", line=section.line,
            )  # fmt: skip
    order = [name for name in names if name in wanted]
    expected = [name for name in wanted if name in order]
    if len(set(order)) == len(order) and order != expected:
        wrong = next(a for a, b in zip(order, expected, strict=True) if a != b)
        section = document.section(wrong)
        yield finding_in(
            document, "section-order", f"the section {wrong!r} is out of order",
            f"the order is: {', '.join(wanted)}", line=section.line if section else 1,
        )  # fmt: skip


def _numbered(document: SpecDocument) -> Iterator[Finding]:
    requirements = list(document.requirements())
    lines = {one.line for one in requirements}
    for name, letter in REQUIREMENT_SECTIONS.items():
        section = document.section(name)
        for item in section.items if section else ():
            if item.line not in lines:
                yield finding_in(
                    document, "requirement-number", f"a line of {name!r} has no number",
                    f"begin it with `{letter}1:`, `{letter}2:` …", line=item.line,
                )  # fmt: skip
    for requirement in requirements:
        if not requirement.text:
            yield finding_in(
                document, "requirement-empty", f"{requirement.id} says nothing",
                "write what must be observable", line=requirement.line,
            )  # fmt: skip
    counts = Counter(one.id for one in requirements)
    for requirement in requirements:
        if counts[requirement.id] > 1:
            yield finding_in(
                document, "requirement-twice", f"{requirement.id} stands more than once",
                "give each requirement a number of its own", line=requirement.line,
            )  # fmt: skip
    if not requirements and document.meta.get("kind") in ("feature", "constraint"):
        yield finding_in(
            document, "requirement-none", "the spec has no numbered requirement",
            "write rules as `- R1: …`",
        )  # fmt: skip


def _covered(document: SpecDocument) -> Iterator[Finding]:
    if document.meta.get("kind") == "architecture":
        return  # It has no numbered requirements to cover.
    known = {one.id for one in document.requirements()}
    covered: set[str] = set()
    for item, ids, text in document.coverage():
        covered.update(ids)
        for unknown in [one for one in ids if one not in known]:
            yield finding_in(
                document, "evaluation-unknown", f"covers {unknown}, which the spec does not have",
                "name a requirement of this spec", line=item.line,
            )  # fmt: skip
        if not ids:
            yield finding_in(
                document, "evaluation-unnamed", "an evaluation line names no requirement",
                "begin it with the ids it covers, as in `- R1, E2: Given …`", line=item.line,
            )  # fmt: skip
        elif not all(word in text.lower() for word in ("when", "then")):
            yield finding_in(
                document, "evaluation-form", "an evaluation line is not Given/When/Then",
                "write: Given …, when …, then …", line=item.line,
            )  # fmt: skip
    if document.section("Evaluation") is None:
        return
    for requirement in document.requirements():
        if requirement.id not in covered:
            yield finding_in(
                document, "evaluation-lacking", f"no evaluation line covers {requirement.id}",
                f"add `- {requirement.id}: Given …, when …, then …`", line=requirement.line,
            )  # fmt: skip


RULES: tuple[Rule, ...] = (
    _front_matter,
    _hidden_characters,
    _sections_present,
    _numbered,
    _covered,
)


def _by_place(finding: Finding) -> tuple[str, int, int, str]:
    return finding.path, finding.line, finding.column, finding.rule
