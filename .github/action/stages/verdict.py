"""verdict: say that one is under way, decide on evaluate's evidence, or publish the decision."""

from __future__ import annotations

import shutil

import command
import workflow_file as runner
from inputs import Refused, cause_option, given, record_file
from telling import VERDICT, stated, stopped, told


def verdict() -> int:
    if given("begin") == "true":
        return _begin()
    if given("publish") == "true":
        return _publish()
    folder = command.work_folder()
    candidate = str(record_file("candidate"))
    out = folder / "verdict"
    code, answer = command.factory(
        "verdict", candidate, "--evidence", str(folder / "evaluate"), "--out", str(out),
        private=True,
    )  # fmt: skip
    # Private: it ends with this step, also on a runner that does not end with this job.
    shutil.rmtree(folder / "evaluate", ignore_errors=True)
    (out / "verdict.json").unlink(missing_ok=True)
    if not (out / "public-verdict.json").is_file():
        return stopped("verdict", code, answer, private=True)
    return told(out / "public-verdict.json")


def _begin() -> int:
    """Show that a verdict is under way. Where nobody may, the line goes on all the same."""
    code, answer = command.factory("verdict", *_subject(), "--begin")
    if code or not isinstance(answer, dict):
        return stopped("verdict", code, answer)
    if not answer["begun"]:
        runner.annotate("warning", f"{VERDICT} is not shown as in progress; the log says why")
    return 0


def _publish() -> int:
    """Publish the verdict on a candidate, or that a work order came to none."""
    words = _subject()
    if not given("work-order"):
        words += ["--public", str(record_file("public", optional=True))]
        if given("minutes").isdecimal():
            words += ["--minutes", given("minutes")]
    code, answer = command.factory("verdict", *words, *cause_option(), "--publish")
    word = {0: "pass", 1: "fail"}.get(code, "inconclusive")
    if not isinstance(answer, dict) or answer.get("verdict") != word:
        word, code = "inconclusive", code or 5  # An exit code alone is none: Python has 1.
    else:
        stated(answer.get("statement"))
    runner.set_output("verdict", word)
    if isinstance(answer, dict) and "check" in answer:
        runner.add_summary(f"### {VERDICT}\n\n{answer['check']['summary']}")
    return stopped("verdict", code, answer) if code else 0


def _subject() -> list[str]:
    """What a verdict is about, as arguments: a candidate, or a work order without one."""
    if not given("work-order"):
        return [str(record_file("candidate"))]
    if given("candidate") or given("public"):
        raise Refused("the input `work-order` is for where there is no candidate")
    return ["--work-order", str(record_file("work-order"))]
