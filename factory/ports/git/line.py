"""The first-parent line of a branch: which files each of its commits changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from factory.ports.git import command


@dataclass(frozen=True, kw_only=True)
class Change:
    """One file before and after a commit, as blob ids; None: not there, or no regular file."""

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One commit of the line and what it changed; a merge is one step."""

    commit: str
    changes: tuple[Change, ...]


def first_parent_line(folder: Path, commit: str, limit: int) -> Iterator[Step]:
    """The commits from `commit` down that changed files of `folder`, newest first.

    Args:
        folder: in a work tree; paths are relative to it, and nothing outside of it is looked at.
        commit: where the line begins.
        limit: how many such commits at most.

    Raises:
        ProcessFailed: no such commit, or a damaged history.
    """
    listed = command.git(
        "rev-list",
        "--first-parent",
        f"--max-count={limit}",
        command.object_id(commit),
        "--",
        ".",
        repository=folder,
    )
    told = command.git(
        *("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "--root"),
        *("--diff-merges=first-parent", "--no-renames", "--no-ext-diff", "--relative", "--", "."),
        repository=folder,
        stdin=listed,
    )
    return _steps(told.split(b"\0"))


def is_shallow(folder: Path) -> bool:
    """Whether the history was cut when the repository was cloned."""
    told = command.git("rev-parse", "--is-shallow-repository", repository=folder)
    return told.strip() == b"true"


def _steps(words: list[bytes]) -> Iterator[Step]:
    commit, changes = "", []
    rest = iter(words)
    for word in rest:
        if word.startswith(b":"):
            old_mode, new_mode, old, new, _ = word[1:].split()
            changes.append(
                Change(
                    path=next(rest).decode("utf-8", "surrogateescape"),
                    old=old.decode() if old_mode.startswith(b"100") else None,
                    new=new.decode() if new_mode.startswith(b"100") else None,
                )
            )
            continue
        if commit:
            yield Step(commit=commit, changes=tuple(changes))
        commit, changes = word.decode(), []
