"""Cucumber Messages (NDJSON), as Cucumber's own formatters read them.

Only a pass is green. A scenario that is not passed has a step that says so, or, where each of its
steps passed all the same, a hook of ours that failed: so has the last attempt of a flaky scenario,
which passed. One that never ran has steps of status UNKNOWN. `testRunFinished` is a success where
the verdict is pass, and only there.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator

from scenario_runner import __version__
from scenario_runner.model import Step
from scenario_runner.reports import gherkin_messages
from scenario_runner.reports.definition_messages import Definitions
from scenario_runner.reports.evidence import Evidence, ScenarioSeen
from scenario_runner.reports.gherkin_messages import Ids, Message

# The release of the schemas that the tests validate against.
PROTOCOL = "34.2.1"
MAX_ATTACHMENT = 64 * 1024

# JSON leaves these as they are, and some readers end a line at them.
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_JUDGEMENT = "the run's judgement"


def render(evidence: Evidence) -> Iterator[str]:
    """One message a line."""
    for message in _stream(evidence):
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        yield line.translate(_LINE_ENDS) + "\n"


def _stream(evidence: Evidence) -> Iterator[Message]:
    ids = Ids()
    yield _meta()
    gherkin = gherkin_messages.read(evidence, ids)
    yield from gherkin.messages
    definitions = Definitions(evidence, ids)
    yield from definitions.messages
    cases = [
        (_Case(seen, evidence.began_at, ids), pickle)
        for seen in evidence.scenarios
        if (pickle := gherkin.pickles.get((seen.scenario.path, seen.scenario.line))) is not None
    ]
    hook, run = ids.get_next_id(), ids.get_next_id()
    if any(case.overruled for case, _ in cases):
        place = {"uri": "scenario_runner/run/report.py", "location": {"line": 1}}
        described = {"id": hook, "name": _JUDGEMENT, "type": "AFTER_TEST_CASE"}
        yield {"hook": {**described, "sourceReference": place}}
    yield {"testRunStarted": {"id": run, "timestamp": _time(evidence.began_at)}}
    for case, pickle in cases:
        yield case.described(pickle, definitions, hook, run)
    for case, _ in cases:
        yield from case.told()
    report = evidence.report
    finished: Message = {
        "testRunStartedId": run,
        "timestamp": _time(evidence.began_at + report.duration_seconds),
        "success": report.verdict == "pass",
    }
    problems = [f"{each.path}:{each.line}: {each.message}" for each in report.errors]
    if report.verdict != "pass":
        finished["message"] = "\n".join([f"the verdict is {report.verdict}", *problems])
    yield {"testRunFinished": finished}


def _meta() -> Message:
    return {
        "meta": {
            "protocolVersion": PROTOCOL,
            "implementation": {"name": "scenario-runner", "version": __version__},
            "runtime": {
                "name": platform.python_implementation(),
                "version": platform.python_version(),
            },
            "os": {"name": platform.system(), "version": platform.release()},
            "cpu": {"name": platform.machine()},
        }
    }


class _Case:
    """One scenario as a test case, with an attempt a run."""

    def __init__(self, seen: ScenarioSeen, run_began: float, ids: Ids) -> None:
        self._seen = seen
        self._case, self._hook_step = (ids.get_next_id() for _ in range(2))
        self._steps = [ids.get_next_id() for _ in seen.scenario.steps]
        self._attempts = [_Attempt(run, run_began, ids) for run in seen.each_run()]
        if seen.flaky:
            # Readers take the last attempt for the outcome.
            self._attempts[-1].overruled_by = seen.message
        self.overruled = any(attempt.overruled_by for attempt in self._attempts)

    def described(self, pickle: Message, definitions: Definitions, hook: str, run: str) -> Message:
        steps: list[Message] = []
        for number, step in enumerate(self._seen.scenario.steps):
            fitting, arguments = definitions.of(step, self._seen.went(number))
            if self._attempts[0].statuses[number] == "UNDEFINED":
                fitting, arguments = [], []
            steps.append(
                {
                    "id": self._steps[number],
                    "pickleStepId": pickle["steps"][number]["id"],
                    "stepDefinitionIds": fitting,
                    "stepMatchArgumentsLists": arguments,
                }
            )
        if self.overruled:
            steps.append({"id": self._hook_step, "hookId": hook})
        return {
            "testCase": {
                "id": self._case,
                "pickleId": pickle["id"],
                "testRunStartedId": run,
                "testSteps": steps,
            }
        }

    def told(self) -> Iterator[Message]:
        hook_step = self._hook_step if self.overruled else None
        last = len(self._attempts) - 1
        for number, attempt in enumerate(self._attempts):
            began = {"testCaseId": self._case, "attempt": number}
            yield from attempt.told(began, self._steps, hook_step, retried=number < last)


class _Attempt:
    """One run of a scenario. `overruled_by`: why it is not a pass though each step passed."""

    def __init__(self, seen: ScenarioSeen, run_began: float, ids: Ids) -> None:
        self._seen = seen
        self._began = seen.detail.began_at or run_began
        self._id = ids.get_next_id()
        self.statuses = _statuses(seen)
        # No green test case for what is not a pass, whatever its steps say.
        green = all(status in ("PASSED", "SKIPPED") for status in self.statuses)
        overruled = green and seen.outcome != "passed"
        self.overruled_by = f"{seen.outcome}: {seen.message}" if overruled else ""

    def told(
        self, began: Message, steps: list[str], hook_step: str | None, *, retried: bool
    ) -> Iterator[Message]:
        """`steps` are the ids of the test case's own, `hook_step` that of the hook's, if any."""
        seen = self._seen
        now = self._began
        yield {"testCaseStarted": {"id": self._id, **began, "timestamp": _time(now)}}
        for number, status in enumerate(self.statuses):
            went = seen.went(number)
            seconds = went.seconds if went else 0.0
            message = seen.message if status not in ("PASSED", "SKIPPED") else ""
            yield from self._step(steps[number], number, status, now, seconds, message)
            now += seconds
        if hook_step is not None:
            status = "FAILED" if self.overruled_by else "SKIPPED"
            yield from self._step(hook_step, None, status, now, 0.0, self.overruled_by)
        end = max(now, self._began + seen.seconds)
        finished = {"testCaseStartedId": self._id, "willBeRetried": retried}
        yield {"testCaseFinished": {**finished, "timestamp": _time(end)}}

    def _step(
        self, identity: str, number: int | None, status: str, at: float, seconds: float, why: str
    ) -> Iterator[Message]:
        about = {"testCaseStartedId": self._id, "testStepId": identity}
        yield {"testStepStarted": {**about, "timestamp": _time(at)}}
        for exchange in self._seen.detail.exchanges:
            if exchange.step == number:
                for name, text in (("sent", exchange.sent), ("came back", exchange.got)):
                    yield {
                        "attachment": {
                            **about,
                            "body": f"{name}:\n{text}"[:MAX_ATTACHMENT],
                            "contentEncoding": "IDENTITY",
                            "mediaType": "text/plain",
                            "fileName": f"{name}.txt",
                        }
                    }
        for picture in self._seen.detail.pictures:
            if picture.step == number:
                yield {
                    "attachment": {
                        **about,
                        "body": picture.data,
                        "contentEncoding": "BASE64",
                        "mediaType": picture.media_type,
                        "fileName": f"{picture.name}.{picture.media_type.partition('/')[2]}",
                    }
                }
        result: Message = {"status": status, "duration": _time(seconds)}
        if why:
            result["message"] = self._explained(why, status)
        yield {
            "testStepFinished": {
                **about, "testStepResult": result, "timestamp": _time(at + seconds)
            }
        }  # fmt: skip

    def _explained(self, why: str, status: str) -> str:
        detail = self._seen.detail
        parts = [why]
        if status == "FAILED" and detail.expected is not None:
            parts += [f"expected: {detail.expected}", f"seen: {detail.seen}"]
        if status == "FAILED" and detail.trace:
            parts.append(detail.trace)
        return "\n".join(parts)[:MAX_ATTACHMENT]


def _statuses(seen: ScenarioSeen) -> list[str]:
    """Of each step. Passed scenarios are taken at the report's word, others at their steps'."""
    steps = seen.scenario.steps
    if seen.outcome == "passed":
        return ["PASSED"] * len(steps)
    if not seen.detail.steps:
        blamed = [_blamed(seen, step) for step in steps]
        rest = "SKIPPED" if any(blamed) else "UNKNOWN"
        return [status or rest for status in blamed]
    known = {"passed": "PASSED", "failed": "FAILED", "not run": "SKIPPED"}
    went = [known[each.outcome] for each in seen.detail.steps[: len(steps)]]
    return went + ["UNKNOWN"] * (len(steps) - len(went))


def _blamed(seen: ScenarioSeen, step: Step) -> str | None:
    """What the suite's errors say of a step that never ran."""
    error = seen.error_of(step)
    if error is None:
        return None
    if error.message.startswith("undefined step"):
        return "UNDEFINED"
    return "AMBIGUOUS" if error.message.startswith("ambiguous step") else "FAILED"


def _time(seconds: float) -> Message:
    whole = int(seconds)
    return {"seconds": whole, "nanos": min(999_999_999, int((seconds - whole) * 1e9))}
