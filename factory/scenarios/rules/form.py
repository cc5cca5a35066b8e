"""Form: a scenario does something, checks it, and its checks can fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from factory.scenarios.outline import Step
from factory.scenarios.rules.found import Looked
from factory.scenarios.text import REFERENCE, UNWRITTEN
from factory.spec.finding import Finding

# No pattern that can fail finds something in each of these.
_UNLIKE = ("", "q", "0", "\n", " ~ \n\t#", "é")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_SLEEP = re.compile(r"\b(?:sleeps?|waits?|pauses?|delays?)\b", re.IGNORECASE)
_MADE = ("a random ", "I remember ")


def check_form(looked: Looked) -> Iterator[Finding]:
    """Findings on the steps of one scenario."""
    scenario = looked.scenario
    yield from _steps_known(looked)
    yield from _values_known(looked)
    acting = [number for number, one in enumerate(scenario.steps) if _acts(one)]
    checks = [(number, one) for number, one in enumerate(scenario.steps) if _checks(one)]
    if not acting:
        yield looked.finding(
            "when-missing",
            looked.lines.title(scenario),
            f'"{scenario.name}" does nothing: it has no When',
            "write a When with what the user does",
        )
    for number, step in checks:
        if acting and number < acting[0] and not _polls(step):
            yield looked.finding(
                "then-early",
                looked.lines.step(scenario, step),
                "this is checked before anything was done",
                "write it below the When that it checks",
            )
    if not checks:
        yield looked.finding(
            "asserts-nothing",
            looked.lines.title(scenario),
            f'"{scenario.name}" checks nothing',
            "write a Then that can fail; `scenario-runner steps` lists what can be checked",
        )
    for _, step in checks:
        why = _cannot_fail(step)
        if why:
            yield looked.finding(
                "cannot-fail",
                looked.lines.step(scenario, step),
                f"this check cannot fail: {why}",
                "say what is expected, or take the step out",
            )
    for step in scenario.steps:
        if step.phrase is None and _SLEEP.search(_QUOTED.sub("", step.text)):
            yield looked.finding(
                "sleep",
                looked.lines.step(scenario, step),
                "this step seems to wait for a fixed time",
                'wait for what is expected: Then within 2 seconds GET "/…" answers 200',
            )


def check_twins(suite: list[Looked]) -> Iterator[Finding]:
    """Scenarios that have the same steps as an earlier one of the suite."""
    first: dict[tuple[str, ...], Looked] = {}
    for looked in suite:
        scenario = looked.scenario
        key = tuple(f"{one.type}\0{one.written}" for one in scenario.steps)
        earlier = first.setdefault(key, looked)
        if earlier is not looked:
            other = earlier.scenario
            yield looked.finding(
                "duplicate",
                looked.lines.title(scenario),
                f'"{scenario.name}" has the same steps as {earlier.suite.shown(other.path)}:'
                f"{other.line}",
                "take one of the two out, and give the other both sets of tags",
            )


def _acts(step: Step) -> bool:
    return step.type == "when" or (step.type is None and step.acts)


def _checks(step: Step) -> bool:
    """A check of the library, or a Then of the suite's own, which is not ours to judge."""
    return step.asserts or (step.phrase is None and step.type == "then")


def _polls(step: Step) -> bool:
    return step.phrase is not None and step.phrase.startswith("within ")


def _cannot_fail(step: Step) -> str:
    phrase, values = step.phrase or "", step.values
    if "does not" not in phrase and values.get("text") == "" and "contains" in phrase:
        return "every text contains the empty one"
    pattern = values.get("pattern")
    if pattern is not None and not REFERENCE.search(pattern) and len(pattern) <= 200:
        with suppress(re.error, RecursionError, OverflowError):
            found = re.compile(pattern)
            if all(found.search(one) for one in _UNLIKE):
                return "the pattern fits every text"
    if phrase.startswith("the response header {name:string} contains") and not values["value"]:
        return "every text contains the empty one"
    return ""


def _steps_known(looked: Looked) -> Iterator[Finding]:
    """Where the suite has step code, an unknown step may be its own."""
    for step in looked.scenario.steps:
        if step.problem and (step.phrase is not None or not looked.suite.code):
            drafted = step.text.startswith(UNWRITTEN)
            yield looked.finding(
                "step-undefined",
                looked.lines.step(looked.scenario, step),
                "a step of the draft is still to be written" if drafted else step.problem,
                "`scenario-runner steps WORD` lists the steps there are, with examples",
            )


def _values_known(looked: Looked) -> Iterator[Finding]:
    if looked.suite.code:
        return
    known: set[str] = set()
    for step in looked.scenario.steps:
        for name in dict.fromkeys(one[2:-1] for one in REFERENCE.findall(step.written)):
            if name not in known:
                yield looked.finding(
                    "value-unknown",
                    looked.lines.inside(looked.scenario, step, f"${{{name}}}"),
                    f"nothing was made or remembered as ${{{name}}} before",
                    f'write for instance: Given a random word as "{name}"',
                )
                known.add(name)
        if step.phrase and step.phrase.startswith(_MADE):
            known.add(step.values.get("name", ""))
