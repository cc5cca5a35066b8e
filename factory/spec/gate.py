"""The gate: what a spec must have before any money is spent on it."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import FactoryError
from factory.spec.facts import Checked
from factory.spec.finding import Finding, by_place, finding_of
from factory.spec.library import Batch, batches
from factory.spec.our_fault import our_fault
from factory.spec.relations import FactStore, related
from factory.spec.surroundings import Surroundings, context_findings, read_surroundings
from factory.spec.text_file import SPEC_LIMIT_BYTES, read_bytes

if TYPE_CHECKING:
    from factory.spec.cache import Cache
    from factory.spec.document import SpecDocument

_OBJECTS_BETWEEN_COLLECTIONS = 50_000


def check_files(
    paths: Sequence[Path],
    cache: Cache | None = None,
    base: str | None = None,
    *,
    env: Mapping[str, str] | None = None,
    note: Callable[[str], None] = lambda said: None,
) -> tuple[list[Finding], int]:
    """Check these files, or the specs in these folders, with all that surrounds them.

    A spec that cannot be read is a finding, and so is one on which the gate itself fails.

    Args:
        paths: files and folders.
        cache: what is known of texts that were checked before; None to check anew.
        base: the revision to compare versions with, also those of files that belong to no specs
            repository; None for the branch that specs merge to.
        env: of the process, where that may be a workflow that names this branch.
        note: told what could not be checked, where that is about no spec: once each.

    Returns:
        The findings, by place, and how many specs were looked at.

    Raises:
        InputError: a path does not exist, there is no spec, or `base` is nothing to compare with.
        ConfigurationError: a factory.yml cannot be read.
    """
    findings: list[Finding] = []
    count = 0
    notes: dict[str, None] = {}
    with _few_collections():
        for batch in batches(paths):
            findings += _check_batch(batch, cache)
            if batch.root is not None or base is not None:
                findings += _check_versions(batch, base, env, notes.setdefault)
            count += len(batch.named)
    for said in notes:
        note(said)
    return sorted(findings, key=by_place), count


@contextmanager
def _few_collections() -> Iterator[None]:
    """Collect garbage seldom: a spec makes thousands of objects and leaves few cycles, and looking
    for them is a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _check_batch(batch: Batch, cache: Cache | None) -> Iterator[Finding]:
    around, unreadable = read_surroundings(batch.root)
    if batch.root is not None and len(batch.named) == len(batch.files):
        unreadable += context_findings(batch.root, around)
    yield from dict.fromkeys(unreadable)  # A glossary that cannot be read stands in both.
    named = frozenset(batch.named)
    facts = FactStore()
    for name in batch.files:
        checked = _check_file(Path(name), name, around, cache)
        if checked.facts is not None:
            facts.add(checked.facts)
        if name in named:
            yield from checked.findings
    yield from (one for one in related(facts) if one.path in named)


def _check_versions(
    batch: Batch,
    base: str | None,
    env: Mapping[str, str] | None,
    note: Callable[[str], None],
) -> list[Finding]:
    from factory.spec.versions import check_versions  # It asks git, which a lone file need not.

    return [
        finding
        for root, files in _by_root(batch).items()
        for finding in check_versions(root, base, files, env=env, note=note)
    ]


def _by_root(batch: Batch) -> dict[Path, list[Path]]:
    """The files that were named, by the folder that their versions are compared in.

    Files that belong to no specs repository may still lie in one of git: those in a folder `specs`
    belong to what holds it, the others to the folder that holds them all.
    """
    named = [Path(name) for name in batch.named]
    if batch.root is not None:
        return {batch.root: named}
    found: dict[Path, list[Path]] = {}
    loose = []
    for path in named:
        specs = next((one for one in path.absolute().parents if one.name == "specs"), None)
        if specs is None:
            loose.append(path)
        else:
            found.setdefault(Path(os.path.relpath(specs.parent)), []).append(path)
    if loose:
        folder = os.path.commonpath([path.absolute().parent for path in loose])
        found.setdefault(Path(os.path.relpath(folder)), []).extend(loose)
    return found


def _check_file(path: Path, shown: str, around: Surroundings, cache: Cache | None) -> Checked:
    """What can be said of one file by itself; `shown` is how messages call it."""
    try:
        data = read_bytes(path, shown, SPEC_LIMIT_BYTES)
    except FactoryError as error:
        return Checked(findings=(finding_of(error, "unreadable"),), facts=None)

    def check() -> Checked:
        from factory.spec.alone import check_text  # Of an unchanged spec no rule is needed.

        return check_text(data, shown, around)

    try:
        return check() if cache is None else cache.get(data, around, shown, check)
    except Exception as error:  # Not remembered: its traceback would be lost.
        return Checked(findings=(our_fault(error, shown),), facts=None)


def check_specs(
    documents: Sequence[SpecDocument], around: Surroundings | None = None
) -> list[Finding]:
    """Check specs that could be read, alone and against each other."""
    from factory.spec.alone import check_alone

    findings, facts = list[Finding](), FactStore()
    for document in documents:
        try:
            alone, known = check_alone(document, around or Surroundings())
        except Exception as error:
            findings.append(our_fault(error, document.path))
            continue
        findings += alone
        facts.add(known)
    return sorted([*findings, *related(facts)], key=by_place)


def errors_of(findings: Iterable[Finding], paths: Collection[str]) -> list[Finding]:
    """The findings of severity error in these files."""
    return [one for one in findings if one.severity == "error" and one.path in paths]
