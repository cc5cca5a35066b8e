"""What every rule yields, and one scenario as the rules see it."""

from __future__ import annotations

from dataclasses import dataclass

from factory.scenarios.catalogue import CATALOGUE, PREFIX
from factory.scenarios.lines import Lines, Place
from factory.scenarios.outline import Scenario
from factory.scenarios.repository import Suite
from factory.spec.finding import Finding


def finding(rule: str, path: str, place: Place, message: str, mend: str) -> Finding:
    """A finding of the rule `scenario-<rule>`, as grave as the catalogue says."""
    name = PREFIX + rule
    return Finding(
        rule=name,
        severity=CATALOGUE[name].severity,
        path=path,
        line=place[0],
        column=place[1],
        message=message,
        mend=mend,
    )


@dataclass(frozen=True, kw_only=True)
class Looked:
    """One scenario with its suite, and the lines of the suite's files."""

    suite: Suite
    lines: Lines
    scenario: Scenario

    def finding(self, rule: str, place: Place, message: str, mend: str) -> Finding:
        """A finding in the scenario's file."""
        return finding(rule, self.suite.shown(self.scenario.path), place, message, mend)
