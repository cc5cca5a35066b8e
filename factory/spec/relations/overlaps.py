"""Two ready features of a product that reach for the same thing, none after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from factory.spec.facts import AREA
from factory.spec.finding import Finding, finding_in
from factory.spec.relations.keys import key_of
from factory.spec.relations.store import FactStore

# Of specs that all reach for one thing each is compared with as many: enough to be told.
_COMPARED = 20


def overlaps(facts: FactStore) -> Iterator[Finding]:
    """One finding for each pair, in the later spec."""
    twice, edges = facts.touches.repeated(), facts.edges()
    before: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for one in facts.at(facts.touches.places(twice)):
        told: set[str] = set()
        for name, line in one.touches:
            if key_of((one.product, name)) not in twice:
                continue
            for other_id, other_path in before[one.product, name]:
                apart = other_id not in told and other_id != one.id
                if apart and not _in_order(edges, one.id, other_id):
                    told.add(other_id)
                    what = "is at" if name.startswith(AREA) else "reaches for"
                    yield finding_in(
                        one, "overlap",
                        f"{other_path} is ready too and {what} the same: {name[:60]!r}",
                        f"let one depend on the other: `depends-on: [{other_id}]`", line=line,
                    )  # fmt: skip
                    if name.startswith(AREA):
                        break  # A hundred specs of one area wait for each other: one is enough.
            if len(before[one.product, name]) < _COMPARED:
                before[one.product, name].append((one.id, one.path))


def _in_order(edges: dict[str, list[str]], one: str, other: str) -> bool:
    return _reaches(edges, one, other) or _reaches(edges, other, one)


def _reaches(edges: dict[str, list[str]], start: str, goal: str) -> bool:
    waiting, seen = [start], set()
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            waiting += edges.get(here, [])
    return False
