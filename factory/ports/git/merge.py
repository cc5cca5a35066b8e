"""Merge two commits without a work tree: their content is never checked out, nothing of it runs."""

from __future__ import annotations

from pathlib import Path

from factory.errors import ProcessFailed
from factory.ports.git import command


def merged_tree(repository: Path, ours: str, theirs: str) -> str | None:
    """The id of the tree that holds the changes of both since where they parted.

    Args:
        repository: a bare repository that holds both with their histories.
        ours, theirs: commits.

    Returns:
        None where both changed the same lines, or where they never parted.

    Raises:
        ProcessFailed: git failed, or is older than 2.38 and cannot do this.
    """
    words = ("merge-tree", "--write-tree", "-z", "--no-messages")
    done = command.attempt(
        *words, command.object_id(ours), command.object_id(theirs), repository=repository
    )
    if done.returncode == 1 or b"refusing to merge unrelated histories" in done.stderr:
        return None
    if not done.ok:
        raise ProcessFailed(command.describe(done, list(words)), mend="use git 2.38 or later")
    return command.object_id(done.stdout.split(b"\0")[0])
