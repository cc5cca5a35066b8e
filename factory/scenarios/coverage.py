"""How many scenarios each requirement has: counts, which may be told where scenarios may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from factory.ports.scenario_tags import is_sealed, is_should, requirements_of
from factory.scenarios.check import Specs
from factory.scenarios.outline import Scenario
from factory.scenarios.repository import Repository, Suite
from factory.spec.document import SpecDocument


@dataclass(frozen=True, kw_only=True)
class Row:
    """One requirement. `must` and `should` add up to all; `sealed` are those kept for the end."""

    id: str
    must: int
    should: int
    sealed: int
    names: tuple[str, ...]

    @property
    def scenarios(self) -> int:
        """How many scenarios name the requirement."""
        return self.must + self.should

    def to_data(self, private: bool) -> dict[str, Any]:
        """As JSON; names of scenarios only where `private`."""
        return {
            "id": self.id,
            "scenarios": self.scenarios,
            "must": self.must,
            "should": self.should,
            "sealed": self.sealed,
            **({"names": list(self.names)} if private else {}),
        }


@dataclass(frozen=True, kw_only=True)
class Covered:
    """One spec. `answers`: the version that the scenarios answer; None where it is not said."""

    spec: str
    version: int
    answers: int | None
    scenarios: int
    rows: tuple[Row, ...]

    @property
    def in_step(self) -> bool:
        """Whether the scenarios answer the spec's version, or any."""
        return self.answers in (None, self.version)

    @property
    def uncovered(self) -> tuple[str, ...]:
        """The requirements without a scenario."""
        return tuple(one.id for one in self.rows if not one.scenarios)

    def to_data(self, private: bool) -> dict[str, Any]:
        """As JSON; names of scenarios only where `private`."""
        return {
            "id": self.spec,
            "version": self.version,
            "answers_version": self.answers,
            "in_step": self.in_step,
            "scenarios": self.scenarios,
            "requirements": [one.to_data(private) for one in self.rows],
            "uncovered": list(self.uncovered),
        }


def coverage(repository: Repository, specs: Specs) -> list[Covered]:
    """Each feature spec that is ready or has scenarios, by id.

    Raises:
        SuiteError: a feature file cannot be read, so that its scenarios would not be counted.
    """
    suites = {one.spec_id: one for one in repository.suites}
    return [
        _covered(document, suites.get(document.id), repository)
        for document in sorted(specs.library, key=lambda one: one.id)
        if document.id in suites
        or (document.kind == "feature" and document.meta.get("status") == "ready")
    ]


def _covered(document: SpecDocument, suite: Suite | None, repository: Repository) -> Covered:
    if suite is not None:
        suite.require_readable()
    scenarios = suite.outline.scenarios if suite else ()
    version = document.meta.get("version")
    return Covered(
        spec=document.id,
        version=version if isinstance(version, int) else 0,
        answers=repository.answers(document.id),
        scenarios=len(scenarios),
        rows=tuple(_rows(document, scenarios)),
    )


def _rows(document: SpecDocument, scenarios: tuple[Scenario, ...]) -> Iterator[Row]:
    for requirement in document.requirements():
        mine = [one for one in scenarios if requirement.id in requirements_of(one.tags)]
        should = sum(is_should(one.tags) for one in mine)
        yield Row(
            id=requirement.id,
            must=len(mine) - should,
            should=should,
            sealed=sum(is_sealed(one.tags) for one in mine),
            names=tuple(one.name for one in mine),
        )
