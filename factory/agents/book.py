"""The book of one attempt: each request is in it before it is sent, and what came of it after.

A file of JSON Lines: `{"nano", "tokens"}` with `asked` or `charged` as `line`. A process that is
killed with a request under way leaves an `asked` that nothing follows; that one counts in full.
"""

from __future__ import annotations

import errno
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.errors import AgentError

FILE = "spend.jsonl"


@dataclass(frozen=True)
class Spent:
    """Nano-dollars and tokens."""

    nano: int = 0
    tokens: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.nano + other.nano, self.tokens + other.tokens)


class Book:
    """Appends to one file; with None as its path it writes nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._descriptor = -1

    def asked(self, nano: int, tokens: int) -> None:
        """A request that may take so much is about to be sent."""
        self._write("asked", nano, tokens)

    def charged(self, nano: int, tokens: int) -> None:
        """The request asked last took so much."""
        self._write("charged", nano, tokens)

    def close(self) -> None:
        """Close the file; it is opened again where something more is written."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _write(self, line: str, nano: int, tokens: int) -> None:
        if self._path is None:
            return
        if self._descriptor < 0:
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            self._descriptor = os.open(self._path, flags, 0o600)
            # The piece of a line that was cut says nothing: see `read_book`.
            whole = self._path.read_bytes().rpartition(b"\n")[0]
            os.ftruncate(self._descriptor, len(whole) + 1 if whole else 0)
            os.lseek(self._descriptor, 0, os.SEEK_END)
        # One write: a killed process loses nothing that the kernel has taken.
        text = json.dumps({"line": line, "nano": nano, "tokens": tokens}).encode() + b"\n"
        if os.write(self._descriptor, text) != len(text):
            raise OSError(errno.ENOSPC, "the spend could not be written down", str(self._path))


def read_book(path: Path) -> Spent | None:
    """What a book comes to, a request without an end in full; None where there is none.

    The piece of a line at the end is left out: a request that was not written down was not sent,
    and one whose end was not counts in full.

    Raises:
        AgentError: a line is not one of a book.
    """
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return None
    total, open_one = Spent(), Spent()
    for number, text in enumerate(lines, 1):
        line, one = _line(text)
        if line not in ("asked", "charged"):
            raise AgentError("not a line of a book of spend", path=str(path), line=number)
        if line == "asked":
            total, open_one = total + open_one, one
        else:
            total, open_one = total + one, Spent()
    return total + open_one


def _line(text: bytes) -> tuple[str, Spent]:
    try:
        data: Any = json.loads(text)
        line, one = data["line"], Spent(data["nano"], data["tokens"])
    except (ValueError, TypeError, KeyError):
        return "", Spent()
    good = type(one.nano) is int and type(one.tokens) is int and min(one.nano, one.tokens) >= 0
    return (str(line), one) if good else ("", Spent())
