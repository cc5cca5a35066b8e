"""JUnit XML in the dialect of Jenkins, with `file` and `line` as tools on GitHub read them.

Only a pass is green: `failed` is a failure, `invalid`, `missing` and `timed_out` are errors, and
nothing is ever `skipped`. A run that is not a pass holds at least one failure or error. A flaky
scenario is the failure or error of its first run, of type `flaky`: Surefire's `flakyFailure` would
be green to its readers, and Jenkins' schema has no such element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

from scenario_runner.reports.evidence import Evidence, ScenarioSeen

# What XML 1.0 cannot hold, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RUN = "the run itself"


def render(evidence: Evidence) -> Iterator[str]:
    """The document in parts: a suite a feature file, and one for errors of no scenario."""
    root = ElementTree.Element("testsuites", name="scenario-runner")
    began = datetime.fromtimestamp(evidence.began_at, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    files: dict[str, list[ScenarioSeen]] = {}
    for seen in evidence.scenarios:
        files.setdefault(seen.scenario.path, []).append(seen)
    for path, scenarios in files.items():
        suite = ElementTree.SubElement(root, "testsuite", name=_safe(path), timestamp=began)
        for seen in scenarios:
            _case(suite, seen)
        _count(suite, sum(seen.seconds for seen in scenarios))
    _run(root, evidence, began)
    _count(root, evidence.report.duration_seconds)
    ElementTree.indent(root)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield ElementTree.tostring(root, encoding="unicode")
    yield "\n"


def _case(suite: ElementTree.Element, seen: ScenarioSeen) -> None:
    scenario = seen.scenario
    names = [scenario.feature or scenario.path, scenario.rule]
    case = ElementTree.SubElement(
        suite,
        "testcase",
        name=_safe(scenario.name) or "unnamed",
        classname=_safe(" / ".join(name for name in names if name)),
        file=_safe(scenario.path),
        line=str(scenario.line),
        time=f"{seen.seconds:.6f}",
    )
    if seen.outcome != "passed":
        kind = "failure" if seen.outcome == "failed" else "error"
        _blame(case, kind, "flaky" if seen.flaky else seen.outcome, seen.message, _why(seen))


def _run(root: ElementTree.Element, evidence: Evidence, began: str) -> None:
    report = evidence.report
    problems = [(error.path, error.line, error.message) for error in evidence.errors]
    red = any(seen.outcome != "passed" for seen in evidence.scenarios)
    if report.verdict != "pass" and not problems and not red:
        problems = [("", 0, f"the verdict is {report.verdict}")]
    if not problems:
        return
    suite = ElementTree.SubElement(root, "testsuite", name=_RUN, timestamp=began)
    for number, (path, line, message) in enumerate(problems, 1):
        place = {"file": _safe(path), "line": str(line)} if path else {}
        case = ElementTree.SubElement(
            suite, "testcase", {"name": f"error {number}", "classname": _RUN, **place, "time": "0"}
        )
        _blame(case, "error", "suite", message, f"{path}:{line}: {message}" if path else message)
    _count(suite, 0.0)


def _blame(case: ElementTree.Element, kind: str, why: str, message: str, text: str) -> None:
    short = _safe(message.partition("\n")[0])
    ElementTree.SubElement(case, kind, type=why, message=short).text = _safe(text)


def _why(seen: ScenarioSeen) -> str:
    detail = seen.detail
    parts = [seen.message]
    if seen.runs and not seen.flaky:
        parts.append(seen.told_runs)
    for step, went in zip(seen.scenario.steps, detail.steps, strict=False):
        if went.outcome == "failed":
            parts.append(f"at {seen.scenario.path}:{step.line}: {step.keyword} {step.text}")
    if detail.expected is not None:
        parts += [f"expected: {detail.expected}", f"seen: {detail.seen}"]
    return "\n".join([*parts, detail.trace]).rstrip()


def _count(element: ElementTree.Element, seconds: float) -> None:
    element.set("tests", str(sum(1 for _ in element.iter("testcase"))))
    element.set("failures", str(sum(1 for _ in element.iter("failure"))))
    element.set("errors", str(sum(1 for _ in element.iter("error"))))
    element.set("time", f"{seconds:.6f}")


def _safe(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
