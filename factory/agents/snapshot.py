"""The workspace as it was after each step: what changed is copied, the rest only looked at.

A snapshot is told as the difference from the one before, and the first from the base commit,
whose repository is kept. Whether a file changed is seen by its inode, size and times; the time of
change (ctime) is the kernel's alone. The folder is read as hostile data: by folder descriptors,
never through a link, never running git in it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from factory.errors import InputError
from factory.ports.git import tree
from factory.ports.git.limits import LIMITS

STORE_LIMIT_BYTES = 2 * 1024 * 1024 * 1024
_CLOCK_STEP_NS = 20_000_000
"""The kernel stamps files with a clock that stands still for up to 10 ms."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Non-blocking, in case a FIFO took the file's place since it was looked at.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class NotKept(Exception):
    """The workspace cannot be copied: too large, too deep, or something in it unreadable."""


class Entry(NamedTuple):
    """One path: `file`, `link` or `folder`, its permission bits, and git's id of its content."""

    kind: str
    mode: int
    identity: str = ""


Difference = dict[str, Entry | None]
"""Path relative to the workspace → what is there now; None where nothing is any more."""
_Seen = tuple[int, ...]


class Snapshots:
    """Takes snapshots of one workspace, and puts it back to one.

    Args:
        workspace: the folder that the agent works in.
        store: the folder where contents are kept, by git's id.
    """

    def __init__(self, workspace: Path, store: Path) -> None:
        self._workspace = workspace
        self._store = store
        self._seen: dict[str, _Seen] | None = None
        self._stored_bytes = 0
        store.mkdir(parents=True, exist_ok=True)

    def begin(self) -> None:
        """Take the workspace as it is for the last snapshot: nothing is copied."""
        time.sleep(_CLOCK_STEP_NS / 1e9)
        self._seen = {path: seen for path, seen, *_ in self._walk()}

    def take(self) -> Difference:
        """What changed since the last snapshot, its contents copied into the store.

        Raises:
            NotKept: the last snapshot then stays the last, or there was none to begin with.
        """
        if self._seen is None:
            raise NotKept("what the workspace began with is not known")
        before, found, changed = self._seen, dict[str, _Seen](), Difference()
        for path, seen, handle, name in self._walk():
            found[path] = seen
            if before.get(path) != seen:
                kind, mode = _kind(seen[0]), stat.S_IMODE(seen[0]) & 0o777
                content = "" if kind == "folder" else self.keep(_content(handle, name, kind))
                changed[path] = Entry(kind, mode, content)
        for path in before.keys() - found.keys():
            changed[path] = None
        self._seen = found
        return changed

    def _walk(self) -> Iterator[tuple[str, _Seen, int, str]]:
        """Each path and what is seen of it, with its open folder and its name there."""
        now = time.time_ns()
        unsteady = now - _CLOCK_STEP_NS
        entries = 0
        for path, handle, name, status in _below(self._workspace):
            entries += 1
            if entries > LIMITS.entries:
                raise NotKept(f"more than {LIMITS.entries} files and folders")
            mode = status.st_mode
            if stat.S_ISDIR(mode):
                yield path, (mode,), handle, name
                continue
            if not _kind(mode):
                raise NotKept(f"{path}: a device, FIFO or socket")
            changed = status.st_ctime_ns
            # One that changed just now could change once more at the same time by the clock.
            moment = now if changed > unsteady else 0
            seen = (mode, status.st_ino, status.st_size, status.st_mtime_ns, changed, moment)
            yield path, seen, handle, name

    def keep(self, content: bytes) -> str:
        """Put content into the store and return its id."""
        identity = _identity(content)
        place = self._store / identity
        if not place.exists():
            self._stored_bytes += len(content)
            if self._stored_bytes > STORE_LIMIT_BYTES:
                raise NotKept(f"more than {STORE_LIMIT_BYTES} bytes were written")
            beside = place.with_name("being-written")
            beside.write_bytes(content)
            beside.rename(place)
        return identity

    def put_back(
        self, repository: Path, commit: str, difference: Mapping[str, Entry | None]
    ) -> None:
        """Make the workspace the commit with the difference on top; what fits already stays.

        No process may work in it meanwhile.

        Raises:
            InputError, OSError: the repository or the store lacks what is needed.
            NotKept: the workspace cannot be read.
        """
        blobs = tree.list_blobs(repository, commit)
        wanted: dict[str, Entry] = {}
        for path, mode in tree.list_modes(repository, commit).items():
            bits = 0o755 if mode == "100755" else 0o644
            kind = "link" if mode == "120000" else "file"
            wanted[path] = Entry(kind, bits, blobs[path])
            for above in _above(path):
                wanted.setdefault(above, Entry("folder", 0o755))
        for path, entry in difference.items():
            if entry is None:
                wanted.pop(path, None)
            else:
                wanted[path] = entry
        self._remove_what_differs(wanted)
        for path in sorted(wanted):  # A folder comes before what is in it.
            self._write(self._workspace / path, wanted[path], repository)
        for path in sorted(wanted, reverse=True):
            if wanted[path].kind == "folder":
                (self._workspace / path).chmod(wanted[path].mode)

    def _remove_what_differs(self, wanted: Mapping[str, Entry]) -> None:
        gone: list[str] = []
        for path, handle, name, status in _below(self._workspace):
            entry, kind = wanted.get(path), _kind(status.st_mode)
            if kind == "folder" and entry is not None and entry.kind == "folder":
                continue
            if entry is None or entry.kind != kind or not self._same(handle, name, status, entry):
                gone.append(path)
        for path in gone:
            place = self._workspace / path
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            elif os.path.lexists(place):
                place.unlink()

    def _same(self, handle: int, name: str, status: os.stat_result, entry: Entry) -> bool:
        if entry.kind == "file" and stat.S_IMODE(status.st_mode) & 0o777 != entry.mode:
            return False
        content = _content(handle, name, entry.kind)
        return _identity(content, len(entry.identity)) == entry.identity

    def _write(self, place: Path, entry: Entry, repository: Path) -> None:
        if entry.kind == "folder":
            place.mkdir(mode=0o700, exist_ok=True)
            place.chmod(entry.mode | 0o700)
            return
        if os.path.lexists(place):
            return
        kept = self._store / entry.identity
        content = kept.read_bytes() if kept.exists() else tree.read_blob(repository, entry.identity)
        if _identity(content, len(entry.identity)) != entry.identity:
            raise InputError("the copy of a file is damaged", path=str(kept))
        if entry.kind == "link":
            place.symlink_to(os.fsdecode(content))
            return
        place.write_bytes(content)
        place.chmod(entry.mode)


