"""Reconcile what was expected with what was observed, decide, and write it down."""

from __future__ import annotations

import json
import os
import secrets
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenario_runner.model import OUTCOMES, Inventory, Outcome, Scenario, SuiteError, Verdict
from scenario_runner.new_file import open_new
from scenario_runner.run.observed import Again, Finish, Observed

REPORT_NAME = "report.json"
PRIVATE_NAME = "private.jsonl"
LOG_NAME = "private.log"
SUBJECTS_NAME = "private-subjects.log"
NAMES = (REPORT_NAME, PRIVATE_NAME, LOG_NAME, SUBJECTS_NAME)

EXIT_PASS, EXIT_FAIL, EXIT_REFUSED, EXIT_INCONCLUSIVE, EXIT_INTERRUPTED = 0, 1, 2, 5, 130


@dataclass(frozen=True, slots=True)
class Report:
    """The public record of a run. `errors` are the suite's, or what made it inconclusive.

    An outcome is that of the scenario's first run, whatever came after; `attempts` holds, by id,
    every run of those that were run again.
    """

    scenarios: tuple[tuple[Scenario, Outcome, float], ...]
    errors: tuple[SuiteError, ...]
    verdict: Verdict
    exit_code: int
    duration_seconds: float = 0.0
    shuffle: int | None = None
    retries: int = 0
    attempts: Mapping[str, tuple[Finish, ...]] = field(default_factory=dict)

    @property
    def flaky(self) -> frozenset[str]:
        """The ids of scenarios that passed in one run and not in another."""
        return flaky(self.attempts)

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(outcome for _, outcome, _ in self.scenarios)
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    def as_json(self) -> dict[str, Any]:
        """The shape of report.schema.json."""
        more: dict[str, Any] = {}
        if self.shuffle is not None:
            more["order"] = f"shuffle:{self.shuffle}"
        if self.retries:
            more |= {"retries": self.retries, "flaky": len(self.flaky)}
        return {
            "version": 1,
            "inventory": len(self.scenarios),
            "scenarios": [
                {
                    **scenario.as_json(),
                    "outcome": outcome,
                    "duration_seconds": round(seconds, 6),
                    **self._again(scenario.id),
                }
                for scenario, outcome, seconds in self.scenarios
            ],
            "errors": [error.as_json() for error in self.errors],
            "verdict": self.verdict,
            "counts": self.counts,
            "duration_seconds": round(self.duration_seconds, 6),
            **more,
        }

    def _again(self, identity: str) -> dict[str, Any]:
        if identity not in self.attempts:
            return {}
        runs = [
            {"outcome": run.outcome, "duration_seconds": round(run.duration_seconds, 6)}
            for run in self.attempts[identity]
        ]
        return {"attempts": runs, "flaky": identity in self.flaky}


def flaky(attempts: Mapping[str, tuple[Finish, ...]]) -> frozenset[str]:
    """Pure. The ids whose runs passed and did not: to fail once and to hang once is to fail."""
    return frozenset(
        identity
        for identity, runs in attempts.items()
        if len({run.outcome == "passed" for run in runs}) > 1
    )


def refused(inventory: Inventory, errors: Collection[SuiteError] = ()) -> Report:
    """Nothing ran: refused scenarios are `invalid`, the rest `missing`."""
    every = _sorted([*inventory.errors, *errors])
    blamed = {(error.path, error.line) for error in errors}

    def outcome(scenario: Scenario) -> Outcome:
        lines = {scenario.line, *(step.line for step in scenario.steps)}
        hit = any((scenario.path, line) in blamed for line in lines)
        return "invalid" if hit or scenario.id in inventory.refused else "missing"

    scenarios = tuple((each, outcome(each), 0.0) for each in inventory.scenarios)
    return Report(scenarios, every, "inconclusive", EXIT_REFUSED)


def unfinished(inventory: Inventory) -> Report:
    """What stands in the folder until a run is over, should we be killed before."""
    message = "the run was cut short before its end"
    missing: Outcome = "missing"
    scenarios = tuple((each, missing, 0.0) for each in inventory.scenarios)
    return Report(scenarios, (SuiteError("", 0, message),), "inconclusive", EXIT_INCONCLUSIVE)


