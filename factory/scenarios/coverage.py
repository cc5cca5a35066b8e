"""How many scenarios each requirement has: counts, which may be told where scenarios may not."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from factory.config.quarantine import utc_today
from factory.ports.scenario_tags import is_sealed, is_should, requirements_of
from factory.scenarios.check import Specs
from factory.scenarios.outline import Scenario
from factory.scenarios.repository import Repository, Suite
from factory.scenarios.rules.quarantine import quarantined_ids
from factory.spec.document import SpecDocument


@dataclass(frozen=True, kw_only=True)
class Row:
    """One requirement. `must` and `should` add up to all; `sealed` are those kept for the end.

    `quarantined` are those whose flakes are explained, and whose passing says nothing; `heard` is
    false where that is all of its @must scenarios, so that no candidate can pass.
    """

    id: str
    must: int
    should: int
    sealed: int
    quarantined: int
    heard: bool
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
            "quarantined": self.quarantined,
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

    @property
    def unheard(self) -> tuple[str, ...]:
        """The requirements whose @must scenarios are in quarantine, all of them."""
        return tuple(one.id for one in self.rows if not one.heard)

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
            "quarantined": list(self.unheard),
        }


def coverage(repository: Repository, specs: Specs, today: date | None = None) -> list[Covered]:
    """Each feature spec that is ready or has scenarios, by id.

    `today`, by which quarantines are judged, is the clock's day in UTC where None.

    Raises:
        SuiteError: a feature file cannot be read, so that its scenarios would not be counted.
    """
    suites = {one.spec_id: one for one in repository.suites}
    return [
        _covered(document, suites.get(document.id), repository, today or utc_today())
        for document in sorted(specs.library, key=lambda one: one.id)
        if document.id in suites
        or (document.kind == "feature" and document.meta.get("status") == "ready")
    ]


def _covered(
    document: SpecDocument, suite: Suite | None, repository: Repository, today: date
) -> Covered:
    if suite is not None:
        suite.require_readable()
    scenarios = suite.outline.scenarios if suite else ()
    aside = quarantined_ids(suite, repository, today) if suite else {}
    version = document.meta.get("version")
    return Covered(
        spec=document.id,
        version=version if isinstance(version, int) else 0,
        answers=repository.answers(document.id),
        scenarios=len(scenarios),
        rows=tuple(_rows(document, scenarios, aside)),
    )


def _rows(
    document: SpecDocument, scenarios: tuple[Scenario, ...], aside: Container[str]
) -> Iterator[Row]:
    for requirement in document.requirements():
        mine = [one for one in scenarios if requirement.id in requirements_of(one.tags)]
        should = sum(is_should(one.tags) for one in mine)
        quarantined = [one.id in aside for one in mine if not is_should(one.tags)]
        yield Row(
            id=requirement.id,
            must=len(mine) - should,
            should=should,
            sealed=sum(is_sealed(one.tags) for one in mine),
            quarantined=sum(one.id in aside for one in mine),
            heard=not (quarantined and all(quarantined)),
            names=tuple(one.name for one in mine),
        )
