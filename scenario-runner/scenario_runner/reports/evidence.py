"""What is known of a run: its report, the feature files as read, the private detail.

The detail comes from the process in which step code ran, so its shape is checked here once: what
has another shape is left out, and an outcome is only ever taken from the report.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scenario_runner.model import Inventory, Outcome, Scenario, Step, SuiteError
from scenario_runner.run.report import PRIVATE_NAME, Report


@dataclass(frozen=True, slots=True)
class Definition:
    """Where the suite defines a step. `pattern` is a regular expression where `regex` is true."""

    pattern: str
    regex: bool
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class StepSeen:
    """One step as it went: `outcome` is `passed`, `failed` or `not run`."""

    outcome: str
    seconds: float = 0.0
    definition: Definition | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a step sent and what came back, as text; `step` counts from 0."""

    step: int
    sent: str
    got: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A screenshot that a step took, `data` in base64; `step` counts from 0."""

    step: int
    name: str
    media_type: str
    data: str


@dataclass(frozen=True, slots=True)
class Detail:
    """What one scenario said of itself. `began_at` is seconds since the epoch, 0 for unknown;
    `expected` and `seen` are None where the step that failed compared nothing."""

    began_at: float = 0.0
    steps: tuple[StepSeen, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    pictures: tuple[Picture, ...] = ()
    message: str = ""
    trace: str = ""
    expected: str | None = None
    seen: str | None = None
    generated: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a scenario, of those that were run again."""

    outcome: Outcome
    seconds: float
    detail: Detail


@dataclass(frozen=True, slots=True)
class ScenarioSeen:
    """One scenario of the inventory with all that is known of it; `errors` are the suite's
    errors that stand on its lines. Outcome and detail are those of its first run; `runs` are all,
    the first included, where it was run again. `flaky`: it passed in one and not in another."""

    scenario: Scenario
    outcome: Outcome
    seconds: float
    detail: Detail
    errors: tuple[SuiteError, ...]
    runs: tuple[Run, ...] = ()
    flaky: bool = False

    @property
    def told_runs(self) -> str:
        """Such as `run 1 failed, run 2 passed`; "" where it was not run again."""
        return ", ".join(
            f"run {number} {run.outcome.replace('_', ' ')}"
            for number, run in enumerate(self.runs, 1)
        )

    @property
    def message(self) -> str:
        """Why it is not passed, in the first words there are for it; "" for a pass."""
        if self.outcome == "passed":
            return ""
        own = [error for error in self.errors if error.line == self.scenario.line]
        own += [error for step in self.scenario.steps if (error := self.error_of(step))]
        said = dict.fromkeys(each.message for each in own or self.errors)
        first = "\n".join(said) or self.detail.message or _REASONS[self.outcome]
        return f"flaky, {self.told_runs}: {first}" if self.flaky else first

    def each_run(self) -> list[ScenarioSeen]:
        """Each run as if it were the only one; itself where there was no other."""
        return [
            replace(self, outcome=run.outcome, seconds=run.seconds, detail=run.detail, runs=(),
                    flaky=False)
            for run in self.runs
        ] or [self]  # fmt: skip

    def went(self, number: int) -> StepSeen | None:
        """How the step of this number (from 0) went; None where nothing is known of it."""
        steps = self.detail.steps
        return steps[number] if number < len(steps) else None

    def error_of(self, step: Step) -> SuiteError | None:
        """What the suite's errors say of this very step: the rows of an outline share a line."""
        for error in self.errors:
            quoted = _QUOTED.match(error.message)
            if error.line == step.line and (not quoted or f'step "{step.text}"' in error.message):
                return error
        return None


# The kinds that are shown, and how the bytes of each begin.
_PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_QUOTED = re.compile("(undefined|ambiguous) step")
_REASONS: Mapping[str, str] = {
    "failed": "the scenario failed",
    "invalid": "the scenario is not valid: it was refused, skipped, or ran otherwise than written",
    "missing": "the scenario was expected, and never reported",
    "timed_out": "the scenario did not end within its time",
}


@dataclass(frozen=True)
class Evidence:
    """Everything the writers use. `began_at` is seconds since the epoch."""

    report: Report
    inventory: Inventory
    began_at: float
    scenarios: tuple[ScenarioSeen, ...]
    errors: tuple[SuiteError, ...] = field(default=())

    @staticmethod
    def gather(report: Report, inventory: Inventory, folder: Path, began_at: float) -> Evidence:
        """Read the private detail in the report's folder. `errors` are those that stand on no
        scenario's lines."""
        details = dict(_details(folder / PRIVATE_NAME))
        lines: dict[tuple[str, int], list[SuiteError]] = {}
        for error in report.errors:
            lines.setdefault((error.path, error.line), []).append(error)
        placed: set[SuiteError] = set()
        unsure = report.flaky
        scenarios = []
        for scenario, outcome, seconds in report.scenarios:
            own: list[SuiteError] = []
            for line in dict.fromkeys((scenario.line, *(step.line for step in scenario.steps))):
                own += lines.get((scenario.path, line), [])
            if outcome != "passed":
                placed.update(own)
            runs = tuple(
                Run(run.outcome, run.duration_seconds, details.get((scenario.id, number), Detail()))
                for number, run in enumerate(report.attempts.get(scenario.id, ()), 1)
            )
            detail = details.get((scenario.id, 1), Detail())
            flaky = scenario.id in unsure
            scenarios.append(
                ScenarioSeen(scenario, outcome, seconds, detail, tuple(own), runs, flaky)
            )
        rest = tuple(error for error in report.errors if error not in placed)
        return Evidence(report, inventory, began_at, tuple(scenarios), rest)


