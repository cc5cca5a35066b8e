"""Many objects of one repository, read through one `git cat-file --batch`."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from factory.errors import InputError, ProcessFailed
from factory.ports.git import command
from factory.ports.git.limits import LIMITS

# Names asked for at once: far less than a pipe holds, so that git never waits for us to read
# while we wait for it to listen.
_WINDOW = 200
_ENTRY = {
    width: re.compile(rb"([0-7]+) ([^\0]+)\0(.{%d})" % width, re.DOTALL) for width in (20, 32)
}
_NAME = re.compile(r"[\x21-\x7e\x80-\U0010ffff]{1,300}")


@dataclass(frozen=True, kw_only=True)
class GitObject:
    """One object; `data` is None where it is longer than what was asked for."""

    id: str
    kind: str
    size: int
    data: bytes | None


class Objects:
    """The objects of a repository; made by `objects`."""

    def __init__(self, running: subprocess.Popen[bytes]) -> None:
        assert running.stdin and running.stdout
        self._ask, self._answer = running.stdin, running.stdout

    def read(self, name: str, limit_bytes: int = LIMITS.file_bytes) -> GitObject | None:
        """The object that an id, or a name such as `refs/heads/main^{commit}`, stands for.

        Returns:
            None where there is none.

        Raises:
            InputError: a name that git could not read as one line.
            ProcessFailed: git ended early: a damaged object, or no repository at all.
        """
        return next(self.many([name], limit_bytes))

    def many(
        self, names: Sequence[str], limit_bytes: int = LIMITS.file_bytes
    ) -> Iterator[GitObject | None]:
        """Like `read`, for each name in turn."""
        for name in names:
            if not _NAME.fullmatch(name):
                raise InputError(f"not a name in a repository: {name[:80]!r}")
        for at in range(0, len(names), _WINDOW):
            window = names[at : at + _WINDOW]
            try:
                self._ask.write("".join(f"{name}\n" for name in window).encode())
                self._ask.flush()
            except BrokenPipeError as error:
                raise _ended() from error
            for _ in window:
                yield self._next(limit_bytes)

    def blobs(self, ids: Sequence[str], limit_bytes: int) -> Iterator[bytes | None]:
        """The content of each blob that a tree or a history named; None where it is too long.

        Raises:
            ProcessFailed: the repository lacks one.
        """
        for blob, found in zip(ids, self.many(ids, limit_bytes), strict=True):
            if found is None:
                raise _lacks(blob)
            yield found.data

    def files(self, name: str) -> dict[str, str]:
        """Every regular file of a tree and the trees below it, as path to id; links are left out.

        Args:
            name: a tree's id or a name such as `HEAD:./`; where there is none, it has no files.

        Raises:
            ProcessFailed: the repository lacks one of the trees below.
            InputError: more entries than the limit: a few trees that name each other many times
                are 1 kB and unfold into thousands of millions of files.
        """
        found: dict[str, str] = {}
        waiting = [("", name)]
        seen = 0
        while waiting:
            folder, tree_name = waiting.pop()
            tree = self.read(tree_name)
            if tree is None or tree.data is None:
                if folder:
                    raise _lacks(tree_name)
                return {}
            for mode, entry, entry_id in entries_of(tree.id, tree.data):
                seen += 1
                if seen > LIMITS.entries:
                    raise InputError(f"{name} has more than {LIMITS.entries} files")
                if mode == b"40000":
                    waiting.append((f"{folder}{entry}/", entry_id))
                elif mode.startswith(b"100"):
                    found[folder + entry] = entry_id
        return found

    def names(self, name: str) -> list[str]:
        """What lies directly in a tree; nothing where there is none.

        Args:
            name: a tree's id or a name such as `HEAD:events`.
        """
        tree = self.read(name)
        if tree is None or tree.kind != "tree" or tree.data is None:
            return []
        return [entry for _, entry, _ in entries_of(tree.id, tree.data)]

    def _next(self, limit_bytes: int) -> GitObject | None:
        words = self._answer.readline().split()
        if not words:
            raise _ended()
        if len(words) != 3:
            return None  # `<name> missing`, `<name> ambiguous`
        size = int(words[2])
        kept = self._take(size) if size <= limit_bytes else None
        for at in range(0, size if kept is None else 0, 1024 * 1024):
            self._take(min(1024 * 1024, size - at))
        self._take(1)
        return GitObject(id=words[0].decode(), kind=words[1].decode(), size=size, data=kept)

    def _take(self, size: int) -> bytes:
        data = self._answer.read(size)
        if len(data) != size:
            raise _ended()
        return data


def raw_entries(tree_id: str, data: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """(mode, name, id) of each entry of a tree object, as its bytes have them.

    Raises:
        ProcessFailed: it is no tree.
    """
    width = len(tree_id) // 2
    found: list[tuple[bytes, bytes, bytes]] = _ENTRY[width].findall(data)
    if sum(len(mode) + len(name) for mode, name, _ in found) + len(found) * (width + 2) != len(
        data
    ):
        raise ProcessFailed(
            f"the tree {tree_id} is damaged", mend="run `git fsck` in the repository"
        )
    return found


def entries_of(tree_id: str, data: bytes) -> Iterator[tuple[bytes, str, str]]:
    """(mode, name, id) of each entry of a tree object."""
    width = len(tree_id) // 2
    at = 0
    while at < len(data):
        space = data.index(b" ", at)
        end = data.index(b"\0", space)
        name = data[space + 1 : end].decode("utf-8", "surrogateescape")
        yield data[at:space], name, data[end + 1 : end + 1 + width].hex()
        at = end + 1 + width


@contextmanager
def objects(repository: Path) -> Iterator[Objects]:
    """The objects of the repository that `repository` is, or is a folder of.

    In a folder of a work tree `HEAD:./` is that folder's tree.
    """
    with command.streaming("cat-file", "--batch", repository=repository) as running:
        yield Objects(running)


def near_a_repository(folder: Path) -> bool:
    """Whether there is a trace of a git work tree around a folder; asks the file system alone."""
    place = folder.resolve()
    return any((one / ".git").exists() for one in (place, *place.parents))


def in_work_tree(folder: Path) -> bool:
    """Whether git takes a folder for a part of a work tree."""
    done = command.attempt("rev-parse", "--is-inside-work-tree", repository=folder)
    return done.ok and done.stdout.strip() == b"true"


def _lacks(name: str) -> ProcessFailed:
    return ProcessFailed(
        f"the repository lacks its object {name}", mend="run `git fsck` in the repository"
    )


def _ended() -> ProcessFailed:
    return ProcessFailed(
        "git cat-file ended before it had answered", mend="run `git fsck` in the repository"
    )
