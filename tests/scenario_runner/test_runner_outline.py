"""`scenario-runner inventory --json --steps`: the steps of each scenario, and nothing is run."""

import json
import subprocess
import sys

FEATURE = """\
Feature: F

  Background:
    Given a random word as "word"

  Rule: R

    Scenario Outline: S <n>
      When I send PUT "/x/<n>" with JSON:
        \"\"\"
        {"a": "<n>"}
        \"\"\"
      Then the response status should be fine
      And the response JSON at "a \\"b\\"" is "${word}"

      Examples:
        | n |
        | 1 |
        | 2 |
"""


def outline(folder):
    done = subprocess.run(
        [sys.executable, "-m", "scenario_runner", "inventory", folder, "--json", "--steps"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, json.loads(done.stdout)


def test_each_step_says_which_phrase_it_is(tmp_path):
    (tmp_path / "a.feature").write_text(FEATURE)
    (tmp_path / "conftest.py").write_text("raise SystemExit('step code was loaded')\n")
    code, data = outline(tmp_path)
    assert code == 0 and data["errors"] == []
    first, second = data["scenarios"]
    assert (first["line"], first["title_line"], first["rule"]) == (18, 8, "R")
    assert (second["line"], second["title_line"]) == (19, 8)
    made, sent, unknown, read = second["steps"]
    assert made["values"] == {"name": "word"} and made["line"] == 4
    assert sent["phrase"] == "I send {method:method} {path:string} with JSON:"
    assert sent["values"] == {"method": "PUT", "path": "/x/2"}
    assert sent["docstring"] == '{"a": "2"}' and sent["keyword_of_phrase"] == "When"
    assert unknown["phrase"] is None and "undefined step" in unknown["problem"]
    assert (read["type"], read["asserts"], read["problem"]) == ("then", True, None)
    assert read["values"] == {"path": 'a "b"', "value": '"${word}"'}


def test_without_the_option_no_step_is_told(tmp_path):
    (tmp_path / "a.feature").write_text(FEATURE)
    done = subprocess.run(
        [sys.executable, "-m", "scenario_runner", "inventory", tmp_path, "--json"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "random word" not in done.stdout
