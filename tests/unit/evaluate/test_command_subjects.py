"""A command as the subject, in its sandbox, is told all that a scenario tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.records import Subject
from tests.unit.evaluate import candidates as made

TOOL = """\
#!/usr/bin/env python3
import os, signal, sys, time
if sys.argv[1:] == ["zone"]:
    print(os.environ.get("ZONE", "none"))
elif sys.argv[1:] == ["serve"]:
    def leave(*_):
        os.write(1, b"saved\\n")  # print may be at work already
        sys.exit(3)
    signal.signal(signal.SIGTERM, leave)
    print("ready", flush=True)
    time.sleep(60)
else:
    print("hello", input("name? "), "on a terminal" if os.isatty(0) else "in a pipe")
"""
FEATURE = """\
Feature: Told everything
  @R1
  Scenario: A variable
    Given the environment variable "ZONE" is "UTC"
    When I run it with "zone"
    Then the output is "UTC"

  @R1
  Scenario: A signal, and last words
    When I start it with "serve"
    Then within 20 seconds the output contains "ready"
    When I terminate it
    Then it ends within 20 seconds
    And the exit code is 3
    And the output contains "saved"

  @R1
  Scenario: A terminal
    When I start it in a terminal with ""
    Then within 20 seconds the terminal shows "name?"
    When I answer "Ann" in the terminal
    Then within 20 seconds the terminal shows "hello Ann on a terminal"
"""


@pytest.mark.parametrize("command", ["tool", "true && tool"])
def test_variables_signals_and_a_terminal_reach_it(tmp_path: Path, needs, command: str) -> None:
    needs("git", "bwrap")
    install = 'cp tool "$PREFIX/bin/tool" && chmod 700 "$PREFIX/bin/tool"'
    _, report = made.observe(
        tmp_path,
        {"tool": TOOL},
        subject=Subject(install=install, command=command),
        features={"scenarios/greeting/a.feature": FEATURE},
    )
    # A shell that was given the signal, since it runs two commands, ends before its command can.
    expected = ["passed"] * 3 if command == "tool" else ["failed", "passed", "passed"]
    assert sorted(one.outcome for one in report.scenarios) == expected, report.trouble
