"""How a requirement is put: one thing, seen from outside, with somebody who acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from factory.spec.finding import Finding
from factory.spec.rules.apart import goes_on
from factory.spec.rules.compound import second_thing
from factory.spec.rules.passive import DECISIONS, passive, undecided_condition
from factory.spec.rules.unobservable import unobservable
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

# Others tell of states, and of what has happened.
_OF_SOMEBODY = ("Who", "Components", "Seams", "Data flow", "Targets")


def sentences(said: Iterable[Spoken], around: Surroundings) -> Iterator[Finding]:
    """`passive`, and in numbered requirements `requirement-compound` and `unobservable`."""
    compound: set[tuple[int, str]] = set()
    before: Spoken | None = None
    for one in said:
        flows = one.section.name == "Data flow"
        if not one.requirement and one.section.name not in _OF_SOMEBODY:
            continue
        at = passive(one.sentence, of_itself=flows)
        bound = one.requirement or flows
        if at is None and bound and not DECISIONS.isdisjoint(one.sentence.words):
            at = undecided_condition(one)
        if at is not None:
            yield one.finding(
                "passive", at, f"it is not said who does this: {one.written(at, at + 2)!r}",
                "begin with who or what acts: `The service …`, `A reviewer …`",
                None if bound else "warning",
            )  # fmt: skip
        if not one.requirement:
            continue
        key = (one.block.line, one.requirement)
        further = before is not None and before.passage is one.passage and goes_on(before, one)
        before = one
        second = None
        if key not in compound:
            second = 0 if further else second_thing(one)
        if second is not None:
            compound.add(key)
            yield one.finding(
                "requirement-compound", second, f"{one.requirement} asks for more than one thing",
                "give each a requirement of its own",
            )  # fmt: skip
        if one.document.kind == "feature" and not one.requirement.startswith("C"):
            yield from unobservable(one, around)
