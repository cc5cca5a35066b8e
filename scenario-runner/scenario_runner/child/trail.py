"""The way a scenario went: each step with its outcome, its times and where it is defined."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from scenario_runner.engine.table import BoundSuiteStep

if TYPE_CHECKING:
    from scenario_runner.child.items import ScenarioItem


def trail(item: ScenarioItem) -> dict[str, Any]:
    """`began_at`, `stopped_at` and each step's `ended_at` are seconds since the epoch.

    A step of the suite carries its `definition`: the pattern, whether that is a regular
    expression, and file and line.
    """
    progress = item.progress
    steps: list[dict[str, Any]] = []
    for number, step in enumerate(item.scenario.steps):
        entry: dict[str, Any] = {"line": step.line, "text": f"{step.keyword} {step.text}"}
        if number < progress.done:
            entry["outcome"] = "passed"
            entry["ended_at"] = progress.ended[number]
        else:
            entry["outcome"] = "failed" if number == progress.done else "not run"
        bound = item.bound[number] if number < len(item.bound) else None
        if isinstance(bound, BoundSuiteStep):
            entry["definition"] = _definition(bound.definition, str(item.plugin.loader.root))
        steps.append(entry)
    calls = [report.stop for report in item.reports if report.when == "call"]
    stopped = calls[0] if calls else time.time()
    began = progress.began if progress.total else stopped
    return {"began_at": began, "stopped_at": stopped, "steps": steps}


def _definition(definition: Any, root: str) -> dict[str, Any]:
    parser = definition.parser
    code = getattr(definition.step_func, "__code__", None)
    # pytest-bdd's `re` keeps a compiled pattern, its `parse` the expression it made of the text.
    regex = getattr(getattr(parser, "regex", None), "pattern", None)
    regex = regex or getattr(getattr(parser, "parser", None), "_expression", None)
    return {
        "pattern": regex or str(parser.name),
        "regex": regex is not None,
        "path": code.co_filename.removeprefix(root + "/") if code else "",
        "line": code.co_firstlineno if code else 1,
    }
