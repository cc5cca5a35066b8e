"""Links in SQLite. One connection, one lock: every method is safe from any thread."""

import sqlite3
import threading
from dataclasses import dataclass

# The schema, one step a version. Append a step; never edit one that was released:
# a database written by an earlier version is brought up to date when it is opened.
MIGRATIONS = (
    """
    CREATE TABLE links (
        alias TEXT PRIMARY KEY,
        url TEXT NOT NULL,
        created_at REAL NOT NULL
    )
    """,
)


@dataclass(frozen=True)
class Link:
    """One stored link. ``created_at`` is in seconds since 1970, UTC."""

    alias: str
    url: str
    created_at: float


class AliasTaken(Exception):
    """The alias names another link already."""


class Store:
    """The links in the SQLite file at ``path`` (``:memory:`` keeps them in memory)."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._migrate()

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        for number, statement in enumerate(MIGRATIONS[version:], start=version + 1):
            self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {number}")

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def add(self, link: Link) -> None:
        """Store a new link. Raises AliasTaken."""
        with self._lock:
            try:
                self._db.execute(
                    "INSERT INTO links (alias, url, created_at) VALUES (?, ?, ?)",
                    (link.alias, link.url, link.created_at),
                )
            except sqlite3.IntegrityError:
                raise AliasTaken(link.alias) from None

    def find(self, alias: str) -> Link | None:
        """The link of this alias, or None."""
        with self._lock:
            row = self._db.execute(
                "SELECT alias, url, created_at FROM links WHERE alias = ?", (alias,)
            ).fetchone()
        return None if row is None else Link(*row)
