"""The agent `anthropic`: the model calls tools, the tools run in the sandbox, key and loop do not.

An attempt ends visibly: the model calls `finish`, or a limit (budget, deadline, steps) is met.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from factory.agents.book import FILE as BOOK
from factory.agents.book import Book
from factory.agents.cells import limits
from factory.agents.connection import connect
from factory.agents.conversation import FINISH, TOOLS, Conversation, system
from factory.agents.meter import Meter
from factory.agents.model import (
    BACKOFF_SECONDS,
    ContextFull,
    DeadlineReached,
    Model,
)
from factory.agents.narration import narrated
from factory.agents.outcome import Ended, outcome
from factory.agents.prices import Price, Tokens
from factory.agents.protocol import Assignment
from factory.agents.redaction import redactor
from factory.agents.toolbox import TOOLS as INSIDE
from factory.agents.toolbox import Toolbox, ToolReply
from factory.agents.toolbox.client import CALL_SECONDS
from factory.agents.trajectory import Journal, Usage
from factory.agents.turn import ToolUse, Turn
from factory.errors import AgentError, AuthenticationError, BudgetExceeded
from factory.records import AgentOutcome
from factory.sandbox.protocol import Sandbox

SILENT_TURNS = 3
"""So many answers in a row without a call, each followed by a reminder, end the attempt."""
_REMINDER = "Go on with the next call. If all is done, call `finish`."
_CUT = "Your answer was cut off at the output limit. Go on in smaller steps."


@dataclass(frozen=True, kw_only=True)
class AnthropicOptions:
    """Settings of this agent, from its profile."""

    model: str
    price: Price
    max_output_tokens: int = 32_000
    effort: str | None = None
    call_seconds: float = CALL_SECONDS
    backoff_seconds: float = BACKOFF_SECONDS


class AnthropicAgent:
    """Drives a model of the Messages API at ANTHROPIC_BASE_URL with ANTHROPIC_API_KEY."""

    def __init__(self, options: AnthropicOptions) -> None:
        self._options = options

    def work(self, assignment: Assignment, sandbox: Sandbox) -> AgentOutcome:
        """See `Agent.work`."""
        key = os.environ.get("ANTHROPIC_API_KEY", "")
        if not key.strip():
            raise AuthenticationError(
                "ANTHROPIC_API_KEY is not set",
                mend="set it to a key of the Messages API, or use the agent `replay`",
            )
        started = time.monotonic()
        deadline = started + assignment.budget.minutes * 60
        book = Book(assignment.journal / BOOK)
        meter = Meter(self._options.price, assignment.budget, book)
        client = connect(key, os.environ.get("ANTHROPIC_BASE_URL"))
        model = Model(
            client,
            meter,
            self._parameters(),
            max_tokens=self._options.max_output_tokens,
            deadline=deadline,
            backoff_seconds=self._options.backoff_seconds,
            redact=redactor([key]),
        )
        with (
            client,
            contextlib.closing(book),
            Journal(
                assignment.journal,
                spec_id=assignment.spec_id,
                attempt=assignment.attempt,
                base_tree=assignment.base_tree,
                agent="anthropic",
                model=self._options.model,
                secrets=(*assignment.secrets, key),
            ) as journal,
            Toolbox(sandbox, assignment.workspace, limits=limits(assignment.budget)) as toolbox,
        ):
            attempt = _Attempt(
                model=model,
                meter=meter,
                journal=journal,
                toolbox=toolbox,
                conversation=Conversation([assignment.brief, assignment.feedback]),
                steps_allowed=assignment.budget.steps,
                deadline=deadline,
                call_seconds=self._options.call_seconds,
                progress=assignment.progress,
            )
            ended, said = attempt.run()
            message = journal.redact(said)
            journal.end(ended, message)
            return outcome(
                ended,
                message,
                steps=attempt.steps,
                usage=journal.usage,
                duration_seconds=time.monotonic() - started,
                usd=meter.spent_usd,
            )

    def _parameters(self) -> dict[str, Any]:
        parameters: dict[str, Any] = {
            "model": self._options.model,
            "system": system(),
            "tools": TOOLS,
        }
        if self._options.effort:
            # Not a parameter of every SDK version that we take.
            parameters["extra_body"] = {"output_config": {"effort": self._options.effort}}
        return parameters


@dataclass(kw_only=True)
class _Attempt:
    """The loop itself: ask, carry out, write down, until something ends it."""

    model: Model
    meter: Meter
    journal: Journal
    toolbox: Toolbox
    conversation: Conversation
    steps_allowed: int
    deadline: float
    call_seconds: float
    progress: Callable[[str], None]
    steps: int = 0
    silent: int = 0
    _accounted: int = field(default=0, repr=False)

    def run(self) -> tuple[Ended, str]:
        """How it ended, and the last word."""
        try:
            while self.steps < self.steps_allowed:
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
        finally:
            self._write_lost_requests()

    def _step(self) -> tuple[Ended, str] | None:
        try:
            turn = self.model.ask(self.conversation.messages(), self.conversation.prompt_tokens)
        except AgentError:
            if not self.silent:
                raise
            # It had ended its turn by itself; only our reminder did not reach it.
            return "finished", "stopped without calling finish, and could not be reminded"
        self.steps += 1
        self.conversation.answered(turn)
        summary, replies = None, []
        for use in turn.calls:
            reply, said = self._carry_out(use)
            summary = said if said is not None else summary
            replies.append(reply)
        calls = [(use.name if use.input is not None else "malformed", use.input or {})
                 for use in turn.calls]  # fmt: skip
        written = self.journal.step(turn.text, calls, replies, self._usage(turn.tokens))
        self.progress(narrated(self.steps, written.say, [tool for tool, _ in calls]))
        if turn.stop_reason == "refusal":
            raise AgentError(
                "the model refused to go on: " + (written.say[:500] or "no reason given"),
                mend="look at the spec and its context for what it may object to",
            )
        if summary is not None:
            return "finished", summary
        if self.meter.shut:
            return "budget", self.meter.shut
        if turn.calls:
            self.silent = 0
            self.conversation.results(turn.calls, replies)
            return None
        return self._reminded(turn)

    def _carry_out(self, use: ToolUse) -> tuple[ToolReply, str | None]:
        """One call's reply, and the summary where the call is a good `finish`."""
        if use.input is None:
            said = f"This call of {use.name} was not carried out: {use.trouble}."
            return ToolReply(text=said, is_error=True, exit_code=None), None
        if use.name == FINISH:
            summary = use.input.get("summary")
            if isinstance(summary, str):
                return ToolReply(text="Ended.", is_error=False, exit_code=None), summary
            said = "finish needs `summary`, a text."
            return ToolReply(text=said, is_error=True, exit_code=None), None
        if use.name not in INSIDE:
            said = f"There is no tool {use.name!r}."
            return ToolReply(text=said, is_error=True, exit_code=None), None
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise DeadlineReached
        seconds = min(left, self.call_seconds)
        return self.toolbox.call(use.name, use.input, timeout_seconds=seconds), None

    def _reminded(self, turn: Turn) -> tuple[Ended, str] | None:
        self.silent += 1
        if self.silent >= SILENT_TURNS:
            return "finished", f"stopped without calling finish: {turn.text}"
        cut = turn.stop_reason in ("max_tokens", "model_context_window_exceeded")
        self.conversation.nudge(_CUT if cut else _REMINDER)
        return None

    def _usage(self, tokens: Tokens) -> Usage:
        """This step's usage; its cost includes requests before it that were cut off."""
        cost = self.meter.spent_nano - self._accounted
        self._accounted = self.meter.spent_nano
        return Usage(
            input_tokens=tokens.input,
            output_tokens=tokens.output,
            cache_read_tokens=tokens.cache_read,
            cache_write_tokens=tokens.cache_write + tokens.cache_write_1h,
            usd=cost / 1e9,
        )

    def _write_lost_requests(self) -> None:
        if self.meter.spent_nano > self._accounted:
            self.journal.step("[requests that brought no answer]", usage=self._usage(Tokens()))
