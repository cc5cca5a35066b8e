"""evaluate: the scenarios against a candidate. Nothing but why it failed may leave it."""

from __future__ import annotations

import math
import os
import shutil
import time

import command
import events
import workflow_file as runner
from inputs import given, options, record_file
from telling import stopped

from stages.judge import judge


def evaluate() -> int:
    if not given("candidate"):
        return judge()  # There is no line before this: the event's commit is the candidate.
    words = options("scenarios", "scenarios-ref")
    if not given("scenarios") and not os.environ.get("FACTORY_SCENARIOS"):
        configuration = events.fetch_configuration(command.work_folder() / "configuration")
        words = ["--scenarios", configuration.scenarios_repository, "--scenarios-ref",
                 given("scenarios-ref") or configuration.scenarios_ref]  # fmt: skip
    out = command.work_folder() / "evaluate"
    candidate = str(record_file("candidate"))
    began = time.monotonic()
    code, answer = command.factory("evaluate", candidate, *words, "--out", str(out), private=True)
    # Of what it took no more is told than of the job's own length, which anybody can see.
    runner.set_output("minutes", str(math.ceil((time.monotonic() - began) / 60)))
    if not code:
        return 0
    scenarios_read = (out / "inventory.json").exists()
    shutil.rmtree(out, ignore_errors=True)  # Half an evidence, and private.
    runner.set_output("cause", cause_of(command.error_kind(answer), scenarios_read))
    return stopped("evaluate", code, answer, private=True)


def cause_of(kind: str, scenarios_read: bool) -> str:
    """The public cause of an evaluation that failed, from a closed list.

    Only the class of the error decides: its words may come from the scenarios.
    """
    if kind in ("sandbox-unavailable", "sandbox-breach"):
        return "sandbox-unavailable"
    if kind == "suite":
        return "suite-invalid"
    if kind in ("authentication", "input", "configuration", "process") and not scenarios_read:
        if not os.environ.get("FACTORY_SCENARIOS_KEY"):
            return "key-missing"
        return "key-refused" if kind == "authentication" else "scenarios-unreadable"
    return "evaluate-crashed"
