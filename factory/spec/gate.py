"""The gate: what a spec must have before any money is spent on it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from factory.errors import FactoryError
from factory.spec.cache import Cache, Checked
from factory.spec.document import SIZE_LIMIT_BYTES, SpecDocument, parse_spec
from factory.spec.facts import Facts, facts_of
from factory.spec.finding import Finding, by_place, finding_of
from factory.spec.library import Batch, batches
from factory.spec.relations import related
from factory.spec.rules import checks
from factory.spec.silence import silenced
from factory.spec.spoken import spoken
from factory.spec.surroundings import Surroundings, context_findings, read_surroundings
from factory.spec.text_file import decode, read_bytes


def check_folder(folder: Path) -> tuple[list[Finding], int]:
    """Check every spec of a specs repository; a spec that cannot be read is a finding."""
    return check_files([folder])


def check_files(
    paths: Sequence[Path], cache: Cache | None = None, base: str | None = None
) -> tuple[list[Finding], int]:
    """Check these files, or the specs in these folders, with all that surrounds them.

    Args:
        paths: files and folders.
        cache: what is known of texts that were checked before; None to check anew.
        base: the revision to compare versions with; None for the branch that specs merge to.

    Returns:
        The findings, by place, and how many specs were looked at.

    Raises:
        InputError: a path does not exist, or there is no spec.
        ConfigurationError: a factory.yml cannot be read.
    """
    findings: list[Finding] = []
    count = 0
    for batch in batches(paths):
        findings += _check_batch(batch, cache)
        count += len(batch.named)
    return sorted(findings, key=by_place), count


def _check_batch(batch: Batch, cache: Cache | None) -> Iterator[Finding]:
    around, unreadable = read_surroundings(batch.root)
    yield from unreadable
    if batch.root is not None and len(batch.named) == len(batch.files):
        yield from context_findings(batch.root, around)
    named = {os.path.relpath(path) for path in batch.named}
    facts: list[Facts] = []
    for path in batch.files:
        shown = os.path.relpath(path)
        checked = check_file(path, shown, around, cache)
        if checked.facts is not None:
            facts.append(checked.facts)
        if shown in named:
            yield from checked.findings
    yield from (one for one in related(facts) if one.path in named)


def check_file(path: Path, shown: str, around: Surroundings, cache: Cache | None) -> Checked:
    """What can be said of one file by itself; `shown` is how messages call it."""
    try:
        data = read_bytes(path, shown, SIZE_LIMIT_BYTES)
    except FactoryError as error:
        return Checked(findings=(finding_of(error, "unreadable"),), facts=None)
    if cache is None:
        return _check(data, shown, around)
    return cache.get(data, around, shown, lambda: _check(data, shown, around))


def _check(data: bytes, shown: str, around: Surroundings) -> Checked:
    try:
        document = parse_spec(decode(data, shown=shown), path=shown)
    except FactoryError as error:
        return Checked(findings=(finding_of(error, "unreadable"),), facts=None)
    findings, facts = check_alone(document, around)
    return Checked(findings=tuple(findings), facts=facts)


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
    thin = {one.line for one in found if one.rule == "section-thin"}
    found = [one for one in found if one.rule != "vague-word" or one.line not in thin]
    return silenced(document, found), facts_of(document, said)


def errors_of(findings: Iterable[Finding], paths: Collection[str]) -> list[Finding]:
    """The findings of severity error in these files."""
    return [one for one in findings if one.severity == "error" and one.path in paths]
