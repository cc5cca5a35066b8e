"""Judge one scenario from what the engine did and from what pytest reported of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scenario_runner.child.trail import definitions, times
from scenario_runner.errors import StepFailed
from scenario_runner.model import Outcome

if TYPE_CHECKING:
    from scenario_runner.child.items import ScenarioItem

SHOWN_ERROR_CHARACTERS = 20_000


def outcome_of(item: ScenarioItem, timed_out: bool, thread_failures: Sequence[str]) -> Outcome:
    """`passed` needs all of it: every step done, each phase reported passed exactly once, no
    skip, no xfail, no failed thread, in time. A hook can take a pass away, never give one."""
    if timed_out:
        return "timed_out"
    reports = item.reports
    skipped = any(report.skipped or hasattr(report, "wasxfail") for report in reports)
    if skipped or type(item.problem).__name__ in ("Skipped", "XFailed"):
        return "invalid"
    if item.problem is not None or thread_failures or any(each.failed for each in reports):
        return "failed"
    phases = [report.when for report in reports]
    if item.progress.complete and phases == ["setup", "call", "teardown"]:
        return "passed"
    return "failed" if item.progress.total and not item.progress.complete else "invalid"


def detail(item: ScenarioItem, thread_failures: Sequence[str]) -> dict[str, Any]:
    """For the scenario's authors alone: what was sent, what came back, expected against seen."""
    context = item.context
    done = item.progress.done
    steps = [
        {
            "line": step.line,
            "text": f"{step.keyword} {step.text}",
            "outcome": "passed" if number < done else "failed" if number == done else "not run",
        }
        for number, step in enumerate(item.scenario.steps)
    ]
    found: dict[str, Any] = {"steps": steps}
    found.update(times(item.progress, item.reports))
    found.update(definitions(item.bound, str(item.plugin.loader.root)))
    if context is not None:
        found["exchanges"] = context.exchanges
        found["generated"] = context.generated
    problem = item.problem
    if isinstance(problem, StepFailed):
        found["message"] = str(problem)
        found["expected"] = _shown(problem.expected)
        found["seen"] = _shown(problem.seen)
    elif problem is not None:
        found["message"] = f"{type(problem).__name__}: {problem}"[:SHOWN_ERROR_CHARACTERS]
    if not isinstance(problem, StepFailed):
        texts = [str(report.longrepr) for report in item.reports if report.longrepr]
        if texts:
            found["trace"] = "\n".join(texts)[:SHOWN_ERROR_CHARACTERS]
    if thread_failures:
        found["threads"] = [text[:SHOWN_ERROR_CHARACTERS] for text in thread_failures]
    return found


def _shown(value: object) -> object:
    text = value if isinstance(value, str) else repr(value)
    if len(text) > SHOWN_ERROR_CHARACTERS:
        return text[:SHOWN_ERROR_CHARACTERS] + " […]"
    return value
