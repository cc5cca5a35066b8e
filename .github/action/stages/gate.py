"""gate-review: what a pull request changes, as a report. gate-publish: the check of it."""

from __future__ import annotations

import command
import events
import workflow_file as runner
from inputs import Refused, cause_option, record_file
from telling import VERDICTS, stopped, told

GATE = "factory / gate"
OTHER_BASE, UNREADABLE = "other-base", "unreadable"


def review() -> int:
    """Read what a pull request changes. A report that speaks against it is no failure here."""
    asked = events.proposal()
    if not asked.to_default:
        runner.set_output("cause", OTHER_BASE)
        raise Refused("the gate judges what goes into the default branch, and this does not")
    words = ["--base", asked.base, "--head", asked.head]
    if asked.pull is not None:
        words += ["--pull", str(asked.pull)]
    if asked.labelled_by is not None:
        words += ["--labelled-by", asked.labelled_by]
    out = command.work_folder() / "gate"
    code, answer = command.factory("gate", "review", *words, "--out", str(out))
    if code not in (0, 1) or not (out / "gate-report.json").is_file():
        if command.error_kind(answer) == "input":
            runner.set_output("cause", UNREADABLE)
        return stopped("gate-review", code, answer)
    return told(out / "gate-report.json")


def publish() -> int:
    """Post the check. Where this token may not, the log and the summary of the run say it all."""
    asked = events.proposal()
    words = [str(record_file("gate-report", optional=True)), "--head", asked.head]
    if asked.pull is not None:
        words += ["--pull", str(asked.pull)]
    code, answer = command.factory("gate", "publish", *words, *cause_option())
    if not isinstance(answer, dict) or answer.get("verdict") not in VERDICTS:
        runner.set_output("verdict", "inconclusive")
        return stopped("gate-publish", code, answer)
    runner.add_summary(f"### {GATE}\n\n{answer['summary']}")
    if not answer["posted"]:
        runner.annotate_lines(answer["annotations"])
    runner.set_output("verdict", answer["verdict"])
    if code:
        runner.annotate("error", f"{answer['title']}; the summary of this run says more")
    return code
