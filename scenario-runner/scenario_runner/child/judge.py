"""Judge one scenario from what the engine did and from what pytest reported of it."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any

from scenario_runner.child.trail import times
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.execute import Progress
from scenario_runner.errors import NotObserved, StepFailed
from scenario_runner.model import Outcome

SHOWN_ERROR_CHARACTERS = 20_000

# Of one time that a scenario ran: outcome, seconds, private detail.
Told = tuple[Outcome, float, dict[str, Any]]


def outcome_of(
    progress: Progress,
    problem: BaseException | None,
    timed_out: bool,
    thread_failures: Sequence[str],
) -> Outcome:
    """`passed` needs all of it: every step done, no skip, no xfail, no failed thread, in time."""
    if timed_out:
        return "timed_out"
    if type(problem).__name__ in ("Skipped", "XFailed") or isinstance(problem, NotObserved):
        return "invalid"
    if problem is not None or thread_failures:
        return "failed"
    if progress.complete:
        return "passed"
    return "failed" if progress.total else "invalid"


def under_pytest(
    outcome: Outcome, reports: Sequence[Any], problem: BaseException | None
) -> Outcome:
    """What pytest reported may take a pass away, never give one: a pass needs each phase reported
    passed exactly once."""
    if outcome == "timed_out" or isinstance(problem, NotObserved):
        return outcome
    if any(report.skipped or hasattr(report, "wasxfail") for report in reports):
        return "invalid"
    if outcome == "passed" or outcome == "invalid":
        if any(report.failed for report in reports):
            return "failed"
        if [report.when for report in reports] != ["setup", "call", "teardown"]:
            return "invalid"
    return outcome


def of_variants(told: Sequence[Told], expected: int) -> Told:
    """One outcome of a scenario that ran several times, with parameters: it passed where it ran as
    often as `expected` and passed each time. What is shown is of the time that decided; seconds are
    of all."""
    order: tuple[Outcome, ...] = ("failed", "timed_out", "invalid", "missing", "passed")
    outcome, _, found = min(told, key=lambda one: order.index(one[0]))
    if outcome == "passed" and len(told) != expected:
        outcome = "invalid"
    return outcome, sum(seconds for _, seconds, _ in told), found


def detail(
    context: ScenarioContext | None,
    progress: Progress,
    problem: BaseException | None,
    thread_failures: Sequence[str],
    reports: Sequence[Any] | None = None,
) -> dict[str, Any]:
    """For the scenario's authors alone: what was sent, what came back, expected against seen.

    `reports` are pytest's; None where it had no part.
    """
    found: dict[str, Any] = {"done": progress.done, **times(progress, reports or ())}
    if context is not None:
        found["exchanges"] = context.exchanges
        found["generated"] = context.generated
        if context.attachments:
            found["attachments"] = context.attachments
    if isinstance(problem, StepFailed):
        found["message"] = str(problem)
        found["expected"] = _shown(problem.expected)
        found["seen"] = _shown(problem.seen)
    elif problem is not None:
        found["message"] = f"{type(problem).__name__}: {problem}"[:SHOWN_ERROR_CHARACTERS]
    if not isinstance(problem, StepFailed):
        texts = _traces(problem) if reports is None else _texts(reports)
        if texts:
            found["trace"] = "\n".join(texts)[:SHOWN_ERROR_CHARACTERS]
    if thread_failures:
        found["threads"] = [text[:SHOWN_ERROR_CHARACTERS] for text in thread_failures]
    return found


def _texts(reports: Sequence[Any]) -> list[str]:
    return [str(report.longrepr) for report in reports if report.longrepr]


def _traces(problem: BaseException | None) -> list[str]:
    return [] if problem is None else ["".join(traceback.format_exception(problem))]


def _shown(value: object) -> object:
    text = value if isinstance(value, str) else repr(value)
    if len(text) > SHOWN_ERROR_CHARACTERS:
        return text[:SHOWN_ERROR_CHARACTERS] + " […]"
    return value
