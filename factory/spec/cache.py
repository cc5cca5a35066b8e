"""What the gate found in a text, kept by the text itself: the same text is read once.

One SQLite file below the user's cache folder. Its keys cover all that a finding depends on: the
bytes of the spec, what surrounds it, the rules themselves and the libraries that they read with.
Losing it costs time alone.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Callable
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

import msgspec

from factory import __version__
from factory.ports.cache import cache_folder
from factory.spec.facts import Checked
from factory.spec.surroundings import Surroundings

FILE_NAME = "gate.sqlite"
# Rows beyond this many are dropped, those that were written first before the others.
_ROWS = 200_000
_WAIT_SECONDS = 5.0
# Whose `__init__.py` names their version, or changes with them.
_READ_WITH = ("markdown_it", "mdurl", "yaml", "jsonschema")


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
    """A digest of the rules: of this version, of when its files changed, and of what they use."""
    parts = [__version__, sys.version]
    for path in _sources():
        known = path.stat()
        parts.append(f"{path.name}:{known.st_size}:{known.st_mtime_ns}")
    # To ask for their versions would take longer than all else that an unchanged spec needs.
    for name in _READ_WITH:
        spec = PathFinder.find_spec(name)
        if spec is not None and spec.origin is not None:
            path = Path(spec.origin)
            parts.append(f"{name}:{path.stat().st_mtime_ns}:{path.read_bytes()!r}")
    return hashlib.blake2b("|".join(parts).encode(), digest_size=32).digest()


def _sources() -> list[Path]:
    """Our files that findings depend on."""
    ours = Path(__file__).resolve().parents[1]
    found = [*ours.glob("*.py")]
    for name in ("spec", "config"):
        found += (one for one in (ours / name).rglob("*.*") if one.suffix in (".py", ".json"))
    return sorted(found)
