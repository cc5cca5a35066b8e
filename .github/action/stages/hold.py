"""hold: what build handed on, as a commit on a holding branch."""

from __future__ import annotations

from pathlib import Path

import command
import handover
import workflow_file as runner
from inputs import Refused, given
from telling import stopped, told

GUARD_REFUSED = "guard-refused"


def hold() -> int:
    folder = command.work_folder()
    taken = Path(given("attempt") or "missing")
    if not (taken / "tree.tar").is_file():
        raise Refused("the input `attempt` names no folder that build left")
    inside = folder / "hold-in"
    try:
        handover.unpack_tree(taken / "tree.tar", inside / "tree")
    except handover.TreeRefused:
        runner.set_output("cause", GUARD_REFUSED)
        raise
    (inside / "attempt.json").write_bytes((taken / "attempt.json").read_bytes())
    code, answer = command.factory(
        "hold", str(inside / "attempt.json"), "--out", str(folder / "hold")
    )
    if code:
        if command.error_kind(answer) == "guard":
            runner.set_output("cause", GUARD_REFUSED)
        return stopped("hold", code, answer)
    return told(folder / "hold" / "candidate.json")
