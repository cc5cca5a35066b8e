"""An inventory with its steps, for tools that read suites: `scenario-runner inventory --steps`.

The suite's own step code is not loaded, so that reading a suite runs nothing of it: a step that
the library does not know has `phrase` null, and may be one of the suite's own.
"""

from __future__ import annotations

from typing import Any

from scenario_runner.engine import phrases
from scenario_runner.engine.phrases import LibraryStep
from scenario_runner.engine.table import BindError, StepTable
from scenario_runner.engine.values import unquote
from scenario_runner.model import Inventory, Step
from scenario_runner.suite.feature_file import parse_bytes


def outline(taken: Inventory) -> dict[str, Any]:
    """The inventory's JSON; each scenario has `title_line` (of its keyword), `rule` and `steps`.

    A step is `{keyword, type, text, line, docstring, table, phrase, keyword_of_phrase, asserts,
    values, problem}`: `values` maps the names of the phrase's parameters to what stands there,
    unquoted; `problem` says why the library would refuse the step, or is null.
    """
    table = StepTable([])
    titles: dict[tuple[str, int], int] = {}
    for path, data in taken.sources.items():
        parsed = parse_bytes(data, path)
        for scenario, (_, line, _) in zip(parsed.scenarios, parsed.templates, strict=True):
            titles[path, scenario.line] = line
    document = taken.as_json()
    for row, scenario in zip(document["scenarios"], taken.scenarios, strict=True):
        row["title_line"] = titles.get((scenario.path, scenario.line), scenario.line)
        row["rule"] = scenario.rule
        row["steps"] = [_step(step, table) for step in scenario.steps]
    return document


def _step(step: Step, table: StepTable) -> dict[str, Any]:
    fitting = phrases.matches(step.text)
    library_step, raw = fitting[0] if len(fitting) == 1 else (None, ())
    problem = None
    try:
        table.bind(step)
    except BindError as error:
        problem = str(error)
    return {
        "keyword": step.keyword,
        "type": step.type,
        "text": step.text,
        "line": step.line,
        "docstring": step.docstring,
        "table": None if step.table is None else [list(row) for row in step.table],
        "phrase": library_step.phrase if library_step else None,
        "keyword_of_phrase": library_step.keyword if library_step else None,
        "asserts": bool(library_step and library_step.asserts),
        "values": _values(library_step, raw) if library_step else {},
        "problem": problem,
    }


def _values(step: LibraryStep, raw: tuple[str, ...]) -> dict[str, str]:
    names = [(found[1], found[2]) for found in phrases.PARAMETER.finditer(step.phrase)]
    return {
        name: unquote(text) if kind in ("string", "regex") else text
        for (name, kind), text in zip(names, raw, strict=True)
    }
