"""Where a product's repository is a local work tree: what a person has open in it is safe."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from factory.errors import InputError
from factory.ports.git import command, tree

# Files in a work tree's git folder while something is half done in it.
_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


def checked_out(clone_url: str, branch: str) -> list[Path]:
    """The work trees on this machine that have `branch` of `clone_url` checked out."""
    folder = tree.local_folder(clone_url)
    if folder is None:
        return []
    listed = command.git("worktree", "list", "--porcelain", repository=folder).decode(
        "utf-8", "surrogateescape"
    )
    found = []
    for block in listed.split("\n\n"):
        lines = block.split("\n")
        place = Path(lines[0].removeprefix("worktree "))
        if f"branch refs/heads/{branch}" in lines and place.is_dir():
            found.append(place)
    return found


def check_clean(work_tree: Path) -> None:
    """Refuse a work tree with anything uncommitted, untracked files and merges under way included.

    Raises:
        InputError: with the first paths.
    """
    dirty = _dirty(work_tree)
    if dirty:
        named = ", ".join(tree.shown(path) for path in dirty[:5])
        more = f" and {len(dirty) - 5} more" if len(dirty) > 5 else ""
        raise InputError(
            f"the product's work tree has uncommitted changes: {named}{more}",
            path=str(work_tree),
            mend="commit, stash or remove them, then run this again",
        )
    git_folder = Path(os.fsdecode(_git(work_tree, "rev-parse", "--absolute-git-dir").rstrip(b"\n")))
    for name in _UNDER_WAY:
        if (git_folder / name).exists():
            raise InputError(
                f"the product's work tree has something under way ({name})",
                path=str(work_tree),
                mend="finish or abort it, then run this again",
            )


def check_room(work_tree: Path, changed: Sequence[str]) -> None:
    """Refuse where bringing in `changed` would overwrite what git does not keep.

    git itself overwrites ignored files, and files marked assume-unchanged or skip-worktree,
    without a word.

    Raises:
        InputError: with the first paths.
    """
    arriving = set(changed)
    above = {folder for path in changed for folder in _above(path)}
    lost = []
    for raw in _git(work_tree, "ls-files", "--others", "-z").split(b"\0")[:-1]:
        path = os.fsdecode(raw).rstrip("/")
        if path in arriving or path in above or not arriving.isdisjoint(_above(path)):
            lost.append(path)
    for raw in _git(work_tree, "ls-files", "-v", "-z").split(b"\0")[:-1]:
        mark, path = chr(raw[0]), os.fsdecode(raw[2:])
        if (mark.islower() or mark == "S") and path in arriving:
            lost.append(path)
    if lost:
        raise InputError(
            "shipping would overwrite files that git does not keep: "
            + ", ".join(tree.shown(path) for path in lost[:5]),
            path=str(work_tree),
            mend="move them away, then run this again",
        )


def is_interrupted(work_tree: Path, commit: str) -> bool:
    """Whether index and files are `commit` already while the branch is still at its parent.

    That is what a ship leaves that was killed between git's two steps; it looks dirty and is not.
    """
    parent = command.attempt(
        "rev-parse", "--verify", "--quiet", f"{commit}^1", repository=work_tree
    )
    head = command.attempt("rev-parse", "--verify", "--quiet", "HEAD", repository=work_tree)
    if not (parent.ok and head.ok and parent.stdout == head.stdout):
        return False
    return (
        command.succeeds(
            "diff-index",
            "--quiet",
            "--cached",
            "--ignore-submodules=all",
            commit,
            repository=work_tree,
        )
        and command.succeeds(
            "diff-files", "--quiet", "--ignore-submodules=all", repository=work_tree
        )
        and not _git(work_tree, "ls-files", "--others", "--exclude-standard", "-z")
    )


def held_commits(work_tree: Path) -> list[str]:
    """The heads of all holding branches of the repository."""
    listed = _git(work_tree, "for-each-ref", "--format=%(objectname)", "refs/heads/factory/hold/")
    return [command.object_id(line) for line in listed.split()]


def finish(work_tree: Path, branch: str, commit: str, base_commit: str) -> None:
    """Take the step that an interrupted ship did not: move the branch, if it is at the base."""
    _git(work_tree, "update-ref", f"refs/heads/{branch}", commit, base_commit)


def _dirty(work_tree: Path) -> list[str]:
    listed = _git(
        work_tree,
        "status",
        "--porcelain=v1",
        "-z",
        "--no-renames",
        "--untracked-files=normal",
        "--ignore-submodules=all",  # Else git would run in them, by their own settings.
    )
    return [os.fsdecode(row[3:]) for row in listed.split(b"\0") if row]


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _git(work_tree: Path, *arguments: str) -> bytes:
    return command.git(*arguments, repository=work_tree)
