"""The scenario runner as a process of its own: its inventory before, its report after."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.ports import scenario_runner
from factory.ports.scenario_runner import RunnerFailed, SuiteError

INVENTORY_SECONDS = 120.0


@dataclass(frozen=True, kw_only=True)
class RunnerScenario:
    """One scenario as the runner names it; `tags` keep their `@`."""

    id: str
    name: str
    tags: tuple[str, ...]
    path: str
    line: int


@dataclass(frozen=True, kw_only=True)
class State:
    """How scenarios share a service's state: by `fresh` they get an instance of their own.

    `fresh` is suite, feature or scenario; `reset`, such as `POST /reset`, asks the service itself
    for a fresh state instead of a new instance.
    """

    fresh: str = "suite"
    reset: str | None = None


@dataclass(frozen=True, kw_only=True)
class RunnerRow:
    """What one scenario did. `reruns` are the outcomes of its further runs, if any."""

    outcome: str
    seconds: float
    reruns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RunnerReport:
    """What a run reported; `outcomes` by id, `disturbances` are what was wrong with the run."""

    outcomes: dict[str, RunnerRow]
    inventory: int
    verdict: str
    disturbances: tuple[str, ...]


def take_inventory(features: Path) -> list[RunnerScenario]:
    """The scenarios that the feature files hold, before anything runs.

    Raises:
        SuiteError: the files have errors or no scenario; with file, line and mend.
        RunnerFailed: the runner did not answer.
    """
    data, ok = scenario_runner.ask(
        "inventory", str(features), cwd=features, timeout_seconds=INVENTORY_SECONDS
    )
    errors = data.get("errors", [])
    if errors:
        raise _suite_error(errors)
    scenarios = [
        RunnerScenario(
            id=str(one["id"]),
            name=str(one["name"]),
            tags=tuple(one["tags"]),
            path=str(one["path"]),
            line=int(one["line"]),
        )
        for one in data["scenarios"]
    ]
    if not ok or not scenarios:
        raise SuiteError(
            "the suite holds no scenario",
            path="scenarios",
            line=1,
            mend="write at least one scenario for each requirement",
        )
    return scenarios


def run_suite(
    features: Path,
    *,
    subject: str,
    report: Path,
    scratch: Path,
    tags: str | None,
    seed: int | None,
    scenario_seconds: float,
    suite_seconds: float,
    retries: int,
    state: State | None,
    start_seconds: float,
    instances: int,
) -> RunnerReport:
    """Run the scenarios against `subject` and read the report that the runner wrote.

    `scratch` is a folder to be made for its temporary files: what is left there goes with ours.
    `retries` is how often a scenario that did not pass is run again, within `suite_seconds`.
    `state` is None for a command, which keeps none; `start_seconds`, and how many `instances` may
    live at once, are for a service alone.

    Raises:
        SuiteError: the runner refused the suite before the first scenario (exit 2).
        RunnerFailed: it left no readable report.
    """
    more = ["--tags", tags] if tags else []
    more += ["--seed", str(seed)] if seed is not None else []
    more += ["--retry", str(retries)] if retries else []
    if state:
        more += scenario_runner.service(state.fresh, state.reset, start_seconds, instances)
    scratch.mkdir()
    (found, errors, rows), code = scenario_runner.run(
        features,
        subject,
        report,
        _taken,
        scenario_seconds=scenario_seconds,
        total_seconds=suite_seconds,
        more=more,
        env={"TMPDIR": str(scratch)},
    )
    if code == 2:
        raise _suite_error(errors)
    if len(found.outcomes) != rows:
        raise RunnerFailed("the scenario runner reported one scenario twice")
    return found


def _taken(data: Any) -> tuple[RunnerReport, list[dict[str, Any]], int]:
    """The report, the errors in it, and how many scenarios it has a row for."""
    rows = data["scenarios"]
    found = RunnerReport(
        outcomes={str(one["id"]): _row(one) for one in rows},
        inventory=int(data["inventory"]),
        verdict=str(data["verdict"]),
        disturbances=tuple(str(one["message"]) for one in data["errors"]),
    )
    return found, data["errors"], len(rows)


def _row(one: Any) -> RunnerRow:
    outcome = str(one["outcome"])
    runs = [str(run["outcome"]) for run in one.get("attempts", [{"outcome": outcome}])]
    if runs[:1] != [outcome]:
        raise ValueError("a scenario's outcome is not that of its first run")
    return RunnerRow(
        outcome=outcome, seconds=float(one["duration_seconds"]), reruns=tuple(runs[1:])
    )


def _suite_error(errors: list[dict[str, Any]]) -> SuiteError:
    if not errors:
        return SuiteError("the scenario runner refused the suite without saying why")
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return SuiteError(
        f"{first.get('message', '')}{more}",
        path=str(first.get("path", "")) or None,
        line=first.get("line"),
        mend=str(first.get("mend", "") or "mend the feature file and merge it"),
    )


__all__ = [
    "RunnerFailed", "RunnerReport", "RunnerScenario", "State", "SuiteError", "run_suite",
    "take_inventory",
]  # fmt: skip
