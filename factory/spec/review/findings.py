"""The gate's findings in a commit, and which of them a pull request answers for."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from pathlib import Path

from factory.config.factory_file import FILE_NAME, load_configuration
from factory.errors import FactoryError, InputError
from factory.ports.git import tree
from factory.records import GateFinding
from factory.spec.gate import check_repository
from factory.spec.review.changes import Commits
from factory.spec.surroundings import is_configured
from factory.spec.visible import cut

# All that the gate reads. What else lies in the repository stays an object that nobody opens.
READ = frozenset({"specs", "context", "agents", "spec-templates", FILE_NAME})
TEXT_LIMIT = 500
_LINK = "120000"


def findings_now(commits: Commits, folder: Path) -> tuple[list[GateFinding], int]:
    """What the gate finds at the head, versions compared with the base branch; how many specs.

    Its files are written into the new `folder` as plain data. A factory.yml that cannot be read
    is a finding too.

    Raises:
        InputError: the commit holds what is never written out, such as a submodule.
        ProcessFailed: git failed.
    """
    _write(commits.bare, commits.head, folder)
    branch = commits.branch
    refs = {f"refs/heads/{branch}": commits.base} if branch else {}
    tree.attach(commits.bare, commits.head, folder, refs)
    return _checked(folder, branch or commits.base)


def findings_before(commits: Commits, folder: Path) -> list[GateFinding]:
    """What the gate found before, of each spec and between them; nothing where none can tell."""
    try:
        _write(commits.bare, commits.ancestors[0], folder)
    except InputError:
        return []
    return _checked(folder, None)[0]


def _write(bare: Path, commit: str, folder: Path) -> None:
    try:
        tree.materialise(bare, commit, folder, only=READ)
    except OSError as error:
        raise InputError(f"its files cannot be written: {error.strerror}") from error


def links(modes: dict[str, str], changed: Collection[str]) -> list[GateFinding]:
    """A finding for each changed link in specs/: the gate does not follow it, a reader might."""
    return [
        _finding(
            "unreadable", path, "is a symbolic link, which is never read as a spec",
            "put the file itself here",
        )
        for path in sorted(changed)
        if modes.get(path) == _LINK and path.partition("/")[0] == "specs"
    ]  # fmt: skip


def answered_for(
    now: Sequence[GateFinding], before: Sequence[GateFinding], changed: Collection[str]
) -> tuple[list[GateFinding], list[GateFinding]]:
    """The findings that a pull request answers for, and those that it found there already.

    It answers for every finding in a file that it changes, and for every one elsewhere that was
    not there before: such as a name that is now taken twice, or a spec that is gone and needed.
    """
    old = {_key(one) for one in before}
    mine: list[GateFinding] = []
    known: list[GateFinding] = []
    for one in now:
        (mine if one.path in changed or _key(one) not in old else known).append(one)
    return mine, known


def _checked(folder: Path, base: str | None) -> tuple[list[GateFinding], int]:
    # The gate names files as they are seen from where it runs: from the root, here.
    with contextlib.chdir(folder):
        return _checked_here(Path(), base)


def _checked_here(root: Path, base: str | None) -> tuple[list[GateFinding], int]:
    if is_configured(root):
        try:
            load_configuration(root)
        except FactoryError as error:  # No spec can be read without it.
            return [failure("configuration", error, path=FILE_NAME)], 0
    try:
        found, count = check_repository(root, base)
    except FactoryError as error:
        return [failure("unreadable", error)], 0
    return [
        _finding(one.rule, one.path, one.message, one.mend, one.line, one.column, one.severity)
        for one in found
    ], count


def failure(rule: str, error: FactoryError, *, path: str = "") -> GateFinding:
    """An error as a finding, on its own path unless another is told."""
    place = path or error.path or "."
    return _finding(rule, place, error.message, error.mend, error.line, error.column)


def _finding(
    rule: str,
    path: str,
    message: str,
    mend: str,
    line: int | None = 1,
    column: int | None = 1,
    severity: str = "error",
) -> GateFinding:
    return GateFinding(
        rule=rule,
        severity="warning" if severity == "warning" else "error",
        path=path,
        line=max(line or 1, 1),
        column=max(column or 1, 1),
        message=_short(message),
        mend=_short(mend),
    )


def _short(text: str) -> str:
    # YAML can write half a surrogate pair, which no JSON may hold.
    text = text.encode("utf-8", "replace").decode()
    return cut(text, TEXT_LIMIT)


def _key(one: GateFinding) -> tuple[str, str, int, int, str]:
    return one.rule, one.path, one.line, one.column, one.message
