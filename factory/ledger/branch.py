"""Append to and read the branch `factory/ledger` of a repository."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from factory.errors import BaseMoved, ForgeError, RecordError
from factory.ledger.desk import ADDED, THERE, Desk
from factory.ledger.entries import Entries
from factory.ledger.events import key
from factory.ledger.place import BRANCH, Here, Place, at, here
from factory.ledger.writing import write
from factory.records import LedgerEntry

PATIENCE_SECONDS = 120.0
LOOK_AGAIN_SECONDS = 1.0
"""Who was to tell us, or to hand on, may have been killed."""
LONGEST_PAUSE_SECONDS = 1.0

T = TypeVar("T")
Decide = Callable[[Entries], Sequence[LedgerEntry]]


def append(entry: LedgerEntry, *, url: str, env: Mapping[str, str]) -> bool:
    """Add one event to the ledger of the repository at `url`.

    Compare and swap: where another append came first, this one is done again on top of it. Its
    `previous` is set here, whatever it was.

    Args:
        entry: the event; one with its run, event and attempt is in the ledger only once.
        url: a local path (bare or not) or a URL.
        env: additions to git's environment that authenticate.

    Returns:
        True where it was added, False where it was there already.

    Raises:
        InputError: no such repository, a time in another form, or an entry that is too long.
        AuthenticationError: we may not push there.
        ForgeError: others were always faster; nothing was added.
    """
    place = at(url, env)
    desk = Desk(place.folder)
    until = time.monotonic() + PATIENCE_SECONDS
    with desk.leave(entry) as ticket:
        while time.monotonic() < until:
            with desk.locked_if_free() as held:
                answer = ticket.told()
                if held and answer is None:
                    try:
                        answer = _serve(place, desk, ticket.name)
                    except BaseException:
                        desk.take_off(ticket.name)  # While nobody else can append it.
                        raise
            if held:
                desk.hand_on()
            if answer is None:
                answer = ticket.wait(random.uniform(0.5, 1) * LOOK_AGAIN_SECONDS)  # noqa: S311
            if answer is not None:
                return answer
    raise ForgeError(
        "others on this machine held the ledger all the time",
        mend="run this again; nothing was added",
    )


def append_if(decide: Decide, *, url: str, env: Mapping[str, str]) -> list[LedgerEntry]:
    """Append what `decide` makes of the ledger's newest state: all of it in one commit, or nothing.

    Args:
        decide: given all entries, oldest first, as `Entries`; called anew where another append
            came first. What it raises passes through, with nothing appended.
        url, env: as for `append`.

    Returns:
        What was appended, each with its link. An entry that is there already is not.

    Raises:
        RecordError: the ledger was altered, so that nothing may be decided by it.
        InputError, AuthenticationError, ForgeError: as for `append`.
    """
    place = at(url, env)
    desk = Desk(place.folder)

    def made(entries: Entries) -> list[LedgerEntry]:
        return list(decide(entries))  # While the entries can be asked.

    try:
        with desk.locked():
            return _swap(place, lambda head: _sound(place, _own(head), made), fresh=True)
    finally:
        desk.hand_on()


def ask(work: Callable[[Entries], T], *, url: str, env: Mapping[str, str]) -> T:
    """What `work` makes of the newest entries of the ledger at `url`, whose parts it can ask for.

    Raises:
        InputError: no such repository.
        RecordError: the ledger was altered, or a file among the events is none.
    """
    place = at(url, env)
    if isinstance(place, Here):
        return _sound(place, _own(place.newest(fresh=True)), work)
    with Desk(place.folder).locked():  # A mirror is fetched into by one at a time.
        return _sound(place, _own(place.newest(fresh=True)), work)


def read(*, url: str, env: Mapping[str, str]) -> list[LedgerEntry]:
    """All events of the ledger at `url`, oldest first; none where there is no ledger yet.

    They come in the order in which they were appended. Raises as `ask`.
    """
    return ask(list, url=url, env=env)


def read_clone(repository: Path) -> list[LedgerEntry]:
    """All events that a repository on this machine has, without asking any other, oldest first.

    That is its own ledger and, in a clone, the one of `origin` as it was last fetched.

    Raises:
        InputError: it is no repository.
        RecordError: the ledger was altered, or a file among the events is none.
    """
    from factory.ledger.clone import heads

    return _sound(here(repository), heads(repository), list)


def _serve(place: Place, desk: Desk, mine: str) -> bool | None:
    """Append what waits on the desk, and tell the others; whether the entry `mine` was added.

    None where so many wait that it was not its turn.
    """
    desk.sweep()
    waiting = desk.waiting()
    added = {key(one) for one in _swap(place, lambda _: list(waiting.values()), fresh=False)}
    answers = {}
    for name, one in waiting.items():
        answers[name] = key(one) in added
        added.discard(key(one))  # Two with one key: the second was there already.
    for name, answer in answers.items():
        desk.take_off(name)
        if name != mine:
            desk.tell(name, ADDED if answer else THERE)
    return answers.get(mine)


def _swap(
    place: Place, wanted: Callable[[str | None], Sequence[LedgerEntry]], *, fresh: bool
) -> list[LedgerEntry]:
    """Append what is wanted on top of the newest state, again and again until nobody was faster."""
    until = time.monotonic() + PATIENCE_SECONDS
    turn = 0
    while time.monotonic() < until:
        place.clear_stale_locks()
        head = place.newest(fresh=fresh or turn > 0)
        entries = wanted(head)
        if not entries:
            return []
        try:
            return write(place, head, entries)
        except BaseMoved:
            turn += 1
            # Who has lost often waits least, so that newcomers do not always win.
            time.sleep(random.uniform(0, LONGEST_PAUSE_SECONDS / turn))  # noqa: S311
    raise ForgeError(
        f"the ledger moved {turn} times while something was being added to it",
        mend="run this again; nothing was added",
    )


def _own(head: str | None) -> dict[str, str]:
    return {"own": head} if head else {}


def _sound(place: Place, heads: Mapping[str, str], work: Callable[[Entries], T]) -> T:
    """What is made of all entries below these heads, if nothing is wrong with any."""
    from factory.ledger.index import Index
    from factory.ledger.index_file import using
    from factory.ledger.verify import gone

    def looked_at(index: Index) -> T:
        _require_sound(index.faults())
        return work(Entries(index))

    lost = None if heads else gone(place.repository)
    _require_sound([(lost.path, lost.what, lost.mend)] if lost else [])
    return using(place, heads, looked_at)


def _require_sound(faults: Sequence[tuple[str, str, str]]) -> None:
    """`faults` as (path, what, mend)."""
    if faults:
        path, what, mend = faults[0]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise RecordError(
            f"the ledger was altered: {what}{more}",
            path=f"{BRANCH}:{path}" if path else BRANCH,
            mend=f"`factory ledger verify` tells all; {mend}",
        )
