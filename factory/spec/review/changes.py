"""What a pull request changes, told by git from objects alone: nothing is checked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from factory.errors import InputError
from factory.ports.git import tree


@dataclass(frozen=True, kw_only=True)
class Commits:
    """The commits of a pull request in the bare repository `bare`.

    `base` is where the base branch, `branch`, is now; `branch` is None where only a commit was
    named. `ancestors` are the best common ancestors of it and
    `head`, the first of them being the one to compare with.
    """

    bare: Path
    head: str
    base: str
    branch: str | None
    ancestors: tuple[str, ...]


def fetch(url: str, env: Mapping[str, str], *, base: str, head: str, into: Path) -> Commits:
    """Fetch the two with their histories.

    Args:
        base, head: a branch or a full commit id of the repository at `url`.

    Raises:
        InputError: one of them is not there, or they have no common ancestor.
        AuthenticationError, ProcessFailed: they cannot be fetched.
    """
    bare = tree.mirror(url, into / "specs.git", refs=[base, head], env=env)
    tip, head = tree.resolve(bare, base), tree.resolve(bare, head)
    ancestors = tree.merge_bases(bare, tip, head)
    if not ancestors:
        raise InputError(
            f"commit {head} has no common ancestor with the base branch",
            mend="begin the branch again from the base branch",
        )
    branch = None if base in (tip, "HEAD") else base.removeprefix("refs/heads/")
    return Commits(bare=bare, head=head, base=tip, branch=branch, ancestors=tuple(ancestors))


def changed_paths(commits: Commits) -> frozenset[str]:
    """Every path that differs from any of the common ancestors, deleted ones included.

    Where histories cross, a change may be invisible from one ancestor and merged all the same.
    """
    head = tree.tree_id(commits.bare, commits.head)
    return frozenset(
        path
        for ancestor in commits.ancestors
        for path in tree.changed_paths(commits.bare, tree.tree_id(commits.bare, ancestor), head)
    )