def reconcile(
    inventory: Inventory,
    observed: Observed,
    changed: Collection[str],
    cut_off: Mapping[str, Finish],
    again: Again = Again(),  # noqa: B008
    *,
    stops_early: bool = False,
) -> Report:
    """Pure. `changed` are feature files that are no longer what the inventory read; `cut_off` as
    Observed.cut_off gives it. With `stops_early` (--fail-fast), scenarios after one that failed
    may be missing from a fail.

    pass: every scenario of the inventory was seen to pass, and nothing else was seen.
    fail: every one was seen to its end or to its time limit, and at least one failed, each time
    where it was run again.
    inconclusive: anything else.
    """
    scenarios: list[tuple[Scenario, Outcome, float]] = []
    for scenario in inventory.scenarios:
        outcome, seconds = _outcome_of(scenario, observed, cut_off)
        if scenario.path in changed and outcome == "passed":
            outcome = "invalid"
        scenarios.append((scenario, outcome, seconds))
    problems = [*observed.problems, *again.problems]
    interrupted = observed.interrupted or again.interrupted
    if interrupted:
        problems.append("the run was interrupted")
    elif not observed.ended and not problems:
        problems.append("the run's child process ended before its time; see private.log")
    errors = [SuiteError("", 0, text) for text in problems]
    errors += [SuiteError(path, 0, "removed or changed during the run") for path in changed]
    outcomes = {outcome for _, outcome, _ in scenarios}
    unsure = flaky(again.attempts)
    constant = {outcome for scenario, outcome, _ in scenarios if scenario.id not in unsure}
    seen_to_an_end: set[Outcome] = {"passed", "failed", "timed_out"}
    if stops_early:
        seen_to_an_end.add("missing")
    verdict: Verdict = "inconclusive"
    if errors or not scenarios:
        pass
    elif outcomes == {"passed"}:
        verdict = "pass"
    elif "failed" in constant and outcomes <= seen_to_an_end:
        verdict = "fail"
    exit_code = {"pass": EXIT_PASS, "fail": EXIT_FAIL, "inconclusive": EXIT_INCONCLUSIVE}[verdict]
    if interrupted:
        exit_code = EXIT_INTERRUPTED
    return Report(
        tuple(scenarios), _sorted(errors), verdict, exit_code, attempts=dict(again.attempts)
    )


def _outcome_of(
    scenario: Scenario, observed: Observed, cut_off: Mapping[str, Finish]
) -> tuple[Outcome, float]:
    finish = observed.finished.get(scenario.id)
    if finish is not None and scenario.id in observed.twice:
        return "invalid", finish.duration_seconds
    finish = finish or cut_off.get(scenario.id)
    return ("missing", 0.0) if finish is None else (finish.outcome, finish.duration_seconds)


def _sorted(errors: Collection[SuiteError]) -> tuple[SuiteError, ...]:
    unique = dict.fromkeys(errors)
    return tuple(sorted(unique, key=lambda each: (each.path, each.line, each.message)))


def write(folder: Path, document: dict[str, Any]) -> None:
    """Atomically: readers see the old report or the new one. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / REPORT_NAME
    scratch = folder / f".{REPORT_NAME}.{secrets.token_hex(8)}"
    try:
        with os.fdopen(open_new(scratch, 0o644), "w", encoding="utf-8") as stream:
            stream.write(_text(document))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(scratch, target)
    finally:
        scratch.unlink(missing_ok=True)


def _text(document: dict[str, Any]) -> str:
    """JSON with a scenario a line: quick to write, and to read, for thousands of them."""
    parts = []
    for key, value in document.items():
        if isinstance(value, list) and value:
            lines = ",\n    ".join(json.dumps(each, ensure_ascii=False) for each in value)
            text = f"[\n    {lines}\n  ]"
        else:
            text = json.dumps(value, ensure_ascii=False)
        parts.append(f"  {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"
