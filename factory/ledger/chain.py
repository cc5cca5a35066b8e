"""The chain of entries, checked commit by commit. Pure: knows no git, clock or file.

Each entry names the digest of the one before it, and each commit of ours says in its message how
many entries there are and the digest of the last. So one entry altered, removed, inserted or
moved breaks a link, also where the whole history was written anew. Who rewrites everything after
it as well is found by the commit that a reader remembers (`factory.ledger.verify`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from factory.errors import FactoryError
from factory.ledger.events import digest, fits, is_event, key, key_in
from factory.ledger.position import Position
from factory.ports.git.commits import trailers
from factory.records import LedgerEntry, decode

COUNT = "Factory-Ledger-Entries"
LAST = "Factory-Ledger-Last"
REGULAR = "100644"
MOST_FAULTS = 200
"""From here on entries are no longer told apart one by one: each break is looked for in all."""
PUT_BACK = "put the branch back to the commit before, {good}"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One path that a commit changed. `old`, `new`: the mode of what was, and is there, or None.

    `data` is the content of a regular file that is there now; None where it is longer than an
    entry may be.
    """

    path: str
    old: str | None
    new: str | None
    data: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One commit of the ledger: its id, how many parents it has, its message, its changes."""

    commit: str
    parents: int
    message: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with the ledger. `path` is "" where it is no file's fault."""

    kind: str
    path: str
    commit: str
    what: str
    mend: str


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One entry in its place: `data` is its file."""

    path: str
    key: str
    digest: str
    entry: LedgerEntry
    data: bytes


@dataclass(kw_only=True)
class Chain(Position):
    """A chain that is being followed. `known` says whether a key came in an earlier commit."""

    known: Callable[[str], bool] = lambda _: False
    faults: list[Fault] = field(default_factory=list)

    def take(self, step: Step) -> list[Placed]:
        """Follow one commit; the entries that it added, in the order of the chain."""
        before = len(self.faults)
        told = trailers(step.message)
        if step.parents > 1:
            self._fault(step, "merge", "", "is a merge, which the factory never makes")
        added = list(self._added(step))
        placed = self._ordered(step, added, told)
        self._compare(step, told, clean=len(self.faults) == before)
        if len(self.faults) == before:
            self.good = step.commit
        return placed

    def _added(self, step: Step) -> Iterable[Placed]:
        """The sound entries among what a commit added; all else is a fault."""
        here: set[str] = set()
        for change in step.changes:
            if not is_event(change.path):
                continue
            one = self._read(step, change)
            if one is None:
                continue
            if one.key in here or self.known(one.key):
                self._fault(step, "inserted", change.path, f"is a second entry for {one.key}")
                continue
            here.add(one.key)
            yield one

    def _read(self, step: Step, change: Change) -> Placed | None:
        if change.old is not None:
            kind, word = ("altered", "altered") if change.new else ("removed", "removed")
            self._fault(step, kind, change.path, f"was {word} by commit {step.commit[:12]}")
            return None
        found = key_in(change.path)
        if found is None:
            self._fault(step, "foreign", change.path, "lies among the entries and is none")
            return None
        if change.new != REGULAR:
            self._fault(step, "foreign", change.path, f"is no plain file (mode {change.new})")
            return None
        if change.data is None:
            self._fault(step, "foreign", change.path, "is longer than an entry may be")
            return None
        try:
            entry = decode(LedgerEntry, change.data, source=change.path)
            sound = fits(entry, change.path)
        except FactoryError as error:
            self._fault(step, "foreign", change.path, f"is no entry: {error.message}")
            return None
        if not sound:
            what = f"holds the entry {key(entry)} of {entry.at}, which does not belong there"
            self._fault(step, "altered", change.path, what)
            return None
        return Placed(
            path=change.path, key=found, digest=digest(change.data), entry=entry, data=change.data
        )

    def _ordered(self, step: Step, added: list[Placed], told: Mapping[str, str]) -> list[Placed]:
        """The entries by their links; one whose link fits nothing is a fault and comes last."""
        ours = COUNT in told
        placed: list[Placed] = []
        links: dict[str, Placed] = {}
        for one in sorted(added, key=_by_name):
            if one.entry.previous is None:
                self._unlinked(step, one, first=not placed, ours=ours)
                self._put(one, placed)
            elif one.entry.previous in links:
                other = links[one.entry.previous].path
                self._fault(step, "inserted", one.path, f"follows the same entry as {other}")
            else:
                links[one.entry.previous] = one
        self.begun = self.begun or ours or bool(links)
        while links:
            following = links.pop(self.last or "", None)
            if following is None and len(self.faults) > MOST_FAULTS:
                break
            self._put(following or self._break(step, links), placed)
        for one in sorted(links.values(), key=_by_name):
            self._put(one, placed)
        return placed

    def _unlinked(self, step: Step, one: Placed, *, first: bool, ours: bool) -> None:
        """An entry that names none before it: the first of all, or from before the chain."""
        if self.begun and (self.count or not first):
            self._fault(
                step, "inserted", one.path, "names no entry before it, though others are chained"
            )
        elif not (ours and self.count == 0 and first):
            self.unchained += 1

    def _break(self, step: Step, links: dict[str, Placed]) -> Placed:
        """What to go on with where no entry follows the last one: a start of what is left."""
        ends = {one.digest for one in links.values()}
        starts = [one for link, one in links.items() if link not in ends]
        start = min(starts or links.values(), key=_by_name)
        if self.last is None:
            what = "says that it follows another entry, but none is before it"
        else:
            what = (
                f"does not follow the entry before it, {self.last_path}: that one was altered, or "
                "others were removed or moved"
            )
        self._fault(step, "broken", start.path, what)
        return links.pop(start.entry.previous or "")

    def _put(self, one: Placed, placed: list[Placed]) -> None:
        placed.append(one)
        self.count += 1
        self.last, self.last_path = one.digest, one.path

    def _compare(self, step: Step, told: Mapping[str, str], *, clean: bool) -> None:
        """What the commit's message says of the ledger against what was found.

        It is believed afterwards, so that one fault is told once.
        """
        if COUNT not in told:
            return
        count, last = told[COUNT], told.get(LAST)
        if clean and last != self.last:
            what = "is not the entry that the commit was made with: it was altered or moved"
            self._fault(step, "altered", self.last_path, what)
        elif clean and count != str(self.count):
            what = f"says that there are {count} entries; there are {self.count}"
            self._fault(step, "count", "", what)
        self.count = int(count) if re.fullmatch("[0-9]{1,12}", count) else self.count
        self.last = last if re.fullmatch("sha256:[0-9a-f]{64}", last or "") else self.last

    def _fault(self, step: Step, kind: str, path: str, what: str) -> None:
        good = self.good or "there is none: nothing before it was sound"
        self.faults.append(
            Fault(
                kind=kind, path=path, commit=step.commit, what=what,
                mend=PUT_BACK.format(good=good),
            )
        )  # fmt: skip


def _by_name(one: Placed) -> str:
    return one.path.rpartition("/")[2]
