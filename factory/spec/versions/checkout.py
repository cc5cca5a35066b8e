"""What a checkout lacks for a comparison of versions, and how its reader is told.

The gate compares what it can. Where a workflow has checked out a single commit that is nothing,
and silence would be taken for a pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from factory.ports.git import command
from factory.ports.git.remote import origin
from factory.spec.versions.base import Base

NOT_COMPARED = "versions were not compared"
_MEND = (
    "in a workflow give actions/checkout `fetch-depth: 0`; elsewhere fetch the branch that specs"
    " merge to, or name it with --base"
)


def merges_to(folder: Path, env: Mapping[str, str]) -> str | None:
    """The branch that the pull request of a workflow's run merges to.

    Args:
        folder: in a work tree.
        env: of the process; GITHUB_BASE_REF and GITHUB_REPOSITORY are read.

    Returns:
        None outside of such a run, and in a checkout of another repository than the run's.
    """
    branch, repository = env.get("GITHUB_BASE_REF"), env.get("GITHUB_REPOSITORY")
    if not branch or not repository:
        return None
    address = origin(folder) or ""
    ours = re.search(rf"[/:]{re.escape(repository)}(?:\.git)?/?\Z", address, re.IGNORECASE)
    return branch if ours else None


def without_base(folder: Path, base: Base) -> str | None:
    """The note on a `base` that was found by itself and is the checkout's own commit.

    On a branch that is all there is to compare with: the repository may well have no other. A
    commit of its own, or a history that was cut, is what a workflow checks out.
    """
    if base.name != "HEAD":
        return None
    told = command.git(
        *("rev-parse", "--is-shallow-repository", "--abbrev-ref", "HEAD"), repository=folder
    )
    cut, branch = told.decode("utf-8", "surrogateescape").split("\n")[:2]
    if cut == "true":
        return f"{NOT_COMPARED}: the checkout holds no base branch, its history is cut; {_MEND}"
    if branch == "HEAD":
        return f"{NOT_COMPARED}: the checkout holds a commit and no base branch; {_MEND}"
    return None


def without_past(base: Base) -> str:
    """The note that a cut history hides what specs said before `base`."""
    return (
        f"{NOT_COMPARED} with those before {base.name}: the history of this clone is cut; in a"
        " workflow give actions/checkout `fetch-depth: 0`, elsewhere run `git fetch --unshallow`"
    )


def without_git(folder: Path, env: Mapping[str, str]) -> str | None:
    """The note on a workspace of a pull request that git does not know."""
    workspace = env.get("GITHUB_WORKSPACE")
    if not env.get("GITHUB_BASE_REF") or not workspace:
        return None
    if not folder.resolve().is_relative_to(Path(workspace).resolve()):
        return None
    return f"{NOT_COMPARED}: this is no git repository; check it out with actions/checkout and git"
