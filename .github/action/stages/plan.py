"""plan: the orders whose turn has come, as the lines of a matrix."""

from __future__ import annotations

import json
from pathlib import Path

import command
import events
import handover
import workflow_file as runner
from inputs import given, spec_ids
from telling import one_line, stopped

OUTPUT_LIMIT_CHARACTERS = 480_000  # GitHub counts a job's outputs as UTF-16, 1 MB together.
MATRIX_LIMIT = 256
NOTHING_NOW = {
    3: "Nothing to do: no spec's turn has come.",
    4: "Nothing is begun: the budget of the day or of the factory leaves nothing.",
}


def plan() -> int:
    folder = command.work_folder()
    words = ["--out", str(folder / "plan"), "--claim"]
    words += ["--limit", str(MATRIX_LIMIT), "--fit", str(OUTPUT_LIMIT_CHARACTERS)]
    if specs := given("specs"):
        words += ["--specs", specs]
    retry = events.retry_request()
    if retry is not None:
        path = folder / "in" / "retry.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(retry), encoding="utf-8")
        words += ["--retry", str(path)]
        wanted = []
    else:
        wanted = spec_ids()
        words += ["--again"] if wanted and given("again") == "true" else []
    code, answer = command.factory("plan", *words, *wanted)
    if code in NOTHING_NOW:
        runner.annotate("notice", NOTHING_NOW[code])
        runner.set_output("record", "[]")
        return 0
    if code or not isinstance(answer, dict):
        return stopped("plan", code, answer)
    lines = [
        {
            "spec": order["spec"],
            "run_id": order["run_id"],
            "attempt": order["attempt"],
            "work_order": handover.pack_text(one_line(Path(order["path"]))),
        }
        for order in answer["orders"]
    ]
    if answer["later"]:
        runner.annotate("notice", f"Left for the next plan, which is asked for: {answer['later']}")
    runner.set_output("record", json.dumps(lines, ensure_ascii=False))
    return 0
