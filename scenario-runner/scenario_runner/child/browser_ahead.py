"""Start the browser before the first scenario: one that does not start is no scenario's fault."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scenario_runner.engine.table import Bound, BoundLibraryStep
from scenario_runner.model import Scenario, SuiteError
from scenario_runner.subject.subject import Subject


def start_ahead(
    plans: Iterable[tuple[Scenario, Sequence[Bound]]], subject: Subject, errors: list[SuiteError]
) -> None:
    """Only where a scenario has a step of the browser, and nothing else is wrong with the suite;
    `errors` grows by why it does not start."""
    needing = (
        scenario
        for scenario, steps in plans
        if any(isinstance(step, BoundLibraryStep) and step.in_browser for step in steps)
    )
    first = None if errors else next(needing, None)
    if first is None:
        return
    from scenario_runner.browser.browser import BrowserUnusable

    try:
        subject.family.browser.start()
    except BrowserUnusable as problem:
        errors.append(SuiteError(first.path, first.line, str(problem)))
