"""Frozen data that the parts of the runner hand each other."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Outcome = Literal["passed", "failed", "invalid", "missing", "timed_out"]
Verdict = Literal["pass", "fail", "inconclusive"]
StepType = Literal["given", "when", "then"]

OUTCOMES: tuple[Outcome, ...] = ("passed", "failed", "invalid", "missing", "timed_out")


@dataclass(frozen=True, slots=True)
class SuiteError:
    """Something in the suite that must be mended before anything runs.

    `path` is relative to FEATURES ("" when no file is to blame); `line` counts from 1 (0 when
    no line is to blame).
    """

    path: str
    line: int
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Step:
    """One rendered step. `type` is None where the keyword does not say (`*`, a leading And)."""

    keyword: str
    type: StepType | None
    text: str
    line: int
    docstring: str | None = None
    table: tuple[tuple[str, ...], ...] | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario, or one rendered row of an outline, background steps included.

    `line` is the row's own line for an outline row. `tags` keep their `@`, inherited ones first.
    `fresh` is what the nearest tag `@fresh:…` says, "" where there is none.
    """

    id: str
    name: str
    path: str
    line: int
    tags: tuple[str, ...]
    steps: tuple[Step, ...]
    feature: str = ""
    rule: str | None = None
    fresh: str = ""

    def as_json(self) -> dict[str, Any]:
        """The public part: no step text."""
        return {
            "id": self.id,
            "name": self.name,
            "path": self.path,
            "line": self.line,
            "tags": list(self.tags),
        }

    def to_wire(self) -> list[Any]:
        """Values in the order of the fields: thousands cross the pipe, names would double them."""
        steps = [
            (step.keyword, step.type, step.text, step.line, step.docstring, step.table)
            for step in self.steps
        ]
        return [self.id, self.name, self.path, self.line, self.tags, steps, self.feature, self.rule]

    @staticmethod
    def from_wire(data: list[Any]) -> Scenario:
        identity, name, path, line, tags, listed, feature, rule = data
        steps = tuple(
            Step(
                keyword,
                kind,
                text,
                at,
                docstring,
                None if table is None else tuple(tuple(row) for row in table),
            )
            for keyword, kind, text, at, docstring, table in listed
        )
        return Scenario(identity, name, path, line, tuple(tags), steps, feature, rule)


@dataclass(frozen=True, slots=True)
class Inventory:
    """The scenarios expected, taken from the feature files alone, and what is wrong with them.

    `refused` holds the ids of scenarios that may not run; `sources` maps each feature file's
    relative path to the bytes that were read.
    """

    scenarios: tuple[Scenario, ...]
    errors: tuple[SuiteError, ...]
    refused: frozenset[str] = frozenset()
    sources: dict[str, bytes] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "inventory": len(self.scenarios),
            "scenarios": [scenario.as_json() for scenario in self.scenarios],
            "errors": [error.as_json() for error in self.errors],
        }
