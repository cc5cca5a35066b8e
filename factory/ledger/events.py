"""Where an event lies on the ledger branch: one small file each, at a path that its key gives."""

from __future__ import annotations

import json
import re
from datetime import datetime

from factory.digest import digest_of
from factory.errors import InputError
from factory.moment import moment_of
from factory.records import LedgerEntry

FOLDER = "events/"
LIMIT_BYTES = 256 * 1024
"""The longest file that is an entry. One of the longest that the line writes is 20 kB."""

MOST = 10**6
"""No dollars, minutes or millions of tokens of one entry are more: sums must fit an index."""

_PATH = re.compile(
    r"events/(?P<y>[0-9]{4})-(?P<m>[0-9]{2})/(?P<d>[0-9]{2})/(?P<x>[0-9a-f]{2})/"
    r"(?P<key>(?P=y)(?P=m)(?P=d)t[0-9]{6}-(?P=x)[0-9a-f]{6}-[a-z]{1,20}-[0-9]{1,9}"
    r"(-(?!1\.)[1-9][0-9]{0,8})?)\.json"
)
# As they were before entries were chained: by the time of the event, not of the run.
_OLD_PATH = re.compile(
    r"events/(?P<y>[0-9]{4})/(?P<m>[0-9]{2})/(?P=y)(?P=m)[0-9]{2}t[0-9]{6}-"
    r"(?P<key>[0-9]{8}t[0-9]{6}-[0-9a-f]{8}-[a-z]{1,20}-[0-9]{1,9})\.json"
)


def moment(entry: LedgerEntry) -> datetime:
    """When the event was, in UTC.

    Raises:
        InputError: `at` is not in the form 2026-11-22T21:10:08Z.
    """
    try:
        return moment_of(entry.at)
    except ValueError as error:
        raise InputError(
            f"a ledger entry's time is {entry.at!r}", mend="write it as 2026-11-22T21:10:08Z"
        ) from error


def key(entry: LedgerEntry) -> str:
    """What makes an event itself: run, event, attempt and, from the second on, its turn.

    One with the same key is a repeat.
    """
    turn = f"-{entry.turn}" if entry.turn > 1 else ""
    return f"{entry.run_id}-{entry.event}-{entry.attempt}{turn}"


def folder(entry: LedgerEntry) -> str:
    """events/<yyyy>-<mm>/<dd>/<two digits of the run>: small, however many runs a day has."""
    run = entry.run_id
    return f"{FOLDER}{run[:4]}-{run[4:6]}/{run[6:8]}/{run[16:18]}"


def path(entry: LedgerEntry) -> str:
    """Where the entry lies. One key has one path, so git itself keeps it from being there twice."""
    return f"{folder(entry)}/{key(entry)}.json"


def is_event(name: str) -> bool:
    """Whether what lies at `name` on the branch must be an entry."""
    return name.startswith(FOLDER)


def key_in(name: str) -> str | None:
    """The key of the path of an entry, in today's or the first form; None where none can be."""
    found = _PATH.fullmatch(name) or _OLD_PATH.fullmatch(name)
    return found["key"] if found else None


def fits(entry: LedgerEntry, name: str) -> bool:
    """Whether an entry lies where its content says that it should."""
    if _OLD_PATH.fullmatch(name):
        return name.rpartition("/")[2] == f"{moment(entry):%Y%m%dt%H%M%S}-{key(entry)}.json"
    return name == path(entry)


def file_of(entry: LedgerEntry) -> bytes:
    """The file of an entry.

    Raises:
        InputError: it is longer than the limit, its time has another form, or its numbers are so
            large that nobody could read the ledger any more.
    """
    moment(entry)
    amounts = (
        *(entry.usd, entry.reserved_usd, entry.leak_bits),
        *(entry.seconds / 60, entry.reserved_seconds / 60),
        *(entry.tokens / MOST, entry.reserved_tokens / MOST),
    )
    if not _PATH.fullmatch(path(entry)) or not all(one <= MOST for one in amounts):
        raise InputError(
            f"a ledger entry of {entry.run_id} with a number that cannot be, as attempt "
            f"{entry.attempt}",
            mend="nothing was entered; find out who asked for it",
        )
    data = (json.dumps(entry.to_data(), indent=2, ensure_ascii=False) + "\n").encode()
    if len(data) > LIMIT_BYTES:
        raise InputError(
            f"a ledger entry of {len(data)} bytes; {LIMIT_BYTES} are the most",
            mend="shorten its reason, or the list of what the agent was given",
        )
    return data


def digest(data: bytes) -> str:
    """The digest by which the next entry names the one in this file."""
    return digest_of(data)
