"""One run from the feature files to the report."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scenario_runner.errors import UsageFault
from scenario_runner.model import Inventory, Outcome, Scenario, SuiteError
from scenario_runner.run import report as reports
from scenario_runner.run.observed import Finish, Job
from scenario_runner.run.report import Report
from scenario_runner.run.supervise import Supervisor
from scenario_runner.subject import subject as subjects
from scenario_runner.suite import inventory as inventories
from scenario_runner.suite.discovery import Found
from scenario_runner.suite.feature_file import digest

OnOutcome = Callable[[Scenario, Outcome, float], None]
OnStart = Callable[[int], None]
OnInventory = Callable[[Inventory], None]


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What `scenario-runner run` was asked. Times in seconds; `seed` None means a fresh one."""

    features: Path
    subject: str
    report_folder: Path
    tags: str | None = None
    seed: int | None = None
    scenario_timeout_seconds: float = 60.0
    total_timeout_seconds: float | None = None


def run(
    request: RunRequest,
    on_start: OnStart,
    on_outcome: OnOutcome,
    on_inventory: OnInventory = lambda inventory: None,
) -> Report:
    """Always leaves a report, also where the run was refused or cut short.

    `on_inventory` hears what the feature files hold, before anything runs.
    Raises UsageFault when even the report folder cannot be used.
    """
    started = time.monotonic()
    folder = request.report_folder.absolute()
    _prepare(folder)
    nothing = Inventory((), ())
    reports.write(folder, reports.unfinished(nothing).as_json())
    report = _run(request, folder, on_start, on_outcome, on_inventory)
    report = replace(report, duration_seconds=time.monotonic() - started)
    reports.write(folder, report.as_json())
    return report


def _run(
    request: RunRequest,
    folder: Path,
    on_start: OnStart,
    on_outcome: OnOutcome,
    on_inventory: OnInventory,
) -> Report:
    try:
        inventory, found = inventories.take(request.features, request.tags)
    except UsageFault as problem:
        return reports.refused(Inventory((), ()), [SuiteError("", 0, str(problem))])
    on_inventory(inventory)
    reports.write(folder, reports.unfinished(inventory).as_json())
    errors: list[SuiteError] = []
    try:
        subjects.parse(request.subject, Path.cwd())
    except UsageFault as problem:
        errors.append(SuiteError("", 0, str(problem)))
    if errors or len(inventory.refused) == len(inventory.scenarios):
        return reports.refused(inventory, errors)
    on_start(len(inventory.scenarios))
    return _supervised(request, folder, inventory, found, on_outcome)


def _supervised(
    request: RunRequest, folder: Path, inventory: Inventory, found: Found, on_outcome: OnOutcome
) -> Report:
    by_id = {scenario.id: scenario for scenario in inventory.scenarios}
    seed = str(request.seed if request.seed is not None else secrets.randbits(64))
    job = Job(
        root=found.root,
        subject=request.subject,
        start_folder=Path.cwd(),
        seed=seed,
        step_modules=found.step_modules,
        scenario_timeout_seconds=request.scenario_timeout_seconds,
        total_timeout_seconds=request.total_timeout_seconds,
    )
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(folder / reports.PRIVATE_NAME, flags, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as private:

        def finished(identity: str, finish: Finish, detail: dict[str, Any]) -> None:
            scenario = by_id[identity]
            entry = {
                **detail,  # first: what a step could forge never hides what was seen from here
                **scenario.as_json(),
                "outcome": finish.outcome,
                "duration_seconds": finish.duration_seconds,
                "seed": seed,
            }
            private.write(json.dumps(entry, ensure_ascii=False) + "\n")
            private.flush()
            on_outcome(scenario, finish.outcome, finish.duration_seconds)

        log = folder / reports.LOG_NAME
        observed = Supervisor(job, inventory, log, finished).run()
        if observed.running in by_id and not observed.interrupted:
            entry = {
                **by_id[observed.running].as_json(),
                "outcome": "timed_out" if observed.running_timed_out else "failed",
                "duration_seconds": observed.running_seconds,
                "seed": seed,
                "message": "the scenario did not end: it took its process along, or was killed",
            }
            private.write(json.dumps(entry, ensure_ascii=False) + "\n")
    if observed.interrupted and observed.bound is None:
        return reports.reconcile(inventory, observed, ())
    if observed.bound is None:
        message = "the suite could not be loaded: its process ended early; see private.log"
        return reports.refused(inventory, [SuiteError("", 0, message)])
    if observed.bound or inventory.errors:
        return reports.refused(inventory, observed.bound)
    return reports.reconcile(inventory, observed, _changed(inventory, found))


def _changed(inventory: Inventory, found: Found) -> list[str]:
    """Feature files that are gone or differ from what the inventory read."""
    changed = []
    for path, expected in inventory.digests.items():
        data = inventories.read_regular(found.root / path)
        if isinstance(data, str) or digest(data) != expected:
            changed.append(path)
    return changed


def _prepare(folder: Path) -> None:
    """An old report must never be taken for this run's."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (reports.REPORT_NAME, reports.PRIVATE_NAME, reports.LOG_NAME):
            (folder / name).unlink(missing_ok=True)
        probe = folder / f".probe.{secrets.token_hex(8)}"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise UsageFault(
            f"--report: the folder cannot be used ({problem.strerror}); name one to write into"
        ) from None
