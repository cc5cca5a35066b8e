"""Labels that bind nothing: misspelt in the spec that binds, or in the one to be bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from factory.spec.facts import Facts, Wanted
from factory.spec.finding import Finding, finding_in
from factory.spec.relations.store import FactStore


def labels(facts: FactStore) -> Iterator[Finding]:
    """A label of a binding spec that no feature carries, and one like it on a feature.

    Where there are no features yet, nothing is missing.
    """
    binding: set[str] = set()
    carried: set[str] = set()
    for one in facts.at(facts.marked):
        (carried if one.kind == "feature" else binding).update(mark.id for mark in one.marks)
    if not binding or len(facts.binding) == len(facts):
        return
    for one in facts.at(facts.marked):
        for mark in one.marks:
            if one.kind != "feature" and mark.id not in carried:
                near = _near(mark.id, carried - binding)
                message = f"no feature carries the label {mark.id!r}: this binds nothing by it"
                yield _finding(one, mark, message, near or "give it to the features that are meant")
            elif one.kind == "feature" and mark.id not in binding:
                near = _near(mark.id, binding & carried)
                if near:
                    yield _finding(one, mark, f"nothing binds by the label {mark.id!r}", near)


def _finding(one: Facts, mark: Wanted, message: str, mend: str) -> Finding:
    return finding_in(one, "label-unknown", message, mend, line=mark.line, column=mark.column)


def _near(label: str, others: Iterable[str]) -> str:
    """How to mend what looks like a slip of one of the others; or ""."""
    from difflib import get_close_matches  # Hardly ever asked for, and not at once imported.

    close = get_close_matches(label, sorted(others), n=1, cutoff=_ALIKE)
    return f"write {close[0]!r}, if that is meant" if close else ""


_ALIKE = 0.8
