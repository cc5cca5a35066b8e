"""Run one stage from the action's inputs: an argument list, no shell, and no more environment
than the stage needs.

`stages/` has a module for each. A stage writes into RUNNER_TEMP/factory/<stage>, so that a later
step of the same job finds it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import events
import handover
import workflow_file as runner
from inputs import Refused, given
from stages import budget, follow, gate, judge
from stages.build import build
from stages.evaluate import evaluate
from stages.hold import hold
from stages.plan import plan
from stages.ship import ship
from stages.verdict import verdict

COMMANDS: Mapping[str, Callable[[], int]] = {
    "plan": plan,
    "budget-reserve": budget.reserve,
    "budget-release": budget.release,
    "build": build,
    "hold": hold,
    "evaluate": evaluate,
    "judge": judge.judge,
    "verdict": verdict,
    "ship": ship,
    "next": follow.follow,
    "answer": follow.answer,
    "gate-review": gate.review,
    "gate-publish": gate.publish,
}


def main() -> int:
    command = given("command")
    if sys.argv[1:] == ["--cut-short"]:
        return ended(judge.CUT_SHORT, judge.cut_short)
    if command not in COMMANDS:
        runner.annotate("error", f"`command` must be one of {', '.join(COMMANDS)}")
        return 2
    return ended(command, COMMANDS[command])


def ended(command: str, stage: Callable[[], int]) -> int:
    """The exit code of a stage, also where it refuses to begin."""
    try:
        return stage()
    except (Refused, handover.HandoverError, events.EventError) as error:
        runner.annotate("error", f"{command}: {error}")
        return 2


if __name__ == "__main__":
    sys.exit(main())
