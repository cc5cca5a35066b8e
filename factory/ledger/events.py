"""Where an event lies on the ledger branch: one small file each, found again by its key."""

from __future__ import annotations

from datetime import UTC, datetime

from factory.errors import InputError
from factory.records import LedgerEntry

FOLDER = "events/"


def moment(entry: LedgerEntry) -> datetime:
    """When the event was, in UTC.

    Raises:
        InputError: `at` is not in the form 2026-11-22T21:10:08Z.
    """
    try:
        return datetime.strptime(entry.at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise InputError(
            f"a ledger entry's time is {entry.at!r}", mend="write it as 2026-11-22T21:10:08Z"
        ) from error


def key(entry: LedgerEntry) -> str:
    """What makes an event itself: run, event, attempt and, from the second on, its turn; one with
    the same key is a repeat."""
    turn = f"-{entry.turn}" if entry.turn > 1 else ""
    return f"-{entry.run_id}-{entry.event}-{entry.attempt}{turn}.json"


def path(entry: LedgerEntry) -> str:
    """events/<yyyy>/<mm>/<at>-<run>-<event>-<attempt>.json; sorted by name is sorted by time."""
    at = moment(entry)
    return f"{FOLDER}{at:%Y}/{at:%m}/{at:%Y%m%dt%H%M%S}{key(entry)}"


def is_event(name: str) -> bool:
    """Whether a file of the branch is an event."""
    return name.startswith(FOLDER) and name.endswith(".json")
