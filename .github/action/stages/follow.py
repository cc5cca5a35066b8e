"""next: how a line ended, and what follows. answer: what a comment asks for."""

from __future__ import annotations

import os

import command
import workflow_file as runner
from inputs import cause_option, given, record_file
from telling import stopped


def follow() -> int:
    """Say how a line ended, and ask for what follows."""
    words = [str(record_file("work-order")), *cause_option()]
    for name in ("candidate", "public"):
        if given(name):
            words += [f"--{name}", str(record_file(name))]
    words += ["--shipped"] if given("shipped") == "true" else []
    code, answer = command.factory("next", *words)
    if code or not isinstance(answer, dict):
        return stopped("next", code, answer)
    runner.annotate("notice", f"What follows: {answer['follows']}")
    if answer.get("note"):
        runner.annotate("warning", answer["note"])
    return 0


def answer() -> int:
    """Answer a comment on a spec's issue. Nothing of it is passed on but where the event lies."""
    event = {"GITHUB_EVENT_PATH": os.environ.get("GITHUB_EVENT_PATH", "")}
    code, told = command.factory("answer", more=event)
    if code or not isinstance(told, dict):
        return stopped("answer", code, told)
    done = f"{told['spec']}: {told['heard']}" if told["heard"] else "Nothing is done"
    runner.annotate("notice", f"{done}: {told['why']}" if told["why"] else done)
    return 0