def _below(folder: Path) -> Iterator[tuple[str, int, str, os.stat_result]]:
    try:
        root = os.open(folder, _FOLDER)
    except OSError as error:
        raise NotKept(f"the workspace cannot be read: {error.strerror}") from error
    yield from _folder(root, "", 0)


def _folder(handle: int, path: str, depth: int) -> Iterator[tuple[str, int, str, os.stat_result]]:
    """All below an open folder, which is closed at the end: path, its folder, name and status."""
    try:
        if depth > LIMITS.depth:
            raise NotKept(f"deeper than {LIMITS.depth} folders")
        with os.scandir(handle) as listing:
            entries = list(listing)
        for entry in entries:
            name = entry.name
            here = f"{path}/{name}" if path else name
            status = entry.stat(follow_symlinks=False)
            yield here, handle, name, status
            if stat.S_ISDIR(status.st_mode):
                inner = os.open(name, _FOLDER, dir_fd=handle)
                yield from _folder(inner, here, depth + 1)
    except OSError as error:
        raise NotKept(f"{path or '.'} cannot be read: {error.strerror}") from error
    finally:
        os.close(handle)


def _content(handle: int, name: str, kind: str) -> bytes:
    try:
        if kind == "link":
            return os.fsencode(os.readlink(name, dir_fd=handle))
        with os.fdopen(os.open(name, _FILE, dir_fd=handle), "rb", buffering=0) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > LIMITS.file_bytes:
                raise NotKept(f"{name}: not a file, or larger than {LIMITS.file_bytes} bytes")
            content = stream.read(LIMITS.file_bytes + 1)
    except OSError as error:
        raise NotKept(f"{name} cannot be read: {error.strerror}") from error
    if content is None or len(content) > LIMITS.file_bytes:
        raise NotKept(f"{name} grew while it was read")
    return content


def _kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return "file"
    return "folder" if stat.S_ISDIR(mode) else "link" if stat.S_ISLNK(mode) else ""


def _identity(content: bytes, digits: int = 40) -> str:
    """Git's id of a blob, in as many digits as the repository's ids have."""
    name = "sha256" if digits == 64 else "sha1"
    digest = hashlib.new(name, b"blob %d\0" % len(content), usedforsecurity=False)
    digest.update(content)
    return digest.hexdigest()


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path
