"""Scenarios of library steps alone, and those whose suite says that its own may run side by side:
planned once, run by the engine without pytest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenario_runner.browser import installed
from scenario_runner.child import judge
from scenario_runner.child.browser_ahead import start_ahead
from scenario_runner.child.job import Job
from scenario_runner.child.subject_rules import SubjectRules
from scenario_runner.child.trail import definitions
from scenario_runner.child.witness import Witness
from scenario_runner.engine.context import ScenarioContext, fresh_context
from scenario_runner.engine.execute import Progress, execute
from scenario_runner.engine.phrases import RESTARTS
from scenario_runner.engine.plain_fixtures import PlainFixtures, suffice
from scenario_runner.engine.table import BindError, Bound, BoundLibraryStep, StepTable
from scenario_runner.model import Outcome, Scenario, SuiteError
from scenario_runner.subject.subject import Subject

# Marks that mean something to pytest itself: it decides what becomes of such a scenario.
_PYTEST_TAGS = frozenset(
    {"@skip", "@skipif", "@xfail", "@usefixtures", "@parametrize", "@filterwarnings"}
)
SERIAL_TAG, PARALLEL_TAG = "@serial", "@parallel"


@dataclass(frozen=True, slots=True)
class Planned:
    """A scenario with its steps bound, none of which needs pytest."""

    scenario: Scenario
    steps: tuple[Bound, ...]

    def may_run_beside_others(self, job: Job) -> bool:
        identity = self.scenario.id
        if SERIAL_TAG in self.scenario.tags or identity in job.apart:
            return False
        library = [step for step in self.steps if isinstance(step, BoundLibraryStep)]
        if any(step.group == RESTARTS for step in library) and identity not in job.own:
            return False
        return not any(step.alone for step in library)


def tags_ask_for_pytest(scenario: Scenario) -> bool:
    return not _PYTEST_TAGS.isdisjoint(scenario.tags)


def plan(
    scenario: Scenario, table: StepTable, rules: SubjectRules, *, own_steps_too: bool
) -> Planned | None:
    """None where it needs pytest, or where something is wrong that binding it will tell.

    `own_steps_too`: steps of the suite do not keep a scenario from it that is tagged @parallel.
    """
    if tags_ask_for_pytest(scenario):
        return None
    errors: list[SuiteError] = []
    steps = bind(scenario, table, rules, errors)
    if errors:
        return None
    fits = all(isinstance(step, BoundLibraryStep) for step in steps) or (
        own_steps_too and PARALLEL_TAG in scenario.tags and suffice(steps)
    )
    return Planned(scenario, tuple(steps)) if fits else None


def bind(
    scenario: Scenario, table: StepTable, rules: SubjectRules, errors: list[SuiteError]
) -> list[Bound]:
    """The scenario's steps; what cannot be bound is noted in `errors`."""
    steps: list[Bound] = []
    asserts = in_browser = False
    for step in scenario.steps:
        try:
            bound = table.bind(step)
        except BindError as problem:
            errors.append(SuiteError(scenario.path, step.line, str(problem)))
        except Exception as problem:
            message = f'the parser of "{step.text}" failed: {problem!r}'
            errors.append(SuiteError(scenario.path, step.line, message))
        else:
            steps.append(bound)
            in_browser = in_browser or (isinstance(bound, BoundLibraryStep) and bound.in_browser)
            counts = not isinstance(bound, BoundLibraryStep) or bound.asserts
            asserts = asserts or (step.type == "then" and counts)
    if in_browser and (missing := installed.missing()):
        errors.append(SuiteError(scenario.path, scenario.line, missing))
    if not asserts and len(steps) == len(scenario.steps):
        message = f'"{scenario.name}" asserts nothing: no Then line checks what came back'
        errors.append(SuiteError(scenario.path, scenario.line, message))
    errors += rules.errors(scenario, steps)
    return steps


def run(job: Job, witness: Witness, control: Any) -> int:
    """A whole suite without code of its own. Returns 1 when not all passed, else 0."""
    witness.install()
    table, rules, errors = StepTable(()), job.rules(), list[SuiteError]()
    plans = [
        Planned(scenario, tuple(bind(scenario, table, rules, errors))) for scenario in job.scenarios
    ]
    together: list[Planned] = []
    apart: list[Planned] = []
    for each in plans:
        beside = job.jobs > 1 and each.may_run_beside_others(job)
        (together if beside else apart).append(each)
    make_subject = job.subject_maker(witness, control)
    subject = make_subject()
    start_ahead(((each.scenario, each.steps) for each in apart), subject, errors)
    witness.bound(errors, len(apart))
    if control.readline() != b"go\n":
        subject.close()
        return 1
    outcomes: list[Outcome] = []
    if together:
        from scenario_runner.child.side_by_side import SideBySide

        outcomes += SideBySide(
            witness, make_subject, job.seed, jobs=job.jobs, fail_fast=job.fail_fast, root=job.root
        ).run(together)
    runner = NativeRunner(witness, subject, job.seed, job.root)
    stopped = job.fail_fast and any(outcome != "passed" for outcome in outcomes)
    for planned in apart:
        if stopped:
            break
        outcomes.append(runner.run(planned))
        stopped = job.fail_fast and outcomes[-1] != "passed"
    witness.flush()
    subject.close()
    return 0 if all(outcome == "passed" for outcome in outcomes) else 1


class NativeRunner:
    """Runs one planned scenario after the other, in the main thread, under its alarm."""

    def __init__(self, witness: Witness, subject: Subject, seed: str, root: Path) -> None:
        self._root = root
        self._witness = witness
        self._subject = subject
        self._seed = seed

    def run(self, planned: Planned) -> Outcome:
        scenario = planned.scenario
        witness = self._witness
        witness.begin(scenario.id)
        context = fresh_context(self._subject, self._seed, scenario)
        progress = Progress(len(planned.steps))
        problem = attempt(planned.steps, context, progress, witness.alarm)
        seen = witness.end()
        outcome = judge.outcome_of(progress, problem, seen.timed_out, seen.thread_failures)
        spare = witness.timeout_seconds - seen.seconds
        if context.closing:
            witness.letting_go(scenario.id)
        context.close(failed=outcome != "passed", spare_seconds=spare)
        found = judge.detail(context, progress, problem, seen.thread_failures)
        found.update(definitions(planned.steps, self._root))
        witness.finished(scenario.id, outcome, seen.seconds - context.waited_seconds, found)
        return outcome


def attempt(
    steps: Sequence[Bound], context: ScenarioContext, progress: Progress, guard: Any
) -> BaseException | None:
    """What ended the scenario before its end, or None. `guard.enter` and `guard.leave` frame
    where its time limit may be raised."""
    try:
        guard.enter()
        try:
            context.take_subject()
            progress.begin()
            execute(steps, context, PlainFixtures(context), progress)
        finally:
            guard.leave()
    except BaseException as problem:
        return problem
    return None
