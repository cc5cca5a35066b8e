"""The agent `replay`: plays a recorded trajectory again, every call really made in a sandbox."""

from __future__ import annotations

import time
from pathlib import Path

from factory.agents.cells import limits
from factory.agents.narration import narrated
from factory.agents.outcome import Ended, outcome
from factory.agents.protocol import Assignment
from factory.agents.toolbox import TOOLS, Toolbox, ToolReply
from factory.agents.toolbox.client import CALL_SECONDS
from factory.agents.trajectory import Call, Journal, Result, Trajectory, read_trajectory
from factory.errors import AgentError, ReplayMismatch
from factory.records import AgentOutcome
from factory.sandbox.protocol import Sandbox

_REPLAYED = ("anthropic", "replay")


class ReplayAgent:
    """Replays `<trajectories>/<spec-id>/attempt-<n>.jsonl`.

    A replay costs nothing now: `usd` is 0, the tokens are those of the recording.
    """

    def __init__(self, trajectories: Path) -> None:
        self._trajectories = trajectories

    def work(self, assignment: Assignment, sandbox: Sandbox) -> AgentOutcome:
        """See `Agent.work`.

        Raises:
            ReplayMismatch: the recording began on another tree, or a call came to something
                else than was recorded.
            AgentError: there is no whole recording for this spec and attempt.
        """
        started = time.monotonic()
        path = self._trajectories / assignment.spec_id / f"attempt-{assignment.attempt}.jsonl"
        recorded = _fitting(path, assignment)
        deadline = started + assignment.budget.minutes * 60
        ended: Ended = "finished"
        steps = 0
        with (
            Journal(
                assignment.journal,
                spec_id=assignment.spec_id,
                attempt=assignment.attempt,
                base_tree=assignment.base_tree,
                agent="replay",
                model=recorded.header.model,
                secrets=assignment.secrets,
            ) as journal,
            Toolbox(sandbox, assignment.workspace, limits=limits(assignment.budget)) as toolbox,
        ):
            for number, step in enumerate(recorded.steps, 1):
                if number > assignment.budget.steps:
                    ended = "steps"
                    break
                replies: list[ToolReply] = []
                for call, result in zip(step.calls, step.results, strict=True):
                    left = deadline - time.monotonic()
                    if left <= 0:
                        ended = "deadline"
                        break
                    reply = _replayed(toolbox, call, result, min(left, CALL_SECONDS))
                    _compare(journal.result(reply), call, result, path, number)
                    replies.append(reply)
                calls = [(call.tool, call.input) for call in step.calls[: len(replies)]]
                said = journal.step(step.say, calls, replies)
                assignment.progress(narrated(number, said.say, [tool for tool, _ in calls]))
                steps = number
                if ended == "deadline":
                    break
            assert recorded.end is not None
            message = recorded.end.message if ended == "finished" else f"the replay met {ended}"
            if ended == "finished" and recorded.end.ended != "error":
                ended = recorded.end.ended
            journal.end(ended, message)
        return outcome(
            ended,
            message,
            steps=steps,
            usage=recorded.end.usage,
            duration_seconds=time.monotonic() - started,
            usd=0.0,
            replayed=True,
        )


def _fitting(path: Path, assignment: Assignment) -> Trajectory:
    recorded = read_trajectory(path)
    header = recorded.header
    if (header.spec_id, header.attempt) != (assignment.spec_id, assignment.attempt):
        raise ReplayMismatch(
            f"recorded for {header.spec_id}, attempt {header.attempt}", path=str(path), line=1
        )
    if header.agent not in _REPLAYED:
        raise ReplayMismatch(
            f"recorded of {header.agent}, whose calls are not of our tools",
            path=str(path),
            line=1,
            mend="record the agent `anthropic`",
        )
    if header.base_tree != assignment.base_tree:
        raise ReplayMismatch(
            f"recorded on the tree {header.base_tree}, but the base is {assignment.base_tree}",
            path=str(path),
            line=1,
            mend="record this attempt anew on the present base, or use another agent",
        )
    if recorded.end is None or recorded.end.ended == "error":
        raise AgentError("the recording has no good end", path=str(path), mend="record it anew")
    if any(len(step.calls) != len(step.results) for step in recorded.steps):
        raise AgentError("calls without results", path=str(path), mend="record it anew")
    return recorded


def _replayed(toolbox: Toolbox, call: Call, result: Result, seconds: float) -> ToolReply:
    if call.tool not in TOOLS:  # The loop answered this one itself; nothing happens inside.
        return ToolReply(text=result.text, is_error=result.is_error, exit_code=result.exit_code)
    return toolbox.call(call.tool, call.input, timeout_seconds=seconds)


def _compare(now: Result, call: Call, then: Result, path: Path, number: int) -> None:
    """Of bash the exit code counts, since its output may hold times; of edits every letter."""
    differs = ""
    if now.is_error != then.is_error:
        differs = f"is_error is {now.is_error}, recorded was {then.is_error}"
    elif now.exit_code != then.exit_code:
        differs = f"exit code {now.exit_code}, recorded was {then.exit_code}"
    elif call.tool != "bash" and now.digest != then.digest:
        differs = "another answer than recorded"
    if differs:
        raise ReplayMismatch(
            f"step {number}, {call.tool}: {differs}; it said: {now.text[-1000:]}",
            path=str(path),
            line=number + 1,
            mend="record this attempt anew on the present base and runtime",
        )
