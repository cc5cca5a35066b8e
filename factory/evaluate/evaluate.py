"""One candidate against its holdouts: materialise, install, start, run, observe."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal, cast

import msgspec

from factory.counted import counted
from factory.errors import (
    BudgetExceeded,
    FactoryError,
    Inconclusive,
    SandboxBreach,
    SandboxUnavailable,
)
from factory.evaluate import flakes, runner
from factory.evaluate.scenarios import ScenarioSource, Suite, checkout
from factory.evaluate.subject import SubjectFailed, account, install, instances, reached_by
from factory.evaluate.suite import take
from factory.ports.git import tree
from factory.ports.scratch import scratch
from factory.records import Candidate, Inventory, ObservedScenario, Report
from factory.records.evaluation import Outcome
from factory.sandbox.protocol import Sandbox

OUTCOMES = frozenset(("passed", "failed", "invalid", "missing", "timed_out"))


def evaluate(
    candidate: Candidate,
    *,
    scenarios: ScenarioSource,
    sandbox: Sandbox,
    out: Path,
    clone_url: str,
    git_environment: Mapping[str, str],
    progress: Callable[[str], None],
    today: date | None = None,
    limit_seconds: float = math.inf,
) -> tuple[Inventory, Report]:
    """Judge nothing, observe everything.

    Writes inventory.json before the subject starts and report.json at the end, both into `out`,
    and the runner's own private report below `out`/private. Flakes that an earlier evaluation into
    `out` saw of the same candidate and suite are in the report as well. `today`, by which
    quarantines are judged, is the clock's day in UTC where None. `limit_seconds` is what the
    spec's budget leaves; scenarios that it cuts off are missing, as at any other time limit.

    Raises:
        BudgetExceeded: nothing is left of it.
        InputError, ConfigurationError: the scenarios cannot be fetched or have errors.
        SandboxUnavailable, SandboxBreach: no sandbox holds.
        ProcessFailed: git did not answer.
    """
    if limit_seconds <= 0:
        raise BudgetExceeded(
            f"{candidate.work_order.spec.id}: no minutes are left to evaluate the candidate in",
            mend="raise `budget: {spec: {minutes: …}}` in factory.yml, and plan the spec anew",
        )
    deadline = time.monotonic() + limit_seconds
    out.mkdir(parents=True, exist_ok=True)
    out = out.resolve()  # The runner has a working folder of its own.
    private = out / "private"
    shutil.rmtree(private, ignore_errors=True)
    private.mkdir(mode=0o700)
    for stale in ("inventory.json", "report.json"):
        (out / stale).unlink(missing_ok=True)
    with checkout(scenarios, candidate.work_order.spec.id, today) as suite:
        inventory = take(suite, candidate)
        inventory.write(out / "inventory.json")
        progress(f"{counted(len(inventory.scenarios), 'scenario')} expected")
        if expired := sum(one.expired(suite.today) for one in suite.settings.quarantine):
            progress(f"{counted(expired, 'quarantine')} expired and no longer counted")
        with scratch("subject") as work:
            named = candidate.branch or candidate.commit
            bare = tree.mirror(clone_url, work / "git", refs=[named], env=git_environment)
            tree.materialise(bare, candidate.commit, work / "app")
            shutil.rmtree(work / "git")  # The subject never shares a machine with its history.
            observation = _Observation(
                candidate, inventory, sandbox, suite.today.isoformat(), deadline
            )
            report = observation.observe(suite, work, private, progress)
    report = flakes.remembered(report, out)
    report.write(out / "report.json")
    return inventory, report


class _Observation:
    """One evaluation under way: how far it came, and whose fault it was where it stopped."""

    def __init__(
        self,
        candidate: Candidate,
        inventory: Inventory,
        sandbox: Sandbox,
        day: str,
        deadline: float,
    ) -> None:
        self.candidate = candidate
        self.inventory = inventory
        self.sandbox = sandbox
        self.day = day
        self.deadline = deadline
        self.reached: Literal["materialised", "installed", "started", "ran"] = "materialised"
        self.fault: Literal["none", "subject", "factory"] = "none"
        self.trouble = ""
        self.alive: bool | None = None
        self.observed: list[ObservedScenario] = []

    def observe(
        self, suite: Suite, work: Path, private: Path, progress: Callable[[str], None]
    ) -> Report:
        began = time.monotonic()
        order = self.candidate.work_order
        subject = order.product.subject
        allowed = min(subject.install_seconds, max(self.deadline - began, 1.0))
        subject = msgspec.structs.replace(subject, install_seconds=allowed)
        try:
            progress("installing the subject")
            install(subject, self.sandbox, work / "app", work / "prefix")
            self.reached = "installed"
            self._run_rounds(suite, work, private, progress)
        except SubjectFailed as error:
            self.fault, self.trouble = "subject", f"{error.phase}: {error.message}"
        except (SandboxBreach, SandboxUnavailable, runner.SuiteError):
            raise
        except FactoryError as error:
            self.fault, self.trouble = "factory", error.message
        return Report(
            run_id=order.run_id,
            nonce=order.nonce,
            attempt=order.attempt,
            candidate=self.candidate.commit,
            suite_digest=self.inventory.suite_digest,
            reached=self.reached,
            fault=self.fault,
            trouble=self.trouble[:4000],
            subject_alive_after=self.alive,
            sandbox=self.sandbox.name,
            day=self.day,
            duration_seconds=round(time.monotonic() - began, 3),
            scenarios=tuple(self.observed),
        )

    def _run_rounds(
        self,
        suite: Suite,
        work: Path,
        private: Path,
        progress: Callable[[str], None],
    ) -> None:
        """Open scenarios first; the sealed ones only once every open one has passed, but for
        flakes that a quarantine explains.

        Each round is a run of its own, on instances of its own: what a subject has kept of the
        open scenarios is not there when the sealed ones judge it.
        """
        explained = {one.id for one in self.inventory.scenarios if one.quarantined(self.day)}
        is_sealed = {one.id: one.sealed for one in self.inventory.scenarios}
        sealed_too = any(is_sealed.values())
        rounds = [("open", "not @sealed", False), ("sealed", "@sealed", True)]
        for name, tags, sealed in rounds if sealed_too else [("open", None, False)]:
            wanted = {one for one, flag in is_sealed.items() if flag == sealed}
            if not wanted:
                continue
            if sealed and not all(
                one.outcome == "passed" or (one.flaky and one.id in explained)
                for one in self.observed
            ):
                break
            progress(f"running {counted(len(wanted), f'{name} scenario')}")
            place = work / name
            place.mkdir()
            self._take(self._run(suite, work, place, private / name, tags), wanted)
        self.reached = "ran"

    def _run(
        self, suite: Suite, work: Path, place: Path, report: Path, tags: str | None
    ) -> runner.RunnerReport:
        order = self.candidate.work_order
        subject = order.product.subject
        service = subject.command is None
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Inconclusive("the spec's minutes are used up")
        reached = reached_by(
            subject, self.sandbox, order.sandbox, work / "app", work / "prefix", place
        )
        try:
            found = runner.run_suite(
                suite.features,
                subject=reached,
                report=report,
                scratch=place / "runner",
                tags=tags,
                seed=suite.settings.seed,
                scenario_seconds=suite.settings.scenario_seconds,
                suite_seconds=min(suite.settings.suite_seconds, left),
                retries=suite.settings.retries,
                state=suite.settings.state if service else None,
                start_seconds=subject.start_seconds,
                instances=instances(),
            )
        except runner.RunnerFailed:
            if service:
                account(place)  # It may know better why.
            raise
        if service:
            told = account(place)
            if not told.ready:
                raise Inconclusive("the scenarios were run without a subject")
            self.alive = told.alive and self.alive is not False
        self.reached = "started"
        return found

    def _take(self, found: runner.RunnerReport, wanted: set[str]) -> None:
        if set(found.outcomes) != wanted or found.inventory != len(wanted):
            raise Inconclusive("the runner's scenarios are not those that were expected")
        for scenario, row in found.outcomes.items():
            if not OUTCOMES.issuperset((row.outcome, *row.reruns)):
                raise Inconclusive("the runner reported an unknown outcome")
            self.observed.append(
                ObservedScenario(
                    id=scenario,
                    outcome=cast(Outcome, row.outcome),
                    duration_seconds=max(row.seconds, 0.0),
                    reruns=cast(tuple[Outcome, ...], row.reruns),
                )
            )
        # What did not pass is no pass anyhow, and says more of the candidate.
        if found.disturbances and all("passed" in one.runs for one in self.observed):
            raise Inconclusive(f"the run was disturbed: {found.disturbances[0]}")
