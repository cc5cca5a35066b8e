"""judge: the holdouts against a commit that somebody pushed, and the check on it."""

from __future__ import annotations

import command
import events
import workflow_file as runner
from inputs import given, options, spec_ids
from telling import VERDICT, VERDICTS, stated, stopped

CUT_SHORT = "cut-short"


def judge() -> int:
    """Judge the commit that somebody pushed, and post the check on it."""
    asked = events.pushed(given("commit"))
    words = ["--commit", asked.commit, "--base", asked.base]
    words += options("specs", "scenarios", "scenarios-ref")
    wanted = spec_ids()
    code, answer = command.factory(
        "judge", *words, "--publish", *wanted, private=True,
        more={"FACTORY_SCENARIOS_NEEDS_KEY": "true"},  # No other way in is tried.
    )  # fmt: skip
    if not isinstance(answer, dict) or answer.get("verdict") not in VERDICTS:
        return stopped("judge", code, answer)
    runner.set_output("verdict", answer["verdict"])
    runner.set_output("candidate", asked.commit)
    if not wanted:  # A verdict on some never stands for the whole, and a commit has one subject.
        stated(answer.get("statement"))
    runner.add_summary(f"### {VERDICT}\n\n{answer['summary']}")
    if code:
        runner.annotate("error", f"{answer['title']}; the check {VERDICT} says more")
    return code


def cut_short() -> int:
    """Complete the check of a judgement that did not come to its end; it is not green."""
    asked = events.pushed(given("commit"))
    words = ("--commit", asked.commit, "--publish", "--cause", CUT_SHORT)
    command.factory("judge", *words, *spec_ids(), private=True)
    return 5
