"""The specs repository at one commit: only what is merged is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from factory.errors import InputError
from factory.ports.git import command, tree


@dataclass(frozen=True, kw_only=True)
class SpecsSource:
    """A folder whose specs, context, agents and factory.yml are those of `commit`.

    In a local folder other files may differ, spec-templates among them. `repository` is where git
    finds the history of that folder. `name` is how messages call it.
    """

    folder: Path
    repository: Path
    commit: str
    name: str


def local_source(folder: Path) -> SpecsSource:
    """The specs repository in a local folder, at its HEAD.

    Raises:
        InputError: no such folder, no git repository, no commit, or files of specs, context or
            configuration that are not committed.
    """
    if not folder.is_dir():
        raise InputError(
            "there is no such folder",
            path=str(folder),
            mend="name your specs repository with --specs",
        )
    if not command.succeeds("rev-parse", "--git-dir", repository=folder):
        raise InputError(
            "not a git repository",
            path=str(folder),
            mend="a spec is built once it is merged: `git init`, commit, then run again",
        )
    if not command.succeeds("rev-parse", "--verify", "HEAD^{commit}", repository=folder):
        raise InputError("has no commit yet", path=str(folder), mend="commit the specs first")
    changed = command.git(
        "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all",
        "--", "specs", "context", "agents", "factory.yml",
        repository=folder,
    )  # fmt: skip
    if changed:
        first = changed.split(b"\0")[0][3:].decode("utf-8", "replace")
        raise InputError(
            "changed since the last commit; only what is merged is built",
            path=str(folder / first),
            mend="commit it, or put it back",
        )
    commit = command.object_id(command.git("rev-parse", "HEAD", repository=folder))
    return SpecsSource(folder=folder, repository=folder, commit=commit, name=str(folder))


def fetched_source(url: str, commit: str, into: Path, env: Mapping[str, str]) -> SpecsSource:
    """The specs repository at `commit`, fetched from `url` and written below `into`.

    Raises:
        InputError, AuthenticationError, ProcessFailed: it cannot be fetched.
    """
    bare = tree.mirror(url, into / "specs.git", refs=[commit], env=env)
    folder = into / "specs-checkout"
    tree.materialise(bare, commit, folder)
    return SpecsSource(folder=folder, repository=bare, commit=commit, name=url)
