"""The private record of a run, a line a scenario, and word of it to whoever watches."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from scenario_runner.model import Inventory, Outcome, Scenario
from scenario_runner.new_file import open_new
from scenario_runner.run.observed import Finish

OnOutcomes = Callable[[list[tuple[Scenario, Outcome, float]], int], None]
OnApart = Callable[[int], None]


class Record:
    """Hears what the child was seen to do. A context manager; `path` must not be there yet;
    `common` goes into each line."""

    def __init__(
        self,
        path: Path,
        inventory: Inventory,
        common: Mapping[str, Any],
        on_outcomes: OnOutcomes,
        on_apart: OnApart | None,
    ) -> None:
        self._stream = os.fdopen(open_new(path), "w", encoding="utf-8")
        self._by_id = {scenario.id: scenario for scenario in inventory.scenarios}
        self._common = common
        self._on_outcomes = on_outcomes
        self._on_apart = on_apart
        self._put_off: list[tuple[Scenario, Outcome, float]] = []
        self._attempt = 1

    def __enter__(self) -> Record:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()

    def begin(self, attempt: int, common: Mapping[str, Any]) -> None:
        """What is heard from now on is of a scenario's run of this number, from 2."""
        self._attempt = attempt
        self._common = common

    def apart(self, number: int) -> None:
        if self._on_apart is not None:
            self._on_apart(number)

    def finished(self, identity: str, finish: Finish, detail: dict[str, Any]) -> None:
        scenario = self._by_id[identity]
        done = int(detail.pop("done"))
        self._line(scenario, finish, {**detail, "steps": _steps(scenario, done)})
        self._put_off.append((scenario, finish.outcome, finish.duration_seconds))

    def cut_off(self, identity: str, finish: Finish) -> None:
        """A scenario that was never seen to its end; nobody is told but the record."""
        message = "the scenario did not end: it took its process along, or was killed"
        self._line(self._by_id[identity], finish, {"message": message})

    def caught_up(self) -> None:
        self._stream.flush()
        told, self._put_off = self._put_off, []
        if told:
            self._on_outcomes(told, self._attempt)

    def _line(self, scenario: Scenario, finish: Finish, more: dict[str, Any]) -> None:
        entry = {
            **more,  # first: what a step could forge never hides what was seen from here
            **scenario.as_json(),
            "outcome": finish.outcome,
            "duration_seconds": finish.duration_seconds,
            "attempt": self._attempt,
            **self._common,
        }
        self._stream.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _steps(scenario: Scenario, done: int) -> list[dict[str, Any]]:
    return [
        {
            "line": step.line,
            "text": f"{step.keyword} {step.text}",
            "outcome": "passed" if number < done else "failed" if number == done else "not run",
        }
        for number, step in enumerate(scenario.steps)
    ]