def _details(path: Path) -> Iterator[tuple[tuple[str, int], Detail]]:
    """By id and the number of the run, from 1."""
    try:
        stream = path.open(encoding="utf-8")
    except FileNotFoundError:
        return  # nothing ran
    with stream:
        for line in stream:
            entry = json.loads(line)
            yield (str(entry["id"]), int(entry.get("attempt", 1))), read_detail(entry)


def read_detail(entry: Mapping[str, Any]) -> Detail:
    """Pure. `entry` is one line of private.jsonl; never raises, whatever its values are."""
    began, stopped = _number(entry.get("began_at")), _number(entry.get("stopped_at"))
    steps: list[StepSeen] = []
    ends: list[float] = []
    ended = iter(_list(entry.get("ended")))
    definitions = iter(_list(entry.get("definitions")))
    for step in _mappings(entry.get("steps")):
        last = ends[-1] if ends else began
        outcome = step.get("outcome")
        outcome = outcome if outcome in ("passed", "failed") else "not run"
        end = _number(next(ended, 0)) if outcome == "passed" else stopped
        end = max(last, end) if outcome != "not run" else math.inf
        ends.append(end)
        seconds = 0.0 if outcome == "not run" else end - last
        steps.append(StepSeen(outcome, seconds, _definition(next(definitions, None))))
    # What came after the last step that ran, a picture of its end, belongs to that step.
    last_run = max((n for n, step in enumerate(steps) if step.outcome != "not run"), default=0)

    def step_of(note: Mapping[str, Any]) -> int:
        at = _number(note.get("at"))
        return min(last_run, next((n for n, end in enumerate(ends) if at <= end), last_run))

    exchanges = []
    for exchange in _mappings(entry.get("exchanges")):
        number = step_of(exchange)
        sent, got = _part(exchange.get("sent")), _part(exchange.get("got"))
        exchanges.append(Exchange(number, sent, got))
    pictures = [
        picture
        for each in _mappings(entry.get("attachments"))
        if (picture := _picture(each, step_of(each))) is not None
    ]
    generated = entry.get("generated")
    expected, seen = _compared(entry.get("expected"), entry.get("seen"))
    trace = [entry.get("trace"), *_list(entry.get("threads"))]
    return Detail(
        began_at=began,
        steps=tuple(steps),
        exchanges=tuple(exchanges),
        pictures=tuple(pictures),
        message=str(entry.get("message") or ""),
        trace="\n".join(str(each) for each in trace if each),
        expected=expected,
        seen=seen,
        generated=tuple((str(name), _plain(value)) for name, value in generated.items())
        if isinstance(generated, dict)
        else (),
    )


def _compared(expected: Any, seen: Any) -> tuple[str | None, str | None]:
    if expected is None and seen is None:
        return None, None
    if _plain(expected) != _plain(seen):
        return _plain(expected), _plain(seen)
    # The text "1" and the number 1 differ, and must look it.
    return json.dumps(expected, ensure_ascii=False), json.dumps(seen, ensure_ascii=False)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def _part(value: Any) -> str:
    """One side of an exchange, line by line as a person reads it."""
    if not isinstance(value, dict):
        return _plain(value)
    lines = []
    for key, part in value.items():
        name = key.replace("_", " ")
        if part in (None, "", []):
            continue
        if key == "request":
            lines.append(str(part))
        elif key == "headers" and isinstance(part, list):
            pairs = (pair for pair in part if isinstance(pair, list) and len(pair) == 2)
            lines += [f"{header}: {content}" for header, content in pairs]
        elif isinstance(part, str):
            lines.append(f"{name}:\n{part}" if "\n" in part or key == "body" else f"{name}: {part}")
        else:
            lines.append(f"{name}: {json.dumps(part, ensure_ascii=False)}")
    return "\n".join(lines)


def _picture(told: Mapping[str, Any], step: int) -> Picture | None:
    """None for what is no picture, whatever it says it is."""
    kind, data = told.get("media_type"), told.get("data")
    if not isinstance(kind, str) or kind not in _PICTURES or not isinstance(data, str):
        return None
    try:
        begins = base64.b64decode(data, validate=True)[:8]
    except ValueError:
        return None
    if not begins.startswith(_PICTURES[kind]):
        return None
    return Picture(step, str(told.get("name")), kind, data)


def _definition(value: Any) -> Definition | None:
    if not isinstance(value, dict):
        return None
    line = value.get("line")
    return Definition(
        pattern=str(value.get("pattern")),
        regex=value.get("regex") is True,
        path=str(value.get("path")),
        line=line if isinstance(line, int) and line > 0 else 1,
    )


def _number(value: Any) -> float:
    fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if fits and 0 <= value < 1e11 else 0.0


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in _list(value) if isinstance(each, dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
