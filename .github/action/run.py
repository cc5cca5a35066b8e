"""Run one stage from the action's inputs: an argument list, no shell, and no more environment
than the stage needs.

Inputs come as FACTORY_INPUT_* and are data: records are written to files, words are checked.
Each stage writes into RUNNER_TEMP/factory/<stage>, so that a later step of the same job finds it.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import events
import handover
import workflow_file as runner
from command import error_kind, factory, work_folder

OUTPUT_LIMIT_CHARACTERS = 480_000  # GitHub counts a job's outputs as UTF-16, 1 MB together.
MATRIX_LIMIT = 256
NOTHING_NOW = {
    3: "Nothing to do: no spec's turn has come.",
    4: "Nothing is begun: the budget of the day or of the factory leaves nothing.",
}
# So long a build may wait for a runner, or for somebody who approves its environment.
WAIT_MINUTES = "360"
GUARD_REFUSED = "guard-refused"
OVER_BUDGET, SPEC_OVER_BUDGET = "over-budget", "spec-over-budget"
GATE, VERDICT = "factory / gate", "factory / verdict"
CUT_SHORT = "cut-short"
BASE_MOVED = "base-moved"
BUILD_CAUSES = {
    "authentication": "authentication",
    "configuration": "configuration",
    "input": "configuration",
    "record": "configuration",
    "usage": "configuration",
    "budget": "budget",
    "base-moved": BASE_MOVED,
}
OTHER_BASE, UNREADABLE = "other-base", "unreadable"
VERDICTS = ("pass", "fail", "inconclusive")


class Refused(Exception):
    """An input that cannot be used; the message names it."""


def given(name: str) -> str:
    """The input `name` without white space around it."""
    return os.environ.get("FACTORY_INPUT_" + name.upper().replace("-", "_"), "").strip()


def record_file(name: str, *, optional: bool = False) -> Path:
    """The record in the input `name`, given as JSON or as a path, as a file.

    A record that may be missing is then a file that does not exist: the stage decides what
    that means.
    """
    value = handover.unpack_text(given(name))
    if not value and not optional:
        raise Refused(f"the input `{name}` is empty; pass the record of the stage before")
    path = work_folder() / "in" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if value.startswith("{"):
        path.write_text(value, encoding="utf-8")
    elif value:
        return Path(value)
    return path


def stopped(command: str, code: int, answer: Any, *, private: bool = False) -> int:
    """Say in an annotation why the stage did not come to its end, and return its exit code.

    Of a private stage only the class of its error is told.
    """
    kind = error_kind(answer)
    if not kind and isinstance(answer, dict) and answer.get("verdict") in VERDICTS:
        runner.annotate("error", f"the verdict is {answer['verdict']}{why(answer)}")
        return code
    message = f"{command} ended with code {code} ({kind or 'no reason given'})"
    if kind and not private:
        error = answer["error"]
        message += why({**error, "cause": error.get("message")})
    runner.annotate("error", message)
    return code if code > 0 else 5  # Killed at its deadline, or ended without a record.


def why(told: Mapping[str, Any]) -> str:
    """`: <cause>` and, on a line of its own, the mend, as far as either is told."""
    text = f": {told['cause']}" if told.get("cause") else ""
    return text + (f"\nTo mend it: {told['mend']}" if told.get("mend") else "")


def plan() -> int:
    folder = work_folder()
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
        wanted = spec_ids(given("spec-id").replace(",", " ").split())
        words += ["--again"] if wanted and given("again") == "true" else []
    code, answer = factory("plan", *words, *wanted)
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


def spec_ids(words: list[str]) -> list[str]:
    for word in words:
        if not re.fullmatch(r"[a-z][a-z0-9-]{1,62}", word):
            raise Refused(f"{word[:80]!r} is not the id of a spec")
    return words


def budget_reserve() -> int:
    path = work_folder() / "reserved" / "work-order.json"
    path.parent.mkdir(exist_ok=True)
    code, answer = factory(
        "budget", "reserve", str(record_file("work-order")), "--out", str(path),
        "--within", WAIT_MINUTES,
    )  # fmt: skip
    if code:
        if error_kind(answer) == "budget":
            frees = answer["error"].get("level") in ("day", "factory")
            runner.set_output("cause", OVER_BUDGET if frees else SPEC_OVER_BUDGET)
        return stopped("budget-reserve", code, answer)
    return told(path)


def budget_release() -> int:
    """Settle an attempt. What is no record of spend is none: then all of it counts."""
    words = [str(record_file("work-order"))]
    if given("spent").startswith("{"):
        words += ["--spent", str(record_file("spent"))]
    code, answer = factory("budget", "release", *words)
    return stopped("budget-release", code, answer) if code else 0


def build() -> int:
    folder = work_folder()
    out, handed = folder / "build", folder / "handed-on"
    code, answer = factory("build", str(record_file("work-order")), "--out", str(out))
    if (out / "spent.json").is_file():
        runner.set_output("spent", one_line(out / "spent.json"))
    if code:
        if cause := BUILD_CAUSES.get(error_kind(answer)):
            runner.set_output("cause", cause)
        return stopped("build", code, answer)
    handed.mkdir(exist_ok=True)
    (handed / "attempt.json").write_bytes((out / "attempt.json").read_bytes())
    handover.pack_tree(out / "tree", handed / "tree.tar")
    attempt = json.loads((out / "attempt.json").read_text())
    runner.set_output("report", str(handed))
    runner.set_output("usd", str(attempt["agent"]["usd"]))
    return 0


def hold() -> int:
    folder = work_folder()
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
    code, answer = factory("hold", str(inside / "attempt.json"), "--out", str(folder / "hold"))
    if code:
        if error_kind(answer) == "guard":
            runner.set_output("cause", GUARD_REFUSED)
        return stopped("hold", code, answer)
    return told(folder / "hold" / "candidate.json")


def evaluate() -> int:
    if not given("candidate"):
        return judge()  # There is no line before this: the event's commit is the candidate.
    words = []
    for name in ("scenarios", "scenarios-ref"):
        if value := given(name):
            if value.startswith("-"):
                raise Refused(f"the input `{name}` begins with a dash")
            words += [f"--{name}", value]
    if not given("scenarios") and not os.environ.get("FACTORY_SCENARIOS"):
        configuration = events.fetch_configuration(work_folder() / "configuration")
        words = ["--scenarios", configuration.scenarios_repository, "--scenarios-ref",
                 given("scenarios-ref") or configuration.scenarios_ref]  # fmt: skip
    out = work_folder() / "evaluate"
    candidate = record_file("candidate")
    began = time.monotonic()
    code, answer = factory("evaluate", str(candidate), *words, "--out", str(out), private=True)
    # Of what it took no more is told than of the job's own length, which anybody can see.
    runner.set_output("minutes", str(math.ceil((time.monotonic() - began) / 60)))
    if not code:
        return 0
    scenarios_read = (out / "inventory.json").exists()
    shutil.rmtree(out, ignore_errors=True)  # Half an evidence, and private.
    runner.set_output("cause", cause_of(error_kind(answer), scenarios_read))
    return stopped("evaluate", code, answer, private=True)


def judge() -> int:
    """Judge the commit that somebody pushed, and post the check on it."""
    asked = events.pushed(given("commit"))
    words = ["--commit", asked.commit, "--base", asked.base, *repositories()]
    wanted = spec_ids(given("spec-id").replace(",", " ").split())
    code, answer = factory(
        "judge", *words, "--publish", *wanted, private=True,
        more={"FACTORY_SCENARIOS_NEEDS_KEY": "true"},  # No other way in is tried.
    )  # fmt: skip
    if not isinstance(answer, dict) or answer.get("verdict") not in VERDICTS:
        return stopped("judge", code, answer)
    runner.set_output("verdict", answer["verdict"])
    runner.set_output("candidate", asked.commit)
    runner.add_summary(f"### {VERDICT}\n\n{answer['summary']}")
    if code:
        runner.annotate("error", f"{answer['title']}; the check {VERDICT} says more")
    return code


def cut_short() -> int:
    """Complete the check of a judgement that did not come to its end; it is not green."""
    asked = events.pushed(given("commit"))
    wanted = spec_ids(given("spec-id").replace(",", " ").split())
    words = ("--commit", asked.commit, "--publish", "--cause", CUT_SHORT)
    factory("judge", *words, *wanted, private=True)
    return 5


def repositories() -> list[str]:
    """The repositories that the inputs name, as options."""
    words = []
    for name in ("specs", "scenarios", "scenarios-ref"):
        if value := given(name):
            if value.startswith("-"):
                raise Refused(f"the input `{name}` begins with a dash")
            words += [f"--{name}", value]
    return words


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


def verdict() -> int:
    if given("begin") == "true":
        return begin()
    if given("publish") == "true":
        return publish()
    folder = work_folder()
    candidate = str(record_file("candidate"))
    out = folder / "verdict"
    code, answer = factory(
        "verdict", candidate, "--evidence", str(folder / "evaluate"), "--out", str(out),
        private=True,
    )  # fmt: skip
    # Private: it ends with this step, also on a runner that does not end with this job.
    shutil.rmtree(folder / "evaluate", ignore_errors=True)
    (out / "verdict.json").unlink(missing_ok=True)
    if not (out / "public-verdict.json").is_file():
        return stopped("verdict", code, answer, private=True)
    return told(out / "public-verdict.json")


def begin() -> int:
    """Show that a verdict is under way. Where nobody may, the line goes on all the same."""
    code, answer = factory("verdict", *subject(), "--begin")
    if code or not isinstance(answer, dict):
        return stopped("verdict", code, answer)
    if not answer["begun"]:
        runner.annotate("warning", f"{VERDICT} is not shown as in progress; the log says why")
    return 0


def publish() -> int:
    """Publish the verdict on a candidate, or that a work order came to none."""
    words = subject()
    if not given("work-order"):
        words += ["--public", str(record_file("public", optional=True))]
        if given("minutes").isdecimal():
            words += ["--minutes", given("minutes")]
    code, answer = factory("verdict", *words, *cause_words(), "--publish")
    word = {0: "pass", 1: "fail"}.get(code, "inconclusive")
    if not isinstance(answer, dict) or answer.get("verdict") != word:
        word, code = "inconclusive", code or 5  # An exit code alone is none: Python has 1.
    runner.set_output("verdict", word)
    if isinstance(answer, dict) and "check" in answer:
        runner.add_summary(f"### {VERDICT}\n\n{answer['check']['summary']}")
    return stopped("verdict", code, answer) if code else 0


def subject() -> list[str]:
    """What a verdict is about, as arguments: a candidate, or a work order without one."""
    if not given("work-order"):
        return [str(record_file("candidate"))]
    if given("candidate") or given("public"):
        raise Refused("the input `work-order` is for where there is no candidate")
    return ["--work-order", str(record_file("work-order"))]


def cause_words() -> list[str]:
    """What is no cause is left out, not refused: the check must come, if only with the default.

    (act hands on the unread expression as the output of a job that was skipped.)
    """
    cause = given("cause")
    return ["--cause", cause] if re.fullmatch(r"[a-z][a-z-]{0,39}", cause) else []


def ship() -> int:
    folder = work_folder()
    candidate, public = str(record_file("candidate")), str(record_file("verdict"))
    code, answer = factory("ship", candidate, "--verdict", public, "--out", str(folder / "ship"))
    if code:
        if error_kind(answer) == "base-moved":
            runner.set_output("cause", BASE_MOVED)
        return stopped("ship", code, answer)
    return told(folder / "ship" / "shipment.json")


def follow() -> int:
    """Say how a line ended, and ask for what follows."""
    words = [str(record_file("work-order")), *cause_words()]
    for name in ("candidate", "public"):
        if given(name):
            words += [f"--{name}", str(record_file(name))]
    words += ["--shipped"] if given("shipped") == "true" else []
    code, answer = factory("next", *words)
    if code or not isinstance(answer, dict):
        return stopped("next", code, answer)
    runner.annotate("notice", f"What follows: {answer['follows']}")
    if answer.get("note"):
        runner.annotate("warning", answer["note"])
    return 0


def answer() -> int:
    """Answer a comment on a spec's issue. Nothing of it is passed on but where the event lies."""
    event = {"GITHUB_EVENT_PATH": os.environ.get("GITHUB_EVENT_PATH", "")}
    code, told = factory("answer", more=event)
    if code or not isinstance(told, dict):
        return stopped("answer", code, told)
    done = f"{told['spec']}: {told['heard']}" if told["heard"] else "Nothing is done"
    runner.annotate("notice", f"{done}: {told['why']}" if told["why"] else done)
    return 0


