"""Write the files of a commit, by plumbing alone: no checkout, so nothing of the commit runs."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from factory.errors import InputError, ProcessFailed
from factory.ports.git import command, listing
from factory.ports.git.limits import LIMITS, Limits
from factory.ports.git.names import is_git_like, link_trouble, shown

_LINK, _GITLINK = "120000", "160000"


@dataclass(frozen=True)
class _Entry:
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
    """Write the files of `commit` into `folder`, which must be missing or empty.

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
    entries = _listed(repository, commit, limits)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise InputError("the folder to write to is not empty", path=str(folder))
    made: set[str] = {""}
    links: list[tuple[_Entry, bytes]] = []
    wanted = [one for one in entries if only is None or one.path.partition("/")[0] in only]
    for entry, content in _contents(repository, wanted):
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


def _listed(repository: Path, commit: str, limits: Limits) -> list[_Entry]:
    entries = [_entry(row) for row in listing.rows(repository, commit, limits.entries)]
    if sum(entry.size for entry in entries) > limits.total_bytes:
        raise _refusal(f"the commit has more than {limits.total_bytes} bytes", "")
    folders: set[str] = set()
    for entry in entries:
        _check(entry, limits)
        folders.update(_parents(entry.path))
    paths = {entry.path for entry in entries}
    if len(paths) < len(entries) or paths & folders:
        raise _refusal("the commit names a path twice", next(iter(paths & folders), ""))
    return entries


def _entry(row: bytes) -> _Entry:
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
    return _Entry(mode, command.object_id(blob), int(size), path)


def _check(entry: _Entry, limits: Limits) -> None:
    parts = entry.path.split("/")
    if entry.mode not in ("100644", "100755", "100664", _LINK):
        raise _refusal(f"an entry of mode {entry.mode}", entry.path)
    if any(part in ("", ".", "..") or is_git_like(part) for part in parts):
        raise _refusal("a name that means .git or another folder", entry.path)
    if len(parts) > limits.depth or max(len(os.fsencode(part)) for part in parts) > 255:
        raise _refusal("a path that is too deep or too long", entry.path)
    if entry.size > (4095 if entry.mode == _LINK else limits.file_bytes):
        raise _refusal(f"an entry of {entry.size} bytes", entry.path)


def _contents(repository: Path, entries: list[_Entry]) -> Iterator[tuple[_Entry, Iterator[bytes]]]:
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


def _pieces(stream: IO[bytes], entry: _Entry) -> Iterator[bytes]:
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
            (root / name).mkdir()
            (root / name).chmod(0o755)  # Whatever the umask: another uid will read it.


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
