"""What the gate found in a text, kept by the text itself: the same text is read once.

One SQLite file below the user's cache folder. Its keys cover all that a finding depends on: the
bytes of the spec, what surrounds it, and the rules themselves. Losing it costs time alone.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec

from factory import __version__
from factory.ports.cache import cache_folder
from factory.spec.facts import Checked
from factory.spec.surroundings import Surroundings

FILE_NAME = "gate.sqlite"
# Rows beyond this many are dropped, the ones not used for longest first.
_ROWS = 200_000
_WAIT_SECONDS = 5.0


class Cache:
    """Opened once for a command. Any trouble with the file means to check anew, never to fail."""

    def __init__(self, path: Path | None = None) -> None:
        self._connection = _open(path or default_path())
        self._new: list[tuple[bytes, bytes]] = []
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Checked).decode

    def get(
        self, data: bytes, around: Surroundings, shown: str, check: Callable[[], Checked]
    ) -> Checked:
        """What is known of a text, else what `check` finds."""
        key = hashlib.blake2b(data, key=_rules_and(around.digest), digest_size=16).digest()
        if self._connection is not None:
            try:
                row = self._connection.execute(
                    "SELECT found FROM checked WHERE key = ?", (key,)
                ).fetchone()
                if row is not None:
                    return _renamed(self._decode(row[0]), shown)
            except (sqlite3.Error, msgspec.DecodeError):
                self._connection = None
        found = check()
        self._new.append((key, self._encode(found)))
        if len(self._new) >= 500:
            self.save()
        return found

    def save(self) -> None:
        """Write what is new."""
        if self._connection is not None and self._new:
            try:
                with self._connection:
                    self._connection.executemany(
                        "INSERT OR REPLACE INTO checked VALUES (?, ?)", self._new
                    )
                    self._connection.execute(
                        "DELETE FROM checked WHERE rowid <= (SELECT max(rowid) FROM checked) - ?",
                        (_ROWS,),
                    )
            except sqlite3.Error:
                self._connection = None
        self._new = []


def default_path() -> Path:
    """The file in the user's cache folder."""
    return cache_folder() / FILE_NAME


def _open(path: Path) -> sqlite3.Connection | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(path, timeout=_WAIT_SECONDS)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS checked (key BLOB UNIQUE NOT NULL, found BLOB NOT NULL)"
        )
    except (OSError, sqlite3.Error):
        return None
    return connection


def _renamed(checked: Checked, shown: str) -> Checked:
    """The same text may lie in another place by now."""
    facts = checked.facts and msgspec.structs.replace(checked.facts, path=shown)
    if not checked.findings:
        return Checked(findings=(), facts=facts)
    replace = msgspec.structs.replace
    return Checked(
        findings=tuple(replace(one, path=shown) for one in checked.findings), facts=facts
    )


def _rules_and(around: bytes) -> bytes:
    return hashlib.blake2b(_rules() + around, digest_size=32).digest()


@cache
def _rules() -> bytes:
    """A digest of the rules: of this version, and of when its files changed."""
    here = Path(__file__).resolve().parent
    parts = [__version__]
    for folder in (here, here.parent / "config"):
        for path in sorted(folder.rglob("*.*")):
            if path.suffix in (".py", ".json"):
                known = path.stat()
                parts.append(f"{path.name}:{known.st_size}:{known.st_mtime_ns}")
    return hashlib.blake2b("|".join(parts).encode(), digest_size=32).digest()
