"""Bring an agent's folder into a repository, reading it as hostile data.

The folder is walked with folder descriptors and never through a link; each file is read once, and
what was read is what is stored, whatever a left-over writer does meanwhile. No git command ever
runs inside the folder, so nothing in it (`.git`, hooks, filters, attributes, fsmonitor) can take
effect. A hard link is read as the plain content it is: inside a sandbox link(2) cannot reach
another mount, so it can only name what the agent could read and copy anyhow.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import subprocess
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NoReturn

from factory.errors import Bug, GuardError, ProcessFailed
from factory.ports.git import command
from factory.ports.git.limits import LIMITS, Limits
from factory.ports.git.names import link_trouble, shown, trouble, twin_key

# What makes a folder a bare repository: git run inside it obeys the `config` found there.
_REPOSITORY = frozenset({b"head", b"objects", b"refs"})

# Non-blocking, in case a FIFO took the file's place since it was looked at.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_PIECE = 1024 * 1024

Skip = Callable[[str, bool], bool]
"""Asked with a path relative to the root and whether it is a folder: leave it out unread?"""


def import_tree(
    folder: Path,
    repository: Path,
    *,
    skip: Skip | None = None,
    known: Collection[str] = (),
    limits: Limits = LIMITS,
) -> str:
    """Store the files of `folder` in `repository` and return the id of their tree.

    Empty folders vanish, as everywhere in git. What `skip` leaves out is neither read nor
    checked. `known` are ids of blobs and trees that `repository` has: what is read and proves to
    be one of them is not stored again.

    Raises:
        GuardError: something that must never enter a repository, with its escaped path: a
            `.git` under any spelling or a bare repository, a device, FIFO or socket, a link
            that leaves the tree, a name with control or invisible characters, not UTF-8,
            special to git or Windows, or equal to its neighbour's but for case or
            normalisation; more than `limits`.
        ProcessFailed: git failed.
    """
    kind = command.git("rev-parse", "--show-object-format", repository=repository).decode().strip()
    with command.streaming(
        "-c",
        "pack.compression=1",
        "fast-import",
        "--quiet",
        "--done",
        "--depth=0",
        repository=repository,
        stdout=subprocess.DEVNULL,
    ) as running:
        assert running.stdin
        walk = _Walk(
            digest=hashlib.sha256 if kind == "sha256" else hashlib.sha1,
            blobs=running.stdin,
            limits=limits,
            skip=skip or _nothing,
            stored=set(known),
        )
        try:
            root = walk.run(folder)
            running.stdin.write(b"done\n")
            running.stdin.close()
        except BrokenPipeError as error:
            raise ProcessFailed("git fast-import ended early", mend="run this again") from error
        if running.wait() != 0:
            raise ProcessFailed(f"git fast-import ended with code {running.returncode}")
    _store(repository, walk.trees, root)
    return root


@dataclass
class _Walk:
    digest: Callable[..., hashlib._Hash]
    blobs: IO[bytes]
    limits: Limits
    skip: Skip
    stored: set[str]
    trees: list[tuple[str, bytes]] = field(default_factory=list)
    entries: int = 0
    total_bytes: int = 0

    def run(self, folder: Path) -> str:
        try:
            root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise GuardError(
                f"the agent's folder cannot be read: {error.strerror}", path=str(folder)
            ) from error
        try:
            return self._folder(root, b"", 0) or self._tree([])
        finally:
            os.close(root)

    def _folder(self, handle: int, path: bytes, depth: int) -> str | None:
        """Store one folder; its tree id, or None where nothing is in it."""
        rows: list[tuple[bytes, bytes, str]] = []
        twins: dict[str, bytes] = {}
        for name, kind in self._names(handle, path):
            here = path + b"/" + name if path else name
            try:
                is_folder = kind == stat.S_IFDIR
                if self.skip(here.decode("utf-8", "surrogateescape"), is_folder):
                    continue
                self._check_name(name, here, depth, twins)
                if is_folder:
                    tree = self._subfolder(handle, name, here, depth)
                    rows += [(b"40000", name, tree)] if tree else []
                elif kind == stat.S_IFLNK:
                    target = os.readlink(name, dir_fd=handle)
                    odd = link_trouble(depth, name.decode(), target)
                    if odd:
                        _refuse(odd, here)
                    rows.append((b"120000", name, self._blob(target, here)))
                elif kind == stat.S_IFREG:
                    content, mode = self._content(handle, name, here)
                    rows.append((mode, name, self._blob(content, here)))
                else:
                    _refuse("a device, FIFO or socket", here)
            except BrokenPipeError:
                raise  # git's doing, not the agent's.
            except OSError as error:
                _refuse(f"cannot be read, or changed while it was read ({_cause(error)})", here)
        return self._tree(rows) if rows else None

    def _names(self, handle: int, path: bytes) -> list[tuple[bytes, int]]:
        """The names in one folder, each with its kind as it was then, sorted, read once."""
        names = []
        with os.scandir(handle) as listing:
            for entry in listing:
                names.append((os.fsencode(entry.name), _kind(entry)))
                self.entries += 1
                if self.entries > self.limits.entries:
                    _refuse(f"the tree has more than {self.limits.entries} entries", path)
        if {name.lower() for name, _ in names} >= _REPOSITORY:
            _refuse("a folder that git takes for a repository, settings and hooks included", path)
        return sorted(names)

    def _check_name(self, name: bytes, here: bytes, depth: int, twins: dict[str, bytes]) -> None:
        odd = trouble(name)
        if odd:
            _refuse(odd, here)
        if depth >= self.limits.depth:
            _refuse(f"lies deeper than {self.limits.depth} folders", here)
        other = twins.setdefault(twin_key(name.decode()), name)
        if other != name:
            _refuse(f"differs from {shown(other)} by case or Unicode form only", here)

    def _subfolder(self, handle: int, name: bytes, here: bytes, depth: int) -> str | None:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        inner = os.open(name, flags, dir_fd=handle)
        try:
            return self._folder(inner, here, depth + 1)
        finally:
            os.close(inner)

    def _content(self, handle: int, name: bytes, here: bytes) -> tuple[bytes, bytes]:
        """What one file holds and its mode. Its size is asked first: holes cost no reading."""
        stream = os.open(name, _FILE, dir_fd=handle)
        try:
            now = os.fstat(stream)
            if not stat.S_ISREG(now.st_mode):
                _refuse("a device, FIFO or socket", here)
            self._check_size(now.st_size, here)
            content = os.read(stream, now.st_size + 1)
            while len(content) != now.st_size and (piece := os.read(stream, _PIECE)):
                content += piece  # It grows, or came in parts.
                self._check_size(len(content), here)
        finally:
            os.close(stream)
        return content, b"100755" if now.st_mode & stat.S_IXUSR else b"100644"

    def _check_size(self, size: int, here: bytes) -> None:
        if size > self.limits.file_bytes:
            _refuse(f"larger than {self.limits.file_bytes} bytes", here)
        if self.total_bytes + size > self.limits.total_bytes:
            _refuse(f"the tree holds more than {self.limits.total_bytes} bytes", here)

    def _blob(self, content: bytes, here: bytes) -> str:
        self.total_bytes += len(content)
        name = self._hash(b"blob", content)
        if name not in self.stored:
            self.stored.add(name)
            self.blobs.write(b"blob\ndata %d\n" % len(content))
            self.blobs.write(content)
            self.blobs.write(b"\n")
        return name

    def _tree(self, rows: list[tuple[bytes, bytes, str]]) -> str:
        """Keep one tree in `mktree -z` form, inner trees before outer ones; return its id."""
        # git sorts a folder as if its name ended in a slash.
        rows.sort(key=lambda row: row[1] + (b"/" if row[0] == b"40000" else b""))
        raw = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(i) for mode, name, i in rows)
        identity = self._hash(b"tree", raw)
        if identity not in self.stored:
            self.stored.add(identity)
            self.trees.append((identity, b"".join(_mktree_row(*row) for row in rows)))
        return identity

    def _hash(self, kind: bytes, content: bytes) -> str:
        header = b"%s %d\0" % (kind, len(content))
        return self.digest(header + content, usedforsecurity=False).hexdigest()


def _mktree_row(mode: bytes, name: bytes, identity: str) -> bytes:
    kind = b"tree" if mode == b"40000" else b"blob"
    return mode.rjust(6, b"0") + b" " + kind + b" " + identity.encode() + b"\t" + name + b"\0"


def _store(repository: Path, trees: list[tuple[str, bytes]], root: str) -> None:
    """Have git write the trees; it checks that every object named in one exists."""
    answer = command.git(
        "mktree",
        "-z",
        "--batch",
        repository=repository,
        stdin=b"".join(rows + b"\0" for _, rows in trees),
    )
    if answer.decode().split() != [identity for identity, _ in trees]:
        raise Bug("git names the imported trees otherwise than we do")


def _kind(entry: os.DirEntry[str]) -> int:
    """S_IFDIR, S_IFLNK or S_IFREG; 0 for anything else. The listing itself tells it mostly."""
    if entry.is_file(follow_symlinks=False):
        return stat.S_IFREG
    if entry.is_dir(follow_symlinks=False):
        return stat.S_IFDIR
    return stat.S_IFLNK if entry.is_symlink() else 0


def _nothing(path: str, is_folder: bool) -> bool:
    return False


def _cause(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "unknown")


def _refuse(what: str, path: bytes) -> NoReturn:
    raise GuardError(
        f"the agent's tree is refused: {what}",
        path=shown(path) or ".",
        mend="have the next attempt leave it out",
    )
