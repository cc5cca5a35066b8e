"""Write entries as one commit on top of the ledger."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from factory.ledger import events
from factory.ledger.chain import COUNT, LAST
from factory.ledger.place import Place
from factory.ports.git.commits import parse_commit, trailers
from factory.ports.git.objects import Objects, objects
from factory.records import LedgerEntry

_COUNT = re.compile(r"[0-9]{1,12}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_OLD_FOLDER = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Tip:
    """How many entries a ledger has, and the digest of the newest; None where it has none."""

    count: int
    last: str | None


def write(place: Place, head: str | None, entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """Append those of `entries` that are not there yet in one commit on `head`.

    Returns:
        What was added, each with its link.

    Raises:
        BaseMoved: the ledger is elsewhere by now; nothing was added.
        InputError: an entry is too long, or its time has another form; nothing was added.
    """
    from msgspec.structs import replace

    tip, there = _look(place, head, entries)
    last, files, added = tip.last, [], []
    for entry in entries:
        path = events.path(entry)
        if path in there:
            continue
        there.add(path)
        linked = replace(entry, previous=last)
        data = events.file_of(linked)
        last = events.digest(data)
        files.append((path, data))
        added.append(linked)
    if added:
        newest = max(int(events.moment(one).timestamp()) for one in added)
        place.add(files, _message(added, tip.count, str(last)), head, newest)
    return added


def _look(place: Place, head: str | None, entries: Sequence[LedgerEntry]) -> tuple[Tip, set[str]]:
    """The tip, and the paths of those entries that are there already."""
    if head is None or not entries:
        return Tip(0, None), set()
    there: set[str] = set()
    with objects(place.repository) as store:
        found = store.read(head)
        told = trailers(parse_commit(found.data or b"").message) if found else {}
        for folder in {events.folder(one) for one in entries}:
            there |= {f"{folder}/{name}" for name in store.files(f"{head}:{folder}")}
        old = _has_old_form(store, head)
    count, last = told.get(COUNT, ""), told.get(LAST, "")
    if not old and _COUNT.fullmatch(count) and _DIGEST.fullmatch(last):
        return Tip(int(count), last), there
    return _indexed(place, head, entries, there)


def _indexed(
    place: Place, head: str, entries: Sequence[LedgerEntry], there: set[str]
) -> tuple[Tip, set[str]]:
    """The same from the index, for a head that does not say it itself, or entries of old form."""
    from factory.ledger.index import Index
    from factory.ledger.index_file import using

    def work(index: Index) -> tuple[Tip, set[str]]:
        old = {events.path(one) for one in entries if index.has(events.key(one))}
        return Tip(*index.tip()), there | old

    return using(place, {"own": head}, work)


def _has_old_form(store: Objects, head: str) -> bool:
    names = store.names(f"{head}:{events.FOLDER.rstrip('/')}")
    return any(_OLD_FOLDER.fullmatch(name) for name in names)


def _message(added: Sequence[LedgerEntry], before: int, last: str) -> str:
    first = added[0]
    subject = f"{first.event} {first.spec_id} {first.spec_version}, attempt {first.attempt}"
    if len(added) > 1:
        subject += f", and {len(added) - 1} more"
    # Two that append the same at once must not make the same commit: both would think it theirs.
    told = {COUNT: before + len(added), LAST: last, "Factory-Ledger-Write": secrets.token_hex(8)}
    return f"{subject}\n\n" + "".join(f"{name}: {value}\n" for name, value in told.items())
