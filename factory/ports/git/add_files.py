"""Add files to a branch in one step: one process, and only the folders on the way are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from factory.errors import BaseMoved, Bug, ProcessFailed
from factory.ports.git import command

_PART = r"(?!\.{1,2}(?:/|$)|\.git(?:/|$))[A-Za-z0-9._-]+"
_PATH = re.compile(rf"{_PART}(?:/{_PART})*", re.IGNORECASE)
_MOVED = re.compile(rb"not updating|cannot lock ref|unable to (?:lock|create)", re.IGNORECASE)


def add_files(
    repository: Path,
    ref: str,
    files: Sequence[tuple[str, bytes]],
    message: str,
    *,
    parent: str | None,
    who: str,
    timestamp: int,
    force: bool = False,
) -> str:
    """Commit `files` on top of `parent`, put `ref` there, and return the commit.

    All or nothing: cut off at any moment it leaves the ref where it was.

    Args:
        ref: a full name.
        files: paths of plain letters with their content; one that exists is replaced.
        message: the whole message.
        parent: the commit to go on from; None for a first one.
        who: `Name <email>`, author and committer.
        timestamp: seconds since 1970, UTC.
        force: put the ref there wherever it is; else it must be at `parent` or below.

    Raises:
        BaseMoved: the ref is elsewhere by now, or another process is moving it.
        ProcessFailed: git failed.
    """
    if not all(_PATH.fullmatch(path) for path, _ in files) or re.search(r"[\x00-\x1f]", who):
        raise Bug("a path or a name holds what git's format reserves")
    text = message.rstrip("\n").encode() + b"\n"
    stamp = f"{who} {timestamp} +0000"
    parts = [
        b"feature done\nfeature get-mark\n",
        f"commit {ref}\nmark :1\nauthor {stamp}\ncommitter {stamp}\n".encode(),
        b"data %d\n%s" % (len(text), text),
        *([f"from {command.object_id(parent)}\n".encode()] if parent else []),
    ]
    for path, data in files:
        parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
    parts.append(b"get-mark :1\ndone\n")
    words = ("fast-import", "--quiet", *(["--force"] if force else []))
    done = command.attempt(*words, repository=repository, stdin=b"".join(parts))
    if done.ok:
        return command.object_id(done.stdout)
    if _MOVED.search(done.stderr):
        raise BaseMoved(f"{ref} has moved, so nothing was added to it", mend="do it again on top")
    raise ProcessFailed(command.describe(done, words), mend="run `git fsck` in the repository")
