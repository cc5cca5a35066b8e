"""ship: exactly the judged commit, to the base branch."""

from __future__ import annotations

import command
import workflow_file as runner
from inputs import record_file
from telling import stopped, told

BASE_MOVED = "base-moved"


def ship() -> int:
    out = command.work_folder() / "ship"
    candidate, public = str(record_file("candidate")), str(record_file("verdict"))
    code, answer = command.factory("ship", candidate, "--verdict", public, "--out", str(out))
    if code:
        if command.error_kind(answer) == BASE_MOVED:
            runner.set_output("cause", BASE_MOVED)
        return stopped("ship", code, answer)
    return told(out / "shipment.json")
