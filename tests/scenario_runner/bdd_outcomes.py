"""A pytest plugin for plain pytest-bdd: writes each scenario's outcome to $BDD_OUTCOMES, as JSON
`[[path, line, outcome], …]`, one entry a test; a row of an outline has the line of the row."""

import json
import os
from importlib import import_module
from pathlib import Path

from pytest_bdd.gherkin_parser import get_gherkin_document

TEMPLATES = import_module("pytest_bdd.scenario").scenario_wrapper_template_registry
PHASES = {}


def pytest_runtest_logreport(report):
    outcome = report.outcome
    if hasattr(report, "wasxfail"):
        outcome = "xpassed" if report.passed else "xfailed"
    PHASES.setdefault(report.nodeid, set()).add(outcome)


def pytest_sessionfinish(session):
    found = []
    for item in session.items:
        template = TEMPLATES.get(item.obj)
        if template is None:
            continue
        path = Path(template.feature.filename)
        phases = PHASES[item.nodeid]
        order = ("failed", "skipped", "xfailed", "xpassed", "passed")
        outcome = next(each for each in order if each in phases)
        where = path.relative_to(session.config.rootpath).as_posix()
        found.append([where, _line(item, template, path), outcome])
    Path(os.environ["BDD_OUTCOMES"]).write_text(json.dumps(found))


def _line(item, template, path):
    example = item.callspec.params.get("_pytest_bdd_example") if _has_rows(item) else None
    if example is None:
        return template.line_number
    for scenario in _scenarios(get_gherkin_document(str(path)).feature.children):
        if scenario.location.line == template.line_number:
            for examples in scenario.examples:
                names = [cell.value for cell in examples.table_header.cells]
                for row in examples.table_body:
                    if dict(zip(names, (cell.value for cell in row.cells), strict=True)) == example:
                        return row.location.line
    raise LookupError(item.nodeid)


def _has_rows(item):
    return hasattr(item, "callspec")


def _scenarios(children):
    for child in children:
        if child.scenario:
            yield child.scenario
        elif child.rule:
            yield from _scenarios(child.rule.children)
