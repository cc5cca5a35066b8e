"""The gate's rules between specs: ids, dependencies, contradictions, work on the same thing."""

from __future__ import annotations

from collections.abc import Iterator

from factory.spec.allowing import silenced_between
from factory.spec.finding import Finding
from factory.spec.relations.contradictions import contradictions
from factory.spec.relations.ids import dependencies, duplicate_ids
from factory.spec.relations.labels import labels
from factory.spec.relations.overlaps import overlaps
from factory.spec.relations.store import FactStore


def related(facts: FactStore, *, whole: bool = True) -> Iterator[Finding]:
    """Every finding between specs that nobody allows; `whole`: they are those of a repository."""
    found = (
        *duplicate_ids(facts),
        *dependencies(facts, whole=whole),
        *labels(facts),
        *contradictions(facts),
        *overlaps(facts),
    )
    return silenced_between(found, {one.path: one.silences for one in facts.at(facts.allowing)})


__all__ = ["FactStore", "related"]
