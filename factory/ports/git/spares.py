"""Whole trees of commits that wait to be somebody's workspace.

A spare is written by us from checked objects, and moves into an attempt's folder with one rename.
It is never copied and never comes back, so that what an agent leaves in its tree, or makes of it
while others look, meets nobody else. Where the base has moved, what differs is written anew before
the tree is handed over; nothing that the files themselves say is asked for that.

WARM/spare/<commit>-<files>-<bytes>-<boot and dice>  whole, touched by nobody since
WARM/making/<dice>/                                  held with flock(2) while it is written in
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from factory.errors import FactoryError, InputError
from factory.ports import scratch
from factory.ports.git import command, listing
from factory.ports.git.limits import LIMITS
from factory.ports.git.materialise import Entry, checked, listed, write
from factory.ports.git.names import shown

SMALLEST = 1000
"""So many files at least, or writing them out takes no time worth a spare."""
MOST = 4
"""Spares of one repository; each attempt lays one aside, so there are as many as run at once."""
_DIFFERENCES = 5000
_NAME = re.compile(r"([0-9a-f]{40,64})-([0-9]+)-([0-9]+)-([0-9a-f]{8})[0-9a-f]{8}")
_ABSENT, _GITLINK = "000000", "160000"


@dataclass(frozen=True, kw_only=True)
class _Spare:
    """What its name says of a spare."""

    path: Path
    commit: str
    files: int
    bytes: int


def worth(repository: Path, commit: str) -> bool:
    """Whether a commit has so many files that a spare is worth its place."""
    return len(listing.rows(repository, commit, LIMITS.entries)) >= SMALLEST


def take(warm: Path, repository: Path, commit: str, folder: Path) -> bool:
    """Make a spare the missing `folder`, with the files of `commit`; False where that cannot be.

    Args:
        repository: has the commit, and those of the spares.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if warm.stat().st_dev != folder.parent.stat().st_dev:
        return False
    for spare in sorted(_spares(warm), key=lambda one: one.commit != commit):
        with suppress(FactoryError, OSError), _making(warm) as mine:
            spare.path.rename(mine / "tree")  # Of two that want it one is refused.
            if spare.commit != commit:
                _bring(mine / "tree", spare, repository, commit)
            (mine / "tree").rename(folder)
            return True
    return False


def refill(warm: Path, bare: Path, commit: str) -> None:
    """Write one spare of `commit`, unless there are enough; remove what killed processes left.

    Raises:
        InputError, ProcessFailed: as `materialise`.
        OSError: no spare can be kept here; as where a system does not tell when it started.
    """
    boot = _boot()
    _sweep(warm)
    if len(_spares(warm)) >= MOST:
        return
    entries = listed(bare, commit, LIMITS)
    if len(entries) < SMALLEST:
        return
    with _making(warm) as mine:
        write(bare, entries, mine / "tree")
        size = sum(one.size for one in entries)
        (warm / "spare").mkdir(exist_ok=True, mode=0o700)
        name = f"{commit}-{len(entries)}-{size}-{boot}{os.urandom(4).hex()}"
        (mine / "tree").rename(warm / "spare" / name)


def _spares(warm: Path) -> list[_Spare]:
    """Those made since the machine started: what was not on the disk by then may be lost."""
    return [one for path in (warm / "spare").glob("*") if (one := _spare(path))]


def _spare(path: Path) -> _Spare | None:
    name = _NAME.fullmatch(path.name)
    if not name or name[4] != _boot():
        return None
    return _Spare(path=path, commit=name[1], files=int(name[2]), bytes=int(name[3]))


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii")[:8]


def _bring(folder: Path, spare: _Spare, repository: Path, commit: str) -> None:
    """Make a spare's files those of another commit.

    Raises:
        InputError, ProcessFailed, OSError: that cannot be done so; the folder is half of each.
    """
    gone, come = _differences(repository, spare.commit, commit)
    size = spare.bytes - sum(one.size for one in gone) + sum(one.size for one in come)
    if size > LIMITS.total_bytes:
        raise InputError(f"commit {commit} is larger than may be written out")
    if len(listing.rows(repository, commit, LIMITS.entries)) != spare.files - len(gone) + len(come):
        raise InputError(f"commit {commit} has a tree that names a path twice, or is not sorted")
    for one in gone:
        (folder / one.path).unlink()
    for parent in sorted({one.path.rpartition("/")[0] for one in gone}, reverse=True):
        while parent:
            try:
                (folder / parent).rmdir()
            except OSError:
                break  # Something is left in it, or it is gone already.
            parent = parent.rpartition("/")[0]
    write(repository, [checked(one, LIMITS) for one in come], folder)


def _differences(repository: Path, old: str, new: str) -> tuple[list[Entry], list[Entry]]:
    """What only the old commit has, and what only the new one has."""
    told = command.git(
        *("diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff"),
        *("--ignore-submodules=none", old, new),
        repository=repository,
    ).split(b"\0")[:-1]
    if len(told) > 2 * _DIFFERENCES:
        raise InputError(f"commits {old} and {new} are far apart")
    sides: tuple[list[tuple[str, str, str]], ...] = ([], [])
    for head, name in zip(told[::2], told[1::2], strict=True):
        old_mode, new_mode, old_id, new_id, _ = head[1:].decode("ascii").split(" ")
        path = name.decode("utf-8", "replace")
        if path.encode() != name:
            raise InputError("a name that is not UTF-8", path=shown(name))
        if _GITLINK in (old_mode, new_mode):
            raise InputError("a gitlink (submodule)", path=path)
        for side, mode, identity in ((0, old_mode, old_id), (1, new_mode, new_id)):
            if mode != _ABSENT:
                sides[side].append((mode, identity, path))
    return _sized(repository, sides[0]), _sized(repository, sides[1])


def _sized(repository: Path, rows: list[tuple[str, str, str]]) -> list[Entry]:
    asked = "".join(f"{identity}\n" for _, identity, _ in rows).encode()
    sizes = command.git(
        "cat-file", "--batch-check=%(objectsize)", "--buffer", repository=repository, stdin=asked
    ).split()
    return [
        Entry(mode, identity, int(size), path)
        for (mode, identity, path), size in zip(rows, sizes, strict=True)
    ]


@contextmanager
def _making(warm: Path) -> Iterator[Path]:
    """A folder to write a tree in, which is ours until the end of the block, and gone then."""
    mine = warm / "making" / os.urandom(8).hex()
    mine.mkdir(parents=True, mode=0o700)
    handle = os.open(mine, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield mine
    finally:
        try:
            mine.rmdir()  # Mostly it is empty by now.
        except OSError:
            scratch.remove(mine)
        os.close(handle)


def _sweep(warm: Path) -> None:
    """Remove spares from before the machine started, and what processes held that were killed."""
    for path in (warm / "spare").glob("*"):
        if not _spare(path):
            scratch.remove(path)
    for left in (warm / "making").glob("*"):
        with suppress(OSError):
            handle = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                scratch.remove(left)
            finally:
                os.close(handle)
