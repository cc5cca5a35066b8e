"""The way a scenario went: when each step ended, and where the suite defines it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scenario_runner.engine.execute import Progress
from scenario_runner.engine.table import Bound, BoundSuiteStep


def times(progress: Progress, reports: Sequence[Any] = ()) -> dict[str, Any]:
    """`began_at`, `stopped_at` and `ended`, one entry a step done: seconds since the epoch.

    `reports` are pytest's, which know when the steps stopped; without them it is now.
    """
    calls = [report.stop for report in reports if report.when == "call"]
    stopped = calls[0] if calls else time.time()
    began = progress.began if progress.total else stopped
    return {"began_at": began, "stopped_at": stopped, "ended": progress.ended}


def definitions(bound: Sequence[Bound], root: Path) -> dict[str, Any]:
    """For each step None, or, where the suite defines it: the pattern, whether that is a regular
    expression, and file (relative to `root`) and line. Nothing where no step is the suite's."""
    found = [
        _definition(step.definition, f"{root}/") if isinstance(step, BoundSuiteStep) else None
        for step in bound
    ]
    return {"definitions": found} if any(found) else {}


def _definition(definition: Any, prefix: str) -> dict[str, Any]:
    parser = definition.parser
    code = getattr(definition.step_func, "__code__", None)
    # pytest-bdd's `re` keeps a compiled pattern, its `parse` the expression it made of the text.
    regex = getattr(getattr(parser, "regex", None), "pattern", None)
    regex = regex or getattr(getattr(parser, "parser", None), "_expression", None)
    return {
        "pattern": regex or str(parser.name),
        "regex": regex is not None,
        "path": code.co_filename.removeprefix(prefix) if code else "",
        "line": code.co_firstlineno if code else 1,
    }
