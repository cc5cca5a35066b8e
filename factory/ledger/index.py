"""An index of the ledger's entries, kept beside the repository and brought up to date by commits.

One SQLite file for the heads that are followed. It is a copy that may be lost: what does not fit
its seal, is of another shape, or is damaged is made anew from git. Each row that money is decided
by is checked against its own sum when it is read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from factory import __version__
from factory.ledger.place import Place
from factory.ledger.seal import Damaged, Followed, Seal, sum_of

if TYPE_CHECKING:
    from factory.ledger.chain import Placed
    from factory.records import LedgerEntry

_WINDOW = 2000
_BY_RUN = "SELECT coalesce(sum(nano), 0) FROM runs"
_BY_DAY = "SELECT coalesce(sum(nano), 0) FROM days"
_COUNTED = "SELECT coalesce(sum(counted_nano), 0) FROM days"


class Index:
    """An open index; `factory.ledger.index_file.using` makes it."""

    def __init__(self, place: Place, connection: sqlite3.Connection) -> None:
        self.place = place
        self.connection = connection
        self.seal = _read_seal(connection)

    def follow(self, heads: Mapping[str, str]) -> None:
        """Bring the index to these heads, by name.

        Where it is at others, from which they do not go on, it is made anew.

        Raises:
            ProcessFailed, InputError: the repository lacks objects, or is no ledger's.
        """
        if self.seal.commits() == dict(heads) and not self._must_look_back(heads):
            return
        with transaction(self.connection):
            # Another process may have been here since.
            self.seal = _read_seal(self.connection)
            if not self._goes_on_to(heads):
                self._clear()
            for name, commit in heads.items():
                self._follow(name, commit, alone=len(heads) == 1)
            self._look_back(heads)
            self.seal.nano = _one(self.connection, _BY_RUN)
            self.seal.counted_nano = _one(self.connection, _COUNTED)
            self.connection.execute("DELETE FROM seal")
            self.connection.execute("INSERT INTO seal VALUES (?)", (self.seal.to_text(),))

    def tip(self) -> tuple[int, str | None]:
        """How many entries the one head has, and the digest of the last."""
        found = next(iter(self.seal.heads.values()), None)
        return (found.count, found.last) if found else (0, None)

    def has(self, key: str) -> bool:
        """Whether there is an entry with this key."""
        words = "SELECT 1 FROM entries WHERE key = ?"
        return self.connection.execute(words, (key,)).fetchone() is not None

    def faults(self) -> list[tuple[str, str, str]]:
        """(path, what, mend) of what is wrong with the ledger."""
        return self.connection.execute("SELECT path, what, mend FROM faults").fetchall()

    def entries(self) -> list[LedgerEntry]:
        """All entries in the order they were appended; those of two branches by their time."""
        rows = self.connection.execute("SELECT sum, data FROM entries ORDER BY seq")
        found = _decoded(rows)
        if len(self.seal.heads) > 1:
            found.sort(key=lambda one: one.at)
        return found

    def of_run(self, run_id: str) -> list[LedgerEntry]:
        """The entries of one run, in the order they were appended."""
        return self.of_runs([run_id])

    def of_runs(self, run_ids: Iterable[str]) -> list[LedgerEntry]:
        """The entries of several runs, in the order they were appended."""
        words = "SELECT seq, sum, data FROM entries WHERE key > ? AND key < ?"
        rows = [
            row for one in run_ids for row in self.connection.execute(words, (f"{one}-", f"{one}."))
        ]
        return _decoded(row[1:] for row in sorted(rows))

    def kept(self, text: bytes, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What `make` finds in a text, kept by that text and the version of the product."""
        key = blake2b(text, key=__version__.encode(), digest_size=16).digest()
        found = self.connection.execute("SELECT data FROM texts WHERE key = ?", (key,)).fetchone()
        if found:
            data: dict[str, Any] = json.loads(found[0])
            return data
        data = make()
        with suppress(sqlite3.OperationalError):  # Another process holds it: then not kept.
            words = "INSERT OR REPLACE INTO texts VALUES (?, ?)"
            self.connection.execute(words, (key, json.dumps(data)))
        return data

    def _goes_on_to(self, heads: Mapping[str, str]) -> bool:
        from factory.ledger.verify import holds

        return all(
            name in heads and holds(self.place.repository, heads[name], one.commit)
            for name, one in self.seal.heads.items()
        )

    def _follow(self, name: str, commit: str, *, alone: bool) -> None:
        from factory.ledger.chain import Chain
        from factory.ledger.history import steps

        at = self.seal.heads.get(name)
        if at is not None and at.commit == commit:
            return
        waiting: set[str] = set()

        def known(key: str) -> bool:
            # Of two heads, one may bring what the other has: no fault of either.
            return key in waiting or (alone and self.has(key))

        chain = Chain(**(at.position() if at else {}), known=known)
        rows: list[tuple[Placed, bytes, bytes]] = []
        for step in steps(self.place.repository, at.commit if at else None, commit):
            for placed in chain.take(step):
                waiting.add(placed.key)
                data = _short(placed.entry)
                rows.append((placed, data, sum_of(data)))
            if len(rows) >= _WINDOW:
                self._insert(rows)
                waiting.clear()
        self._insert(rows)
        for one in chain.faults:
            self._add_fault(one.kind, one.path, one.commit, one.what, one.mend)
        self.seal.heads[name] = Followed(commit=commit, **chain.position())

    def _insert(self, rows: list[tuple[Placed, bytes, bytes]]) -> None:
        from factory.ledger.tables import insert

        self.seal.entries = insert(self.connection, self.seal.entries, rows)
        rows.clear()

    def _must_look_back(self, heads: Mapping[str, str]) -> bool:
        """Whether the repository remembers other heads, and no fault says so yet."""
        from factory.ledger.verify import remembered

        if self.seal.faults:
            return False
        return any(
            remembered(self.place.repository, name) not in (None, commit)
            for name, commit in heads.items()
        )

    def _look_back(self, heads: Mapping[str, str]) -> None:
        """Compare with the heads that the repository remembers, and have it remember these."""
        from factory.ledger.verify import remember, rewritten

        # It may have been put back since.
        gone = self.connection.execute("DELETE FROM faults WHERE kind = 'rewritten'").rowcount
        self.seal.faults -= gone
        for name, commit in heads.items():
            fault = rewritten(self.place.repository, name, commit)
            if fault:
                self._add_fault(fault.kind, fault.path, fault.commit, fault.what, fault.mend)
            elif not self.seal.faults:
                remember(self.place.repository, name, commit)

    def _add_fault(self, *fault: str) -> None:
        self.connection.execute("INSERT INTO faults VALUES (?, ?, ?, ?, ?)", fault)
        self.seal.faults += 1

    def _clear(self) -> None:
        found = self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in found.fetchall():
            self.connection.execute(f"DELETE FROM {name}")  # noqa: S608 - our own tables
        self.seal = Seal()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block or nothing; waits for another that writes."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _read_seal(connection: sqlite3.Connection) -> Seal:
    """What the index says of itself, where it is so; else Damaged."""
    rows = connection.execute("SELECT text FROM seal").fetchall()
    seal = Seal.from_text(rows[0][0] if len(rows) == 1 else "")
    if (
        (_one(connection, "SELECT max(seq) FROM entries") or 0) != seal.entries
        or _one(connection, "SELECT total(entries) FROM days") != seal.entries
        or _one(connection, "SELECT count(*) FROM faults") != seal.faults
        or _one(connection, _BY_RUN) != seal.nano
        or _one(connection, _BY_DAY) != seal.nano
        or _one(connection, _COUNTED) != seal.counted_nano
    ):
        raise Damaged
    return seal


def _one(connection: sqlite3.Connection, question: str) -> Any:
    return connection.execute(question).fetchone()[0]


def _short(entry: LedgerEntry) -> bytes:
    """An entry as JSON without what is not said."""
    import msgspec

    data = entry.to_data()
    return msgspec.json.encode(
        {key: value for key, value in data.items() if value or key == "attempt"}
    )


def _decoded(rows: Iterable[tuple[bytes, bytes]]) -> list[LedgerEntry]:
    import msgspec

    from factory.records import LedgerEntry

    decode = msgspec.json.Decoder(LedgerEntry).decode
    found = []
    for checksum, data in rows:
        if not isinstance(data, bytes) or sum_of(data) != checksum:
            raise Damaged
        found.append(decode(data))
    return found
