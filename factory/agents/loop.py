"""The loop: ask, carry out, write down, until the model calls `finish` or a limit is met.

Each line of the checkpoint's journal is written when it has happened, and a resumed attempt makes
its way through the same lines first: one code for both, so that it comes to the same state.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from factory import money
from factory.agents.checkpoint import Checkpoint
from factory.agents.conversation import FINISH, RESUMED, Conversation
from factory.agents.failures import ContextFull, DeadlineReached
from factory.agents.model import Model
from factory.agents.narration import narrated
from factory.agents.outcome import Ended
from factory.agents.prices import Tokens
from factory.agents.snapshot import NotKept, Snapshots
from factory.agents.spent import Spent
from factory.agents.toolbox import Toolbox, ToolReply
from factory.agents.trajectory import Journal, Usage
from factory.agents.turn import ToolUse, Turn
from factory.agents.written_meter import WrittenMeter
from factory.errors import AgentError, BudgetExceeded

TIMES_ANEW = 3
"""A call in which the attempt was killed so often is not made once more: it may be the cause."""
SILENT_TURNS = 3
"""So many answers in a row without a call, each followed by a reminder, end the attempt."""
_REMINDER = "Go on with the next call. If all is done, call `finish`."
_CUT = "Your answer was cut off at the output limit. Go on in smaller steps."
_INTERRUPTED = (
    "[Interrupted: the work was cut off during this call. It may have been carried out, in part or "
    "not at all. Look before you repeat it.]"
)


@dataclass(kw_only=True)
class Loop:
    """One attempt. `deadline` is by `time.monotonic()`, `started` what its times count from."""

    model: Model
    meter: WrittenMeter
    journal: Journal
    toolbox: Toolbox
    checkpoint: Checkpoint
    snapshots: Snapshots
    conversation: Conversation
    steps_allowed: int
    started: float
    deadline: float
    call_seconds: float
    tools: tuple[str, ...]
    progress: Callable[[str], None]
    steps: int = 0
    silent: int = 0
    asking: bool = False
    """Whether it is the model that is waited for: what fails then may be taken up again."""
    _accounted: int = field(default=0, repr=False)
    _pending: Turn | None = field(default=None, repr=False)
    _resumed: int = field(default=0, repr=False)
    _shell: str = field(default="", repr=False)

    def run(self) -> tuple[Ended, str]:
        """How it ended, and the last word."""
        ended = self._replayed()
        self.journal.caught_up()
        if ended is None:
            ended = self._taken_up() or self._live()
            self.checkpoint.write("end", ended=ended[0], said=ended[1])
        self._write_lost_requests()
        return ended

    def _taken_up(self) -> tuple[Ended, str] | None:
        """Settle what was under way when a resumed attempt was killed."""
        if not (self.checkpoint.resumed and self.steps):
            return None
        self.checkpoint.write("resumed")
        self._resumed += 1
        self.conversation.note(RESUMED)
        if self._shell:
            self.toolbox.restore(self._shell)
        turn = self._pending
        if turn is None or (self.checkpoint.tree_is_back and self._resumed < TIMES_ANEW):
            return None  # A call under way is made anew, on the workspace from before it.
        replies = [self._interrupted(use) for use in turn.calls]
        return self._complete(turn, replies, self._kept())

    def _live(self) -> tuple[Ended, str]:
        try:
            while self._pending is not None or self.steps < self.steps_allowed:
                ended = self._step()
                if ended is not None:
                    return ended
            return "steps", f"{self.steps} steps were made, which is the limit"
        except BudgetExceeded as error:
            return "budget", error.message
        except DeadlineReached:
            return "deadline", "the time for this attempt is up"
        except ContextFull as error:
            return "steps", f"the conversation no longer fits the model: {error}"
        except BaseException:
            self._write_lost_requests()
            raise

    def _step(self) -> tuple[Ended, str] | None:
        turn = self._pending or self._ask()
        replies = [self._carry_out(use) for use in turn.calls]
        return self._complete(turn, replies, self._kept())

    def _ask(self) -> Turn:
        self.asking = True
        turn = self.model.ask(self.conversation.messages(), self.conversation.prompt_tokens)
        self.asking = False
        self.checkpoint.write(
            "turn",
            **self.meter.unwritten(),
            at=round(time.monotonic() - self.started, 3),
            turn=msgspec.to_builtins(turn),
        )
        self._take(turn)
        return turn

    def _take(self, turn: Turn) -> None:
        self.steps += 1
        self.conversation.answered(turn)
        self._pending = turn
        self._resumed = 0

    def _complete(
        self, turn: Turn, replies: list[ToolReply], tree: dict[str, Any] | None
    ) -> tuple[Ended, str] | None:
        at = round(time.monotonic() - self.started, 3)
        shell = self.toolbox.shell
        told = {"shell": shell} if shell != self._shell else {}
        self._shell = shell
        replied = msgspec.to_builtins(replies)
        self.checkpoint.write("step", at=at, tree=tree, replies=replied, **told)
        said = self._account(turn, replies)
        self.progress(narrated(self.steps, said, [name for name, _ in _called(turn)]))
        return self._conclude(turn, replies)

    def _account(self, turn: Turn, replies: list[ToolReply]) -> str:
        """Write the step into the trajectory; returns what was said, without secrets."""
        cost = self.meter.spent_nano - self._accounted
        self._accounted = self.meter.spent_nano
        # Requests before this one that were cut off are in its cost.
        usage = Usage.of(turn.tokens, money.dollars(cost))
        return self.journal.step(turn.text, _called(turn), replies, usage).say

    def _conclude(self, turn: Turn, replies: list[ToolReply]) -> tuple[Ended, str] | None:
        """What follows from a step: an end, or what the model is told next."""
        self._pending = None
        if turn.stop_reason == "refusal":
            raise AgentError(
                "the model refused to go on: "
                + (self.journal.redact(turn.text)[:500] or "no reason given"),
                mend="look at the spec and its context for what it may object to",
            )
        summaries = [summary for use in turn.calls if (summary := _summary(use)) is not None]
        if summaries:
            return "finished", summaries[-1]
        if self.meter.shut:
            return "budget", self.meter.shut
        if turn.calls:
            self.silent = 0
            self.conversation.results(turn.calls, replies)
            return None
        self.silent += 1
        if self.silent >= SILENT_TURNS:
            return "steps", f"{self.silent} answers in a row made no call, also not of `finish`"
        cut = turn.stop_reason in ("max_tokens", "model_context_window_exceeded")
        self.conversation.nudge(_CUT if cut else _REMINDER)
        return None

    def _carry_out(self, use: ToolUse) -> ToolReply:
        if use.input is None:
            return _refused(f"This call of {use.name} was not carried out: {use.trouble}.")
        if use.name == FINISH:
            if _summary(use) is not None:
                return ToolReply(text="Ended.", is_error=False, exit_code=None)
            return _refused("finish needs `summary`, a text.")
        if use.name not in self.tools:
            return _refused(f"There is no tool {use.name!r}.")
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise DeadlineReached
        seconds = min(left, self.call_seconds)
        return self.toolbox.call(use.name, use.input, timeout_seconds=seconds)

    def _interrupted(self, use: ToolUse) -> ToolReply:
        inside = use.name in self.tools and use.input is not None
        return _refused(_INTERRUPTED) if inside else self._carry_out(use)

    def _kept(self) -> dict[str, Any] | None:
        """The workspace's difference since the last snapshot; None where it cannot be kept."""
        try:
            return dict(self.snapshots.take())
        except NotKept:
            return None

    def _replayed(self) -> tuple[Ended, str] | None:
        """Take the way of the lines that are there; where they tell of an end, that."""
        asked: Spent | None = None
        ended = None
        for line in self.checkpoint.lines:
            kind = line["line"]
            if kind == "asked":
                asked = Spent.of(line)
                self.meter.requests += 1
            elif kind == "lost":
                self.meter.replay(line)
                asked = None
            elif kind == "turn":
                self.meter.replay(line)
                asked = None
                self._take(msgspec.convert(line["turn"], Turn))
            elif kind == "step":
                assert self._pending is not None
                turn, replies = self._pending, msgspec.convert(line["replies"], list[ToolReply])
                self._shell = line.get("shell", self._shell)
                self._account(turn, replies)
                ended = self._conclude(turn, replies)
            elif kind == "resumed":
                self._resumed += 1
                self.conversation.note(RESUMED)
            elif kind == "end":
                ended = line["ended"], line["said"]
        if asked is not None:  # Killed while it was waited for: it may have been carried out.
            self.meter.lose(asked)
        return ended

    def _write_lost_requests(self) -> None:
        cost = self.meter.spent_nano - self._accounted
        if cost > 0:
            self._accounted = self.meter.spent_nano
            usage = Usage.of(Tokens(), money.dollars(cost))
            self.journal.step("[requests that brought no answer]", usage=usage)


def elapsed_seconds(checkpoint: Checkpoint) -> float:
    """How long a resumed attempt had worked, as far as its journal tells."""
    return max((float(line.get("at", 0.0)) for line in checkpoint.lines), default=0.0)


def _called(turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    return [(use.name if use.input is not None else "malformed", use.input or {})
            for use in turn.calls]  # fmt: skip


def _summary(use: ToolUse) -> str | None:
    """What a good call of `finish` says; None for any other call."""
    summary = use.input.get("summary") if use.name == FINISH and use.input is not None else None
    return summary if isinstance(summary, str) else None


def _refused(said: str) -> ToolReply:
    return ToolReply(text=said, is_error=True, exit_code=None)
