"""Write the files of a commit, by plumbing alone: no checkout, so nothing of the commit runs."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from factory.errors import InputError, ProcessFailed
from factory.ports.git import command, listing
from factory.ports.git.limits import LIMITS, Limits
from factory.ports.git.names import is_git_like, link_trouble, shown

_LINK, _GITLINK = "120000", "160000"


@dataclass(frozen=True)
class Entry:
    """One file or link of a commit."""

    mode: str
    blob: str
    size: int
    path: str


def materialise(
    repository: Path,
    commit: str,
    folder: Path,
    *,
    only: Collection[str] | None = None,
    limits: Limits = LIMITS,
) -> None:
    """Write the files of `commit`, or of a tree, into `folder`, which must be missing or empty.

    With `only`, names at the root, nothing but these files and folders is written; the rest of
    the commit is checked all the same.

    Contents are the blobs byte for byte: no attribute (`export-ignore`, `export-subst`, `eol`,
    filters, LFS) and no replace ref has any effect. Files get mode 0644 or 0755. Every blob's
    hash is checked on the way. On an error `folder` may be half filled.

    Raises:
        InputError: no such commit; an object is damaged; the commit holds a gitlink, a link
            that leaves the tree, a name that means .git somewhere, or more than `limits`.
        ProcessFailed: git failed.
    """
    entries = listed(repository, commit, limits)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise InputError("the folder to write to is not empty", path=str(folder))
    write(
        repository,
        [one for one in entries if only is None or one.path.partition("/")[0] in only],
        folder,
    )


def write(repository: Path, entries: Sequence[Entry], folder: Path) -> None:
    """Write entries that were checked into a folder in which nothing is in their way.

    Raises:
        InputError: an object is damaged, or a link leaves the tree.
        OSError: something is in the way; a link on the way to an entry is.
        ProcessFailed: git failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made: set[str] = {""}
    links: list[tuple[Entry, bytes]] = []
    for entry, content in _contents(repository, entries):
        parent = entry.path.rpartition("/")[0]
        _make_folders(folder, parent, made)
        if entry.mode == _LINK:
            target = b"".join(content)
            trouble = link_trouble(entry.path.count("/"), entry.path.rpartition("/")[2], target)
            if trouble:
                raise _refusal(trouble, entry.path)
            links.append((entry, target))
        else:
            _write(folder / entry.path, content, 0o755 if entry.mode == "100755" else 0o644)
    for entry, target in links:  # Last, so that no file can be written through a link.
        (folder / entry.path).symlink_to(os.fsdecode(target))


def listed(repository: Path, commit: str, limits: Limits) -> list[Entry]:
    """The files and links of a commit, checked; raises as `materialise`."""
    entries = [_entry(row) for row in listing.rows(repository, commit, limits.entries, "-l")]
    if sum(entry.size for entry in entries) > limits.total_bytes:
        raise _refusal(f"the commit has more than {limits.total_bytes} bytes", "")
    folders: set[str] = set()
    for entry in entries:
        checked(entry, limits)
        folders.update(_parents(entry.path))
    paths = {entry.path for entry in entries}
    if len(paths) < len(entries) or paths & folders:
        raise _refusal("the commit names a path twice", next(iter(paths & folders), ""))
    return entries


def _entry(row: bytes) -> Entry:
    head, _, name = row.partition(b"\t")
    mode, kind, blob, size = head.decode("ascii").split()
    try:
        path = name.decode("utf-8")
    except UnicodeDecodeError:
        raise _refusal("a name that is not UTF-8", name) from None
    if kind != "blob":
        raise _refusal("a gitlink (submodule)", path)
    if not size.isdecimal():  # git writes BAD.
        raise _damaged(blob, path, b"")
    return Entry(mode, command.object_id(blob), int(size), path)


def checked(entry: Entry, limits: Limits) -> Entry:
    """The entry, if its mode, name and size may be written out; raises as `materialise`."""
    parts = entry.path.split("/")
    if entry.mode not in ("100644", "100755", "100664", _LINK):
        raise _refusal(f"an entry of mode {entry.mode}", entry.path)
    if any(part in ("", ".", "..") or is_git_like(part) for part in parts):
        raise _refusal("a name that means .git or another folder", entry.path)
    if len(parts) > limits.depth or max(len(os.fsencode(part)) for part in parts) > 255:
        raise _refusal("a path that is too deep or too long", entry.path)
    if entry.size > (4095 if entry.mode == _LINK else limits.file_bytes):
        raise _refusal(f"an entry of {entry.size} bytes", entry.path)
    return entry


def _contents(
    repository: Path, entries: Sequence[Entry]
) -> Iterator[tuple[Entry, Iterator[bytes]]]:
    """Each entry with its content; a content must be read before the next entry is asked for."""
    with tempfile.TemporaryFile() as wanted:
        wanted.write(b"".join(f"{entry.blob}\n".encode() for entry in entries))
        wanted.seek(0)
        with command.streaming(
            "cat-file", "--batch", "--buffer", repository=repository, stdin=wanted
        ) as running:
            assert running.stdout
            for entry in entries:
                head = running.stdout.readline()
                if head != f"{entry.blob} blob {entry.size}\n".encode():
                    raise _damaged(entry.blob, entry.path, head)
                yield entry, _pieces(running.stdout, entry)


def _pieces(stream: IO[bytes], entry: Entry) -> Iterator[bytes]:
    seen = hashlib.new("sha256" if len(entry.blob) == 64 else "sha1", usedforsecurity=False)
    seen.update(f"blob {entry.size}\0".encode())
    left = entry.size
    while left:
        piece = stream.read(min(left, 1024 * 1024))
        if not piece:
            raise ProcessFailed("git cat-file ended early", mend="run this again")
        left -= len(piece)
        seen.update(piece)
        yield piece
    if stream.read(1) != b"\n" or seen.hexdigest() != entry.blob:
        raise _damaged(entry.blob, entry.path, b"")


def _make_folders(root: Path, folder: str, made: set[str]) -> None:
    for name in (*_parents(folder), folder):
        if name not in made:
            made.add(name)
            try:
                (root / name).mkdir()
                (root / name).chmod(0o755)  # Whatever the umask: another uid will read it.
            except FileExistsError:
                if not stat.S_ISDIR((root / name).lstat().st_mode):
                    raise


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def _write(path: Path, content: Iterator[bytes], mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as stream:
        for piece in content:
            stream.write(piece)
        os.fchmod(stream.fileno(), mode)


def _damaged(blob: str, path: str, head: bytes) -> InputError:
    told = f" ({head.decode('ascii', 'replace').strip()})" if head else ""
    return InputError(
        f"object {blob} is missing or damaged{told}",
        path=shown(path),
        mend="run `git fsck` on the repository",
    )


def _refusal(what: str, path: str | bytes) -> InputError:
    return InputError(
        f"cannot be written out safely: {what}",
        path=shown(path) or None,
        mend="take it out of the repository",
    )
