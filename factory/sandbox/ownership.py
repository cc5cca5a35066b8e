"""Who owns what a cell may write, and that we get it back.

Run as a plain user, a cell has the user's own id and nothing changes hands. Run as root, a cell
gets an id of its own that no account has: folders bound writable are lent to that id and
returned to their owner after the cell has ended; what is bound read-only is made readable to
the group that all cells share, never to everybody.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from factory.errors import ProcessFailed, SandboxUnavailable
from factory.ports import process
from factory.sandbox.protocol import Bind

_WALK_SECONDS = 120.0
_TOOL_ENV = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C"}


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The user and group id of a cell's processes, as numbers outside it."""

    uid: int
    gid: int


_lock = threading.Lock()
_lent: dict[Path, tuple[Identity, int]] = {}


@contextlib.contextmanager
def lent(binds: Sequence[Bind]) -> Iterator[Identity]:
    """Make `binds` usable by a cell and take the writable ones back at the end.

    A folder that is already lent keeps its borrower's identity, so that two cells may share it.
    One factory process at a time may lend a folder.

    Raises:
        SandboxUnavailable: a source is missing, or its ownership cannot be changed.
    """
    for bind in binds:
        if not bind.source.exists():
            raise SandboxUnavailable(
                f"the cell's {bind.target} has no source: {bind.source} does not exist",
                mend="this folder is made by the stage before; run that stage again",
            )
    writable = sorted({bind.source.resolve() for bind in binds if bind.writable})
    for source in writable:
        _cut_hard_links(source)
    if os.geteuid() != 0:
        try:
            yield Identity(uid=os.geteuid(), gid=os.getegid())
        finally:
            for source in writable:
                _open_up(source)
        return
    identity = _borrow(writable)
    owners = {source: source.stat() for source in writable}
    try:
        for source in writable:
            _chown(source, identity.uid, identity.gid)
        for bind in binds:
            if not bind.writable and not bind.opened:
                _share(bind.source.resolve(), identity.gid)
        yield identity
    finally:
        for source in _returned(writable):
            _chown(source, _owner(owners[source].st_uid), owners[source].st_gid)
            _open_up(source)


def opened(binds: Sequence[Bind]) -> tuple[Bind, ...]:
    """Make what is read-only readable to every cell, once for many; nobody may change it after.

    Raises:
        SandboxUnavailable: a source is missing, or its mode cannot be changed.
    """
    with lent([bind for bind in binds if not bind.writable]):
        return tuple(replace(bind, opened=not bind.writable) for bind in binds)


def fresh() -> Identity:
    """An id that no account has: above systemd's ranges, or below 60000 where few are mapped."""
    if _mapped() > 2**31:
        first, count = 1_900_000_000, 1 << 24
    else:
        first, count = 50_000, 10_000
    number = int.from_bytes(os.urandom(8), "little") % (count - 1)
    return Identity(uid=first + 1 + number, gid=first)


def _mapped() -> int:
    try:
        lines = Path("/proc/self/uid_map").read_text().split("\n")
        return sum(int(line.split()[2]) for line in lines if line.strip())
    except (OSError, ValueError, IndexError):
        return 65536


def _owner(uid: int) -> int:
    """A folder left lent by a run that was killed goes back to root."""
    return 0 if uid >= 1_900_000_000 or 50_000 < uid < 60_000 else uid


def _borrow(sources: Sequence[Path]) -> Identity:
    with _lock:
        known = {_lent[source][0] for source in sources if source in _lent}
        if len(known) > 1:
            raise SandboxUnavailable(
                "folders lent to two different cells cannot be shared by a third",
                mend="wait for one of the cells to end",
            )
        identity = known.pop() if known else fresh()
        for source in sources:
            _lent[source] = (identity, _lent.get(source, (identity, 0))[1] + 1)
        return identity


def _returned(sources: Sequence[Path]) -> list[Path]:
    back = []
    with _lock:
        for source in sources:
            identity, count = _lent.pop(source)
            if count > 1:
                _lent[source] = (identity, count - 1)
            else:
                back.append(source)
    return back


def _chown(source: Path, uid: int, gid: int) -> None:
    _tool(["chown", "-hR", f"{uid}:{gid}", "--", str(source)])


def _open_up(source: Path) -> None:
    """Undo what a cell may have done to lock us out, and programs that would run as us.

    For root a change of owner has done the second, and modes are no obstacle.
    """
    if os.geteuid() == 0 or not source.is_dir():
        return
    _tool(
        [
            *("find", str(source), "-xdev", "("),
            *("-type", "d", "!", "-perm", "-0700", "-exec", "chmod", "u+rwx", "{}", ";"),
            *(")", ",", "(", "-type", "f", "!", "-perm", "-0400"),
            *("-exec", "chmod", "u+r", "{}", ";", ")"),
            *(",", "(", "-type", "f", "-perm", "/6000", "-exec", "chmod", "ug-s", "{}", ";", ")"),
        ]
    )


def _share(source: Path, gid: int) -> None:
    """Let the cells' group read what not everybody may read already."""
    unreadable = ["(", "-type", "d", "!", "-perm", "-0005", "-o"]
    unreadable += ["-type", "f", "!", "-perm", "-0004", ")"]
    unreadable += ["!", "(", "-gid", str(gid), "(", "-type", "d", "-perm", "-0050", "-o"]
    unreadable += ["-type", "f", "-perm", "-0040", ")", ")"]
    _tool(
        [
            *("find", str(source), "-xdev", *unreadable),
            *("-exec", "chgrp", "-h", str(gid), "{}", "+"),
            *("-exec", "chmod", "g+rX", "{}", "+"),
        ]
    )


def _cut_hard_links(source: Path) -> None:
    """Give files that have another name outside the folder a copy of their own.

    A cell that may write one name of a file writes all of them: a local `git clone` links its
    objects to those of the repository it came from.
    """
    found = _tool(
        ["find", str(source), "-xdev", "-type", "f", "-links", "+1", "-printf", "%i %n %p\\0"]
    )
    entries = [entry.split(b" ", 2) for entry in found.split(b"\0") if entry]
    inside = Counter(inode for inode, _, _ in entries)
    for inode, links, name in entries:
        if inside[inode] < int(links):
            path = os.fsdecode(name)
            beside = f"{path}.{os.urandom(4).hex()}"
            _tool(["cp", "-p", "--", path, beside])
            Path(beside).replace(path)


def _tool(argv: list[str]) -> bytes:
    """coreutils and findutils walk trees of any depth without following links; Python's do not."""
    try:
        done = process.run(
            argv, env=_TOOL_ENV, timeout_seconds=_WALK_SECONDS, output_limit_bytes=64 << 20
        )
    except ProcessFailed as error:
        raise SandboxUnavailable(str(error), mend="install coreutils and findutils") from error
    if not done.ok or done.truncated:
        raise SandboxUnavailable(
            f"a folder cannot be handed to the cell: {process.describe(done)}",
            mend="keep the factory's folders on a local file system that has owners and modes",
        )
    return done.stdout
