"""Subject: keeps what it was asked, and answers from a list; values drawn anew defeat it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adversarial.subject_bench import COMMAND, Judged, feature, judge, server

FIXED = """
    Given I remember "marmalade-7719" as "word"
    When I send POST "/upper" with body:
      \"\"\"
      ${word}
      \"\"\"
    Then the response body contains "MARMALADE-7719"
"""
DRAWN = """
    Given a random word as "word"
    When I send POST "/echo" with body:
      \"\"\"
      ${word}
      \"\"\"
    Then the response body contains "${word}"
"""
READ = 'body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).strip()\n'
HONEST = server(
    READ
    + 'if self.path == "/upper":\n    return self.answer(body.upper())\n'
    + 'if self.path == "/echo":\n    return self.answer(body)'
)


@pytest.fixture(autouse=True)
def _tools(needs) -> None:
    needs("git", "bwrap")


def generated(judged: Judged) -> list[str]:
    """The values drawn in a run, from the runner's private notes."""
    lines = (judged.out / "private/open/private.jsonl").read_text().splitlines()
    return [value for line in lines for value in json.loads(line)["generated"].values()]


def test_canned_answers_pass_what_is_fixed_and_fail_what_is_drawn(tmp_path: Path) -> None:
    """It knows every value of the last run, as a leaked suite or a long memory would tell it."""
    first = judge(tmp_path, HONEST, feature(FIXED, DRAWN, DRAWN))
    assert first.verdict == "pass"
    known = generated(first)
    assert len(set(known)) == 2, "each scenario draws its own"
    canned = {"marmalade-7719": "MARMALADE-7719", **{word: word for word in known}}
    parrot = server(READ + f"return self.answer({canned!r}.get(body.decode(), '').encode())")
    second = judge(tmp_path, parrot, feature(FIXED, DRAWN, DRAWN))
    assert second.outcomes == ["passed", "failed", "failed"]
    assert second.verdict == "fail"
    assert set(generated(second)).isdisjoint(known)


def test_what_a_service_was_asked_before_is_no_answer_to_what_comes(tmp_path: Path) -> None:
    """One process serves all scenarios and may remember; it gains nothing by it."""
    parrot = server(
        READ + "answer = b' '.join(SEEN)\nSEEN.append(body)\nreturn self.answer(answer)",
        start="SEEN = []",
    )
    judged = judge(tmp_path, parrot, feature(*[DRAWN] * 6))
    assert judged.outcomes == ["failed"] * 6 and judged.verdict == "fail"


def test_a_command_remembers_nothing_from_run_to_run(tmp_path: Path) -> None:
    """No folder that it may write to outlives its scenario, and no other one is writable."""
    tool = """#!/usr/bin/env python3
import os
places = ["/tmp", "/workspace", "/app", "/dev/shm", "/var/tmp", "/run", os.environ["PREFIX"], "/"]
places += ["..", "/workspace/..", os.path.expanduser("~")]
places += [os.path.dirname(os.path.abspath(__file__))]
found = [p for p in places if os.path.exists(os.path.join(p, "memory"))]
for place in places:
    try:
        open(os.path.join(place, "memory"), "w").write("scenario one asked for marmalade")
    except OSError:
        pass
print("remembered:", found)
"""
    steps = """
        When I run it with no arguments
        Then the output is:
          \"\"\"
          remembered: []
          \"\"\"
    """
    twice = steps + steps.replace("remembered: []", "remembered: ['/workspace', '.']")
    judged = judge(tmp_path, {"tool": tool}, feature(steps, steps, steps), subject=COMMAND)
    assert judged.outcomes == ["passed"] * 3, "a fresh place each time"
    judged = judge(tmp_path, {"tool": tool}, feature(twice), subject=COMMAND)
    assert "/workspace" in (judged.out / "private/open/private.jsonl").read_text(), "it can look"
