"""What an attempt needs to go on after a kill, written down as it happens, in a private folder.

FOLDER/lock           one process at a time
FOLDER/journal        every request, answer and result, unredacted: the model must see them again
                      as they were. Append-only; each line carries a digest of all before it.
FOLDER/store/         contents of files that the agent changed
FOLDER/steps/         steps that were folded, shown to the agent read-only
FOLDER/product.git    the repository with the base commit, put there by build

The folder may be entered by this user alone and is removed when the attempt is over. Nothing is
synchronised to the disk: a killed process loses no line, a machine that loses power may.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from factory.agents.snapshot import Difference, Entry, Snapshots
from factory.agents.spent import Spent
from factory.errors import InputError
from factory.records.base import write_atomically

FORMAT = "checkpoint/1"
JOURNAL = "journal"
REPOSITORY = "product.git"
_DIGITS = 16
_LINE = re.compile(rb"([0-9a-f]{16}) (\{.*\})")

NOTHING = Spent()
Line = dict[str, Any]


class Checkpoint:
    """The journal of one attempt and the copies of its workspace; made by `opened`.

    `lines` are those of a run before this one, without the first, which says what `base_tree` the
    attempt began on and what tries before it had used that were thrown away (`abandoned`).
    `tree_is_back` says that the workspace is as it was after the last step. `damaged`: there may
    have been more lines than could be read.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = folder
        self.steps = folder / "steps"
        self.repository = folder / REPOSITORY
        self.base_tree = ""
        self.abandoned = Spent()
        self.lines: list[Line] = []
        self.tree_is_back = True
        self.damaged = False
        self._spent = self._held = NOTHING
        self._fits = False
        self._key = key
        self._place = folder / JOURNAL
        self._stream = -1
        self._digest = b""

    @property
    def resumed(self) -> bool:
        """Whether there is a step to go on from, or a request."""
        return self._fits and bool(self.lines)

    @property
    def spent(self) -> Spent:
        """What the requests used, read or written by now; one without an end as it was held."""
        return self._spent + self._held

    def read(self) -> int:
        """Read the journal that is there, without a last line that was cut; where that ends.

        One that is damaged, or whose attempt failed for good, is taken for what it says was spent,
        and is not `resumed`. One of another attempt is not taken at all.
        """
        rows, end, whole = self._parsed()
        self.damaged = not whole
        head = rows[0] if rows else {}
        if head.get("format") == FORMAT and head.get("key") == self._key:
            self.base_tree, self.abandoned = head["base_tree"], Spent.of(head)
            self.lines = rows[1:]
            for line in self.lines:
                self._count(line)
            self._fits = whole and not any(line["line"] == "void" for line in self.lines)
        return end

    def take_over(self) -> None:
        """Read the journal, and be ready to go on with it where it is one to go on with."""
        end = self.read()
        if self._fits:
            os.truncate(self._place, end)
            self._open()

    def begin(self, base_tree: str, abandoned: Spent = NOTHING) -> None:
        """Start the journal anew, at once: a kill leaves the old one or the new one."""
        self.base_tree, self.abandoned = base_tree, abandoned
        self.lines, self._fits, self._digest = [], False, b""
        self._spent = self._held = NOTHING
        self.steps.mkdir(exist_ok=True)
        self.steps.chmod(0o2750)  # Files in it get the group that the sandbox gives the folder.
        head = {"line": "begin", "format": FORMAT, "key": self._key, "base_tree": base_tree,
                **abandoned.facts()}  # fmt: skip
        write_atomically(self._place, self._row(head))
        self._open()

    def write(self, line: str, **facts: Any) -> None:
        """Append one line; once this returns, a kill does not lose it.

        Raises:
            OSError: it is not there whole, so what it announces must not be done.
        """
        row = self._row({"line": line, **facts})
        self._count({"line": line, **facts})
        if os.write(self._stream, row) != len(row):
            raise OSError(errno.ENOSPC, "the journal could not be written", str(self._place))

    def keep_step(self, name: str, text: str) -> None:
        """Write a step to where the agent can read it."""
        place = self.steps / name
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(descriptor, 0o640)
            stream.write(text.encode("utf-8", "replace"))

    def snapshots(self, workspace: Path) -> Snapshots:
        """Takes snapshots of this workspace into this checkpoint."""
        return Snapshots(workspace, self.folder / "store")

    def put_back(self, workspace: Path, base_commit: str) -> None:
        """Make the workspace what it was after the last step that was written down.

        Where that step's workspace was not kept it is left as it is found.

        Raises:
            InputError, OSError, NotKept: see `Snapshots.put_back`.
        """
        steps = [line for line in self.lines if line["line"] == "step"]
        self.tree_is_back = not (steps and steps[-1]["tree"] is None)
        if not self.tree_is_back:
            return
        difference: Difference = {}
        for step in steps:
            for path, entry in (step["tree"] or {}).items():
                difference[path] = Entry(*entry) if entry is not None else None
        self.snapshots(workspace).put_back(self.repository, base_commit, difference)

    def close(self) -> None:
        """Let go of the journal."""
        if self._stream >= 0:
            os.close(self._stream)
            self._stream = -1

    def _count(self, line: Line) -> None:
        if line["line"] == "asked":
            self._spent, self._held = self.spent, Spent.of(line)
        elif line["line"] in ("lost", "turn"):
            self._spent, self._held = self._spent + Spent.of(line), NOTHING

    def _open(self) -> None:
        self.close()
        self._stream = os.open(self._place, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)

    def _row(self, line: Line) -> bytes:
        # ASCII: paths may hold bytes that are not text, as lone surrogates.
        body = json.dumps(line).encode()
        self._digest = _chained(self._digest, body)
        return self._digest + b" " + body + b"\n"

    def _parsed(self) -> tuple[list[Line], int, bool]:
        """The good lines, the offset after the last of them, and whether all are good."""
        data = self._place.read_bytes() if self._place.exists() else b""
        rows = data.split(b"\n")
        end = len(data) - len(rows.pop())  # After the last newline: nothing, or a cut line.
        lines: list[Line] = []
        for row in rows:
            found = _LINE.fullmatch(row)
            if not found or _chained(self._digest, found[2]) != found[1]:
                return lines, 0, False
            self._digest = found[1]
            lines.append(json.loads(found[2]))
        return lines, end, True


def left(folder: Path, key: str) -> Checkpoint | None:
    """What a try at the attempt that `key` names left in `folder`, to be looked at; None without.

    It is not locked: nobody may be at the attempt.
    """
    found = Checkpoint(folder, key)
    if not (folder / JOURNAL).exists():
        return None
    found.read()
    return found


@contextmanager
def opened(folder: Path, key: str) -> Iterator[Checkpoint]:
    """The checkpoint in `folder` for the attempt that `key` names, to one process at a time.

    Raises:
        InputError: another process is at this attempt.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    lock = os.open(folder / "lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    found = Checkpoint(folder, key)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                "another process is building this attempt",
                path=str(folder),
                mend="let it end, or give another folder",
            ) from None
        found.take_over()
        yield found
    finally:
        found.close()
        os.close(lock)


def _chained(before: bytes, body: bytes) -> bytes:
    return hashlib.sha256(before + b" " + body).hexdigest()[:_DIGITS].encode()
