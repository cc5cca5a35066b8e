"""The scenario runner as a process of its own: its inventory before, its report after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.ports import process, scenario_runner
from factory.ports.scenario_runner import RunnerFailed, SuiteError

INVENTORY_SECONDS = 120.0
GRACE_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class RunnerScenario:
    """One scenario as the runner names it; `tags` keep their `@`."""

    id: str
    tags: tuple[str, ...]
    path: str
    line: int


@dataclass(frozen=True, kw_only=True)
class RunnerReport:
    """What a run reported. `outcomes` maps id → (outcome, seconds)."""

    outcomes: dict[str, tuple[str, float]]
    inventory: int
    verdict: str
    exit_code: int


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
) -> RunnerReport:
    """Run the scenarios against `subject` and read the report that the runner wrote.

    `scratch` is an empty folder for its temporary files: what is left there goes with ours.

    Raises:
        SuiteError: the runner refused the suite before the first scenario (exit 2).
        RunnerFailed: it left no readable report.
    """
    words = ["run", str(features), "--subject", subject, "--report", str(report), "--json"]
    words += ["--quiet-names", "--scenario-timeout", str(scenario_seconds)]
    words += ["--total-timeout", str(suite_seconds)]
    words += ["--tags", tags] if tags else []
    words += ["--seed", str(seed)] if seed is not None else []
    scratch.mkdir()
    done = process.run(
        scenario_runner.argv(*words),
        env={**scenario_runner.environment(), "TMPDIR": str(scratch)},
        timeout_seconds=suite_seconds + GRACE_SECONDS,
        cwd=report.parent,
        die_with_us=True,
    )
    path = report / "report.json"
    try:
        data = json.loads(path.read_bytes())
        found = RunnerReport(
            outcomes={
                str(one["id"]): (str(one["outcome"]), float(one["duration_seconds"]))
                for one in data["scenarios"]
            },
            inventory=int(data["inventory"]),
            verdict=str(data["verdict"]),
            exit_code=done.returncode,
        )
        errors = data["errors"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunnerFailed(
            f"the scenario runner left no readable report: {process.describe(done)}"
        ) from error
    if done.returncode == 2:
        raise _suite_error(errors)
    if len(found.outcomes) != len(data["scenarios"]):
        raise RunnerFailed("the scenario runner reported one scenario twice")
    return found


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
    "RunnerFailed", "RunnerReport", "RunnerScenario", "SuiteError", "run_suite", "take_inventory",
]  # fmt: skip