def gate_review() -> int:
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
    out = work_folder() / "gate"
    code, answer = factory("gate", "review", *words, "--out", str(out))
    if code not in (0, 1) or not (out / "gate-report.json").is_file():
        if error_kind(answer) == "input":
            runner.set_output("cause", UNREADABLE)
        return stopped("gate-review", code, answer)
    return told(out / "gate-report.json")


def gate_publish() -> int:
    """Post the check. Where this token may not, the log and the summary of the run say it all."""
    asked = events.proposal()
    words = [str(record_file("gate-report", optional=True)), "--head", asked.head]
    if asked.pull is not None:
        words += ["--pull", str(asked.pull)]
    code, answer = factory("gate", "publish", *words, *cause_words())
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


def told(path: Path) -> int:
    """Hand one record on as outputs."""
    data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    runner.set_output("record", handover.pack_text(one_line(path)))
    runner.set_output("candidate", str(data.get("candidate") or data.get("commit") or ""))
    if "verdict" in data:
        runner.set_output("verdict", str(data["verdict"]))
    if "usd" in data.get("agent", {}):
        runner.set_output("usd", str(data["agent"]["usd"]))
    return 0


def one_line(path: Path) -> str:
    data = json.loads(path.read_text(encoding="utf-8"))
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


COMMANDS: Mapping[str, Callable[[], int]] = {
    "plan": plan,
    "budget-reserve": budget_reserve,
    "budget-release": budget_release,
    "build": build,
    "hold": hold,
    "evaluate": evaluate,
    "judge": judge,
    "verdict": verdict,
    "ship": ship,
    "next": follow,
    "answer": answer,
    "gate-review": gate_review,
    "gate-publish": gate_publish,
}


def main() -> int:
    command = given("command")
    if sys.argv[1:] == ["--cut-short"]:
        return ended(CUT_SHORT, cut_short)
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
