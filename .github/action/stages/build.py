"""build: the agent's tree and its attempt record, in a folder to hand on."""

from __future__ import annotations

import json

import command
import handover
import workflow_file as runner
from inputs import record_file
from telling import one_line, stopped

CAUSES = {
    "authentication": "authentication",
    "configuration": "configuration",
    "input": "configuration",
    "record": "configuration",
    "usage": "configuration",
    "budget": "budget",
    "base-moved": "base-moved",
}


def build() -> int:
    folder = command.work_folder()
    out, handed = folder / "build", folder / "handed-on"
    code, answer = command.factory("build", str(record_file("work-order")), "--out", str(out))
    if (out / "spent.json").is_file():
        runner.set_output("spent", one_line(out / "spent.json"))
    if code:
        if cause := CAUSES.get(command.error_kind(answer)):
            runner.set_output("cause", cause)
        return stopped("build", code, answer)
    handed.mkdir(exist_ok=True)
    (handed / "attempt.json").write_bytes((out / "attempt.json").read_bytes())
    handover.pack_tree(out / "tree", handed / "tree.tar")
    attempt = json.loads((out / "attempt.json").read_text())
    runner.set_output("report", str(handed))
    runner.set_output("usd", str(attempt["agent"]["usd"]))
    return 0
