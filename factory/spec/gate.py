"""The gate: what a spec must have before any money is spent on it."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factory.errors import FactoryError
from factory.spec.asked import Batch, batches, nothing_found, repository
from factory.spec.facts import Checked
from factory.spec.finding import Finding, by_place, finding_of
from factory.spec.our_fault import our_fault
from factory.spec.relations import FactStore, related
from factory.spec.strays import stray_findings
from factory.spec.surroundings import Surroundings, context_findings, read_surroundings
from factory.spec.text_file import SPEC_LIMIT_BYTES, read_bytes

if TYPE_CHECKING:
    from factory.spec.cache import Cache
    from factory.spec.document import SpecDocument

_OBJECTS_BETWEEN_COLLECTIONS = 50_000


class Outcome(NamedTuple):
    """`findings` by place; how many `specs` were looked at, and how many `others` that were named:
    files of the context library, templates, factory.yml."""

    findings: list[Finding]
    specs: int
    others: int


def check_files(
    paths: Sequence[Path],
    cache: Cache | None = None,
    base: str | None = None,
    *,
    env: Mapping[str, str] | None = None,
    note: Callable[[str], None] = lambda said: None,
) -> tuple[list[Finding], int]:
    """The findings of `check_paths`, and how many specs were looked at."""
    outcome = check_paths(paths, cache, base, env=env, note=note)
    return outcome.findings, outcome.specs


def check_paths(
    paths: Sequence[Path],
    cache: Cache | None = None,
    base: str | None = None,
    *,
    env: Mapping[str, str] | None = None,
    note: Callable[[str], None] = lambda said: None,
) -> Outcome:
    """Check these files, or the specs in these folders, with all that surrounds them.

    A spec that cannot be read is a finding, and so is one on which the gate itself fails.

    Args:
        paths: files and folders; a file or folder of the context library is checked by itself.
        cache: what is known of texts that were checked before; None to check anew.
        base: the revision to compare versions with, also those of files that belong to no specs
            repository; None for the branch that specs merge to.
        env: of the process, where that may be a workflow that names this branch.
        note: told what could not be checked, where that is about no spec: once each.

    Raises:
        InputError: a path does not exist or is nothing to check, there is no spec and nothing to
            find in what surrounds one, or `base` is nothing to compare with.
        ConfigurationError: a factory.yml cannot be read.
    """
    asked = batches(paths)
    findings, count = _check(asked, cache, base, env=env, note=note)
    others = sum(map(_count_below, {name for one in asked for name in one.around}))
    if not findings and not count and not others:
        raise nothing_found(paths)
    return Outcome(findings, count, others)


def check_repository(root: Path, base: str | None = None) -> tuple[list[Finding], int]:
    """Check all of a specs repository, which may hold no spec; else as `check_files`."""
    return _check([repository(root)], None, base)


def _check(
    asked: Sequence[Batch],
    cache: Cache | None,
    base: str | None,
    *,
    env: Mapping[str, str] | None = None,
    note: Callable[[str], None] = lambda said: None,
) -> tuple[list[Finding], int]:
    findings: list[Finding] = []
    count = 0
    notes: dict[str, None] = {}
    with _few_collections():
        for batch in asked:
            findings += _check_batch(batch, cache)
            if batch.named and (batch.root is not None or base is not None):
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
    yield from stray_findings(batch.strays)
    yield from _check_around(batch, around, unreadable)
    named = None if len(batch.named) == len(batch.files) else frozenset(batch.named)
    facts = FactStore()
    for name in batch.files:
        checked = _check_file(name, around, cache)
        if checked.facts is not None:
            facts.add(checked.facts)
        if named is None or name in named:
            yield from checked.findings
    between = related(facts, whole=batch.root is not None)
    yield from (one for one in between if named is None or one.path in named)


def _check_around(
    batch: Batch, around: Surroundings, unreadable: Sequence[Finding]
) -> Iterator[Finding]:
    """What surrounds the specs, or what of it was named.

    Any spec needs what cannot be read, templates and the glossary: without them its words mean
    something else.
    """
    found = [
        one for one in unreadable if batch.whole or batch.named or _is_named(one.path, batch.around)
    ]
    if batch.root is not None and (batch.whole or batch.around):
        in_context = context_findings(batch.root, around)
        found += [one for one in in_context if batch.whole or _is_named(one.path, batch.around)]
    yield from dict.fromkeys(found)  # A glossary that cannot be read stands in both.


def _is_named(path: str, names: Iterable[str]) -> bool:
    """Whether a path is one of the names, below one of them, or a folder that holds one."""
    return any(_is_below(path, name) or _is_below(name, path) for name in names)


def _is_below(path: str, folder: str) -> bool:
    return os.path.relpath(path, folder).partition("/")[0] != ".."


def _count_below(name: str) -> int:
    """How many files a file or folder is; not those that nobody means to be read."""
    path = Path(name)
    if not path.is_dir():
        return 1
    files = [one.name.lower() for one in path.rglob("*") if one.is_file()]
    return sum(not name.startswith(".") and name != "readme.md" for name in files)


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


def _check_file(name: str, around: Surroundings, cache: Cache | None) -> Checked:
    """What can be said of one file by itself.

    By its name: the parts of ten thousand paths would stay in the memory of Python.
    """
    try:
        data = read_bytes(name, name, SPEC_LIMIT_BYTES)
    except FactoryError as error:
        return Checked(findings=(finding_of(error, "unreadable"),), facts=None)

    def check() -> Checked:
        from factory.spec.alone import check_text  # Of an unchanged spec no rule is needed.

        return check_text(data, name, around)

    try:
        return check() if cache is None else cache.get(data, around, name, check)
    except Exception as error:  # Not remembered: its traceback would be lost.
        return Checked(findings=(our_fault(error, name),), facts=None)


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
