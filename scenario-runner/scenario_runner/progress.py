"""How a run gets on, for people: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time

import click

from scenario_runner.counted import counted
from scenario_runner.model import Outcome, Scenario
from scenario_runner.run.report import Report

_REFRESH_SECONDS = 0.1
_CLEAR = "\r\x1b[K"


class Progress:
    """With `quiet_names` only counts are said: no name, step or path of a scenario."""

    def __init__(self, *, quiet_names: bool, to_stderr: bool) -> None:
        self._quiet = quiet_names
        self._err = to_stderr
        stream = sys.stderr if to_stderr else sys.stdout
        self._live = not quiet_names and stream is not None and stream.isatty()
        self._expected = 0
        self._done = 0
        self._not_passed = 0
        self._shown_at = 0.0

    def start(self, expected: int, notes: list[str]) -> None:
        self._expected = expected
        self._say("\n".join([counted(expected, "scenario"), *notes]))

    def apart(self, number: int) -> None:
        beside = self._expected - number
        self._say(f"{beside} side by side, then {number} apart, one after the other")

    def note(self, text: str) -> None:
        self._say(text)

    def outcomes(self, several: list[tuple[Scenario, Outcome, float]], attempt: int = 1) -> None:
        if attempt > 1:
            if not self._quiet:
                self._say("\n".join(f"run {attempt}: {_line(*each)}" for each in several))
            return
        lines = []
        for scenario, outcome, seconds in several:
            self._done += 1
            self._not_passed += outcome != "passed"
            if self._quiet:
                if self._done % 10 == 0:
                    lines.append(f"{self._done} of {self._expected} done")
            elif not self._live or outcome != "passed":
                lines.append(_line(scenario, outcome, seconds))
        if lines:
            self._say("\n".join(lines))
        if self._live:
            self._show()

    def close(self, report: Report) -> None:
        self._clear()
        if not self._quiet:
            for error in report.errors:
                click.echo(
                    plain(f"error: {place(error.path, error.line)}{error.message}"), err=True
                )
        elif report.errors:
            click.echo(f"{counted(len(report.errors), 'error')}; see report.json", err=True)
        counts = ", ".join(f"{number} {name}" for name, number in report.counts.items() if number)
        flaky = f"; {len(report.flaky)} flaky" if report.flaky else ""
        self._say(f"{report.verdict}: {counts or 'no scenarios'}{flaky}")

    def _show(self) -> None:
        now = time.monotonic()
        if now - self._shown_at < _REFRESH_SECONDS and self._done < self._expected:
            return
        self._shown_at = now
        text = f"{self._done} of {self._expected} done"
        if self._not_passed:
            text += f", {self._not_passed} not passed"
        self._write(f"{_CLEAR}{text}", newline=False)

    def _clear(self) -> None:
        if self._live and self._shown_at:
            self._write(_CLEAR, newline=False)

    def _say(self, text: str) -> None:
        self._clear()
        self._write(text, newline=True)

    def _write(self, text: str, *, newline: bool) -> None:
        try:
            click.echo(text, err=self._err, nl=newline)
        except BrokenPipeError:
            pass  # nobody reads our progress any more: the run goes on, the report is written


def _line(scenario: Scenario, outcome: Outcome, seconds: float) -> str:
    where = f"{plain(scenario.path)}:{scenario.line}"
    return f"{outcome:9} {where}  {plain(scenario.name)}  ({seconds:.2f} s)"


def place(path: str, line: int) -> str:
    if not path:
        return ""
    return f"{path}:{line}: " if line else f"{path}: "


def plain(text: str) -> str:
    """No terminal escapes, no CI workflow commands: what a suite says is shown as text."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else "\ufffd" for each in text)
