"""The file that an index is kept in: found, opened, made anew where it is not what was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from factory.errors import ProcessFailed
from factory.ledger.index import Index, transaction
from factory.ledger.place import Place
from factory.ledger.seal import Damaged, Seal
from factory.ledger.tables import TABLES

_WAIT_SECONDS = 600.0
"""For another process that brings the index up to date: the first time takes minutes."""
T = TypeVar("T")


def using(place: Place, heads: Mapping[str, str], work: Callable[[Index], T]) -> T:
    """What `work` makes of the index of these heads; one that was damaged is made anew first.

    Where no file can be kept it is made in memory.

    Raises:
        ProcessFailed, InputError: as for `Index.follow`.
    """
    path = _path(place, heads) if heads else None
    try:
        return _work(place, path, heads, work)
    except (sqlite3.DatabaseError, Damaged) as error:
        if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise ProcessFailed(
                "another process has been reading the ledger for minutes",
                mend="run this again when it is done",
            ) from error
        if path is None or not _removed(path):
            return _work(place, None, heads, work)
        return _work(place, path, heads, work)


def is_kept(place: Place, heads: Iterable[str]) -> bool:
    """Whether there is an index of these heads, whatever it holds."""
    return _path(place, heads).exists()


def forget(place: Place, heads: Iterable[str]) -> None:
    """Have the index of these heads made anew the next time."""
    _removed(_path(place, heads))


def _path(place: Place, heads: Iterable[str]) -> Path:
    return place.folder / f"index-{'-'.join(sorted(heads))}.sqlite"


def _removed(path: Path) -> bool:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        with suppress(OSError):
            (path.parent / name).unlink(missing_ok=True)
    return not path.exists()


def _work(
    place: Place, path: Path | None, heads: Mapping[str, str], work: Callable[[Index], T]
) -> T:
    connection = _open(path)
    try:
        index = Index(place, connection)
        index.follow(heads)
        return work(index)
    finally:
        connection.close()


def _open(path: Path | None) -> sqlite3.Connection:
    try:
        if path is None:
            raise OSError
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        made = _tables(connection)
        if not made:
            _make(connection)
    except (OSError, sqlite3.OperationalError):
        connection = sqlite3.connect(":memory:", isolation_level=None)
        _make(connection)
    return connection


def _make(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        if not _tables(connection):
            for statement in TABLES.split(";"):
                connection.execute(statement)
            connection.execute("INSERT INTO seal VALUES (?)", (Seal().to_text(),))


def _tables(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
