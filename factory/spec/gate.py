"""The gate: what a spec must have before any money is spent on it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from factory.errors import FactoryError
from factory.spec.document import SpecDocument, read_spec
from factory.spec.facts import Facts, facts_of
from factory.spec.finding import Finding, by_place
from factory.spec.library import find_specs
from factory.spec.relations import related
from factory.spec.rules import checks
from factory.spec.silence import silenced
from factory.spec.spoken import spoken
from factory.spec.surroundings import Surroundings


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
            findings.append(unreadable(error, shown))
    return sorted([*findings, *check_specs(documents)], key=by_place), len(paths)


def check_specs(
    documents: Sequence[SpecDocument], around: Surroundings | None = None
) -> list[Finding]:
    """Check specs that could be read, alone and against each other."""
    around = around or Surroundings()
    findings, facts = [], []
    for document in documents:
        alone, known = check_alone(document, around)
        findings += alone
        facts.append(known)
    return sorted([*findings, *related(facts)], key=by_place)


def check_alone(document: SpecDocument, around: Surroundings) -> tuple[list[Finding], Facts]:
    """What can be said of one spec by itself, and what others are to be compared with."""
    said = list(spoken(document))
    found = list(checks(document, said, around))
    return silenced(document, found), facts_of(document, said)


def unreadable(error: FactoryError, shown: str) -> Finding:
    """The finding that a file cannot be read."""
    return Finding(
        rule="unreadable",
        severity="error",
        path=shown,
        line=error.line or 1,
        column=error.column or 1,
        message=error.message,
        mend=error.mend,
    )


def errors_of(findings: Iterable[Finding], paths: Collection[str]) -> list[Finding]:
    """The findings of severity error in these files."""
    return [one for one in findings if one.severity == "error" and one.path in paths]
