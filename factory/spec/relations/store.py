"""The facts of all specs, on disk: ten thousand specs take no more memory than ten."""

from __future__ import annotations

import io
from array import array
from collections.abc import Collection, Iterable, Iterator
from typing import IO

import msgspec

from factory.spec.facts import Facts, Told
from factory.spec.relations.keys import Keys, key_of

# Retired specs bind nobody; drafts and paused ones may still change.
LIVE = ("ready", "draft", "paused")
_IN_MEMORY_BYTES = 256 * 1024


class FactStore:
    """Facts in the order in which they were added; each is read back when it is asked for.

    What most comparisons need is kept as it comes, so that few facts are read back: the places of
    specs that depend on others (`depending`), bind others (`binding`), allow what is found between
    specs (`allowing`), have labels (`marked`); and keys of the ids, claims and touches of each.
    """

    def __init__(self, facts: Iterable[Facts] = ()) -> None:
        self.ids = Keys()
        self.retired: set[str] = set()
        self.depending = array("I")
        self.binding = array("I")
        self.allowing = array("I")
        self.marked = array("I")
        self.claims = Keys()
        self.touches = Keys()
        self._file: IO[bytes] = io.BytesIO()
        self._ends = array("Q", [0])
        self._at_end = True  # Where the next are written; to go there costs a call each time.
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Facts).decode
        for one in facts:
            self.add(one)

    def add(self, facts: Facts) -> None:
        """Keep the facts of one more spec."""
        place = len(self)
        body = self._encode(facts)
        if not self._at_end:
            self._file.seek(self._ends[-1])
            self._at_end = True
        self._file.write(body)
        self._ends.append(self._ends[-1] + len(body))
        if isinstance(self._file, io.BytesIO) and self._ends[-1] > _IN_MEMORY_BYTES:
            self._file = _on_disk(self._file.getvalue())
        live = facts.status in LIVE
        self.ids.add([facts.id])
        self.claims.add([claim_key(facts, told) for told in facts.claims if live])
        self.touches.add(
            [(facts.product, name) for name, _ in facts.touches if is_ready_feature(facts)]
        )
        if facts.status == "retired":
            self.retired.add(facts.id)
        if facts.depends_on:
            self.depending.append(place)
        if facts.silences:
            self.allowing.append(place)
        if facts.marks and live:
            self.marked.append(place)
        if live and facts.kind != "feature":
            self.binding.append(place)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[Facts]:
        return (self[at] for at in range(len(self)))

    def __getitem__(self, at: int) -> Facts:
        self._at_end = False
        self._file.seek(self._ends[at])
        return self._decode(self._file.read(self._ends[at + 1] - self._ends[at]))

    def at(self, places: Iterable[int]) -> Iterator[Facts]:
        """The facts at these places."""
        return (self[place] for place in places)

    def known(self, ids: Collection[str]) -> frozenset[str]:
        """Those of these ids that a spec has."""
        places = self.ids.places(frozenset(map(key_of, ids)))
        return frozenset(one.id for one in self.at(places)).intersection(ids)

    def edges(self) -> dict[str, list[str]]:
        """For each id that depends on others, which."""
        return {one.id: [wanted.id for wanted in one.depends_on] for one in self.at(self.depending)}


# What lasts is compared with how long it may last, what is kept with when it is gone.
_COMPARED_AS = {"lasts": "most", "held": "most", "range": "most", "kept": "after"}


def claim_key(one: Facts, told: Told) -> tuple[str, ...]:
    """What two claims share that are to be compared."""
    level = "feature" if one.kind == "feature" else "binding"
    bound = _COMPARED_AS.get(told.bound, told.bound)
    subject = told.subject
    if "weigh" in subject:  # Its unit says so: `a page weighs`, `a page has`.
        subject = " ".join(word for word in subject.split() if word != "weigh") or subject
    return one.product, level, bound, told.dimension, subject


def is_ready_feature(one: Facts) -> bool:
    """Whether it is, or will be next, at work."""
    return one.kind == "feature" and one.status == "ready"


def _on_disk(content: bytes) -> IO[bytes]:
    import tempfile  # Most checks are of few specs, and it takes long to import.

    file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the store
    file.write(content)
    return file
