"""The scenarios of one folder with their steps, as the runner reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.ports import scenario_runner

SECONDS = 120.0
LIMIT_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `type`: given, when, then or None. `phrase`: the library's, None for another.

    `acts` and `asserts` say what the phrase does; `values` are its parameters as written.
    """

    keyword: str
    type: str | None
    text: str
    line: int
    docstring: str | None
    table: tuple[tuple[str, ...], ...] | None
    phrase: str | None
    acts: bool
    asserts: bool
    values: Mapping[str, str]
    problem: str | None

    @property
    def written(self) -> str:
        """All that the author wrote in the step."""
        rows = [" | ".join(row) for row in self.table or ()]
        return "\n".join([self.text, self.docstring or "", *rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario, or one row of an outline. `line` is the row's, `title_line` the keyword's.

    `path` is relative to the folder that was read; `steps` has those of the background first.
    """

    id: str
    name: str
    path: str
    line: int
    title_line: int
    rule: str | None
    tags: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What the runner will not run. `path` is "" and `line` 0 where no place is to blame."""

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What one folder of feature files holds."""

    scenarios: tuple[Scenario, ...]
    troubles: tuple[Trouble, ...]


def read_outline(features: Path) -> Outline:
    """Read the feature files below a folder, or one; no step code of the suite is run.

    Raises:
        RunnerFailed: the runner did not answer.
    """
    folder = features if features.is_dir() else features.parent
    data, _ = scenario_runner.ask(
        "inventory",
        str(features.absolute()),
        "--steps",
        cwd=folder,
        timeout_seconds=SECONDS,
        limit_bytes=LIMIT_BYTES,
    )
    return Outline(
        scenarios=tuple(_scenario(one) for one in data["scenarios"]),
        troubles=tuple(
            Trouble(path=one["path"], line=one["line"], message=one["message"])
            for one in data["errors"]
        ),
    )


def _scenario(data: dict[str, Any]) -> Scenario:
    return Scenario(
        id=data["id"],
        name=data["name"],
        path=data["path"],
        line=data["line"],
        title_line=data["title_line"],
        rule=data["rule"],
        tags=tuple(data["tags"]),
        steps=tuple(_step(one) for one in data["steps"]),
    )


def _step(data: dict[str, Any]) -> Step:
    table = data["table"]
    return Step(
        keyword=data["keyword"],
        type=data["type"],
        text=data["text"],
        line=data["line"],
        docstring=data["docstring"],
        table=None if table is None else tuple(tuple(row) for row in table),
        phrase=data["phrase"],
        acts=data["keyword_of_phrase"] == "When",
        asserts=data["asserts"],
        values=data["values"],
        problem=data["problem"],
    )
