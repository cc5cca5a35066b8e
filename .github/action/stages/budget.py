"""budget-reserve before build, budget-release after it."""

from __future__ import annotations

import command
import workflow_file as runner
from inputs import given, record_file
from telling import stopped, told

# So long a build may wait for a runner, or for somebody who approves its environment.
WAIT_MINUTES = "360"
OVER_BUDGET, SPEC_OVER_BUDGET = "over-budget", "spec-over-budget"


def reserve() -> int:
    path = command.work_folder() / "reserved" / "work-order.json"
    path.parent.mkdir(exist_ok=True)
    code, answer = command.factory(
        "budget", "reserve", str(record_file("work-order")), "--out", str(path),
        "--within", WAIT_MINUTES,
    )  # fmt: skip
    if code:
        if command.error_kind(answer) == "budget":
            frees = answer["error"].get("level") in ("day", "factory")
            runner.set_output("cause", OVER_BUDGET if frees else SPEC_OVER_BUDGET)
        return stopped("budget-reserve", code, answer)
    return told(path)


def release() -> int:
    """Settle an attempt. What is no record of spend is none: then all of it counts."""
    words = [str(record_file("work-order"))]
    if given("spent").startswith("{"):
        words += ["--spent", str(record_file("spent"))]
    code, answer = command.factory("budget", "release", *words)
    return stopped("budget-release", code, answer) if code else 0
