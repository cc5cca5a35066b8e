"""One run from the feature files to the report."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from scenario_runner.errors import UsageFault
from scenario_runner.model import Inventory, Outcome, Scenario, SuiteError
from scenario_runner.run import order as orders
from scenario_runner.run import report as reports
from scenario_runner.run.child_process import ChildProcess
from scenario_runner.run.job import Job
from scenario_runner.run.record import Record
from scenario_runner.run.report import Report
from scenario_runner.run.retry import Retries
from scenario_runner.run.subjects import Subjects, Wanted, prepare
from scenario_runner.run.supervise import Supervisor
from scenario_runner.suite import inventory as inventories
from scenario_runner.suite.discovery import Found
from scenario_runner.suite.freshness import Freshness

OnInventory = Callable[[Inventory], None]


class Watcher(Protocol):
    """Whoever shows how a run gets on."""

    def start(self, expected: int, notes: list[str]) -> None: ...

    def apart(self, number: int) -> None:
        """So many of the scenarios will not run side by side with others."""

    def outcomes(self, several: list[tuple[Scenario, Outcome, float]], attempt: int = 1) -> None:
        """In the order in which they ended; `attempt` counts the runs of each, from 1."""

    def note(self, text: str) -> None:
        """A sentence that names no scenario."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What `scenario-runner run` was asked. Times in seconds; `seed` None means a fresh one;
    `shuffle` is the seed of the order; `rerun` and `durations` are earlier report.json files;
    `retries` is how often at most a scenario that did not pass is run again."""

    features: Path
    subjects: Wanted
    report_folder: Path
    tags: str | None = None
    seed: int | None = None
    scenario_timeout_seconds: float = 60.0
    total_timeout_seconds: float | None = None
    jobs: int = 1
    fail_fast: bool = False
    shuffle: int | None = None
    rerun: Path | None = None
    shard: tuple[int, int] | None = None
    durations: Path | None = None
    retries: int = 0


def run(
    request: RunRequest,
    watcher: Watcher,
    child: ChildProcess,
    on_inventory: OnInventory = lambda inventory: None,
) -> Report:
    """Always leaves a report, also where the run was refused or cut short.

    `child` is closed before the report is written: no step code can touch it after.
    `on_inventory` hears what the feature files hold, before anything runs.

    Raises UsageFault when even the report folder cannot be used.
    """
    started = time.monotonic()
    folder = request.report_folder.absolute()
    # An earlier report may lie where ours goes.
    plan, problem = _plan(request)
    _prepare(folder)
    nothing = Inventory((), ())
    reports.write(folder, reports.unfinished(nothing).as_json())
    try:
        if problem is not None:
            report = reports.refused(nothing, [SuiteError("", 0, str(problem))])
        else:
            report = _run(request, plan, folder, child, watcher, on_inventory)
    finally:
        child.close()
    report = replace(report, duration_seconds=time.monotonic() - started, shuffle=request.shuffle)
    reports.write(folder, report.as_json())
    return report


@dataclass(frozen=True, slots=True)
class _Plan:
    """What earlier reports said: ids to run first, and how long each took."""

    first: frozenset[str] | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)


def _plan(request: RunRequest) -> tuple[_Plan, UsageFault | None]:
    first, seconds = None, {}
    try:
        if request.rerun is not None:
            first = orders.not_passed(orders.earlier(request.rerun, "--rerun"))
        if request.durations is not None:
            found = orders.earlier(request.durations, "--durations")
            seconds = {each["id"]: each["seconds"] for each in found if each["seconds"] > 0}
    except UsageFault as problem:
        return _Plan(), problem
    return _Plan(first, seconds), None


def _sharded(inventory: Inventory, request: RunRequest, plan: _Plan) -> Inventory:
    """What falls to our shard; the suite's errors stay everybody's."""
    if request.shard is None:
        return inventory
    index, count = request.shard
    mine = orders.shard(inventory.scenarios, index, count, plan.seconds)
    errors = inventory.errors
    if not mine and not errors:
        message = f"--shard {index}/{count}: no scenario falls to it; use fewer shards"
        errors = (SuiteError("", 0, message),)
    return replace(
        inventory,
        scenarios=tuple(each for each in inventory.scenarios if each.id in mine),
        errors=errors,
        refused=inventory.refused & mine,
    )


def _run(
    request: RunRequest,
    plan: _Plan,
    folder: Path,
    child: ChildProcess,
    watcher: Watcher,
    on_inventory: OnInventory,
) -> Report:
    try:
        inventory, found = inventories.take(request.features, request.tags)
    except UsageFault as problem:
        return reports.refused(Inventory((), ()), [SuiteError("", 0, str(problem))])
    inventory = _sharded(inventory, request, plan)
    on_inventory(inventory)
    reports.write(folder, reports.unfinished(inventory).as_json())
    subjects = prepare(request.subjects, inventory, folder / reports.SUBJECTS_NAME)
    if subjects.errors or len(inventory.refused) == len(inventory.scenarios):
        return reports.refused(inventory, subjects.errors)
    notes = [] if request.shuffle is None else [f"in the order shuffle:{request.shuffle}"]
    watcher.start(len(inventory.scenarios), notes)
    job = _job(request, plan, inventory, found, subjects.freshness)
    return _supervised(request, folder, child, inventory, found, watcher, job, subjects)


def _job(
    request: RunRequest, plan: _Plan, inventory: Inventory, found: Found, freshness: Freshness
) -> Job:
    return Job(
        root=found.root,
        freshness=freshness,
        seed=str(request.seed if request.seed is not None else secrets.randbits(64)),
        step_modules=found.step_modules,
        binding_modules=found.binding_modules,
        scenario_timeout_seconds=request.scenario_timeout_seconds,
        total_timeout_seconds=request.total_timeout_seconds,
        has_code=found.has_code,
        jobs=min(request.jobs, request.subjects.instances or request.jobs),
        fail_fast=request.fail_fast,
        order=orders.ordered(inventory.scenarios, first=plan.first, shuffle=request.shuffle),
    )


def _supervised(
    request: RunRequest,
    folder: Path,
    child: ChildProcess,
    inventory: Inventory,
    found: Found,
    watcher: Watcher,
    job: Job,
    subjects: Subjects,
) -> Report:
    path, log = folder / reports.PRIVATE_NAME, folder / reports.LOG_NAME
    on_apart = watcher.apart if job.jobs > 1 else None
    with (
        closing(subjects),
        Record(path, inventory, {"seed": job.seed}, watcher.outcomes, on_apart) as record,
    ):
        again = Retries(request.retries, job, inventory, log, record, subjects)
        with subjects.instances(inventory, job.jobs) as instances:
            observed = Supervisor(child, job, inventory, log, record, instances).run()
        observed.problems += [] if instances is None else instances.problems
        cut_off = observed.cut_off(request.scenario_timeout_seconds)
        for scenario in inventory.scenarios:
            if scenario.id in cut_off:
                record.cut_off(scenario.id, cut_off[scenario.id])
        child.close()  # Nothing of it is left when scenarios are run again.
        seen_again = again.run(observed, watcher.note)
    if observed.interrupted and observed.bound is None:
        return reports.reconcile(inventory, observed, (), {})
    if observed.bound is None:
        message = "the suite could not be loaded: its process ended early; see private.log"
        return reports.refused(inventory, [SuiteError("", 0, message)])
    if observed.bound or inventory.errors:
        return reports.refused(inventory, observed.bound)
    changed = _changed(inventory, found)
    report = reports.reconcile(
        inventory, observed, changed, cut_off, seen_again, stops_early=request.fail_fast
    )
    return replace(report, retries=request.retries)


def _changed(inventory: Inventory, found: Found) -> list[str]:
    """Feature files that are gone or differ from what the inventory read."""
    return [
        path
        for path, expected in inventory.sources.items()
        if inventories.read_regular(found.root / path) != expected
    ]


def _prepare(folder: Path) -> None:
    """An old report must never be taken for this run's."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in reports.NAMES:
            (folder / name).unlink(missing_ok=True)
        probe = folder / f".probe.{secrets.token_hex(8)}"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise UsageFault(
            f"--report: the folder cannot be used ({problem.strerror}); name one to write into"
        ) from None
