"""The agent `anthropic`: the model calls tools, the tools run in the sandbox, key and loop do not.

An attempt ends visibly: the model calls `finish`, or a limit (budget, deadline, steps) is met.
"""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from factory.agents import folding
from factory.agents.cells import limits
from factory.agents.checkpoint import Checkpoint, opened
from factory.agents.connection import closed_at, connect
from factory.agents.conversation import FOLD_TOKENS, Conversation, offered, system
from factory.agents.loop import Loop, elapsed_seconds
from factory.agents.model import BACKOFF_SECONDS, Model
from factory.agents.outcome import outcome
from factory.agents.prices import Price
from factory.agents.protocol import Assignment
from factory.agents.redaction import redactor
from factory.agents.snapshot import NotKept, Snapshots
from factory.agents.toolbox import TOOLS, Toolbox
from factory.agents.toolbox.client import CALL_SECONDS
from factory.agents.trajectory import Journal
from factory.agents.written_meter import WrittenMeter
from factory.errors import AgentError, AuthenticationError
from factory.ports.scratch import scratch
from factory.records import AgentOutcome
from factory.sandbox.protocol import Bind, Sandbox


@dataclass(frozen=True, kw_only=True)
class AnthropicOptions:
    """Settings of this agent, from its profile."""

    model: str
    price: Price
    max_output_tokens: int = 32_000
    effort: str | None = None
    tools: tuple[str, ...] | None = None
    call_seconds: float = CALL_SECONDS
    backoff_seconds: float = BACKOFF_SECONDS
    fold_tokens: int = FOLD_TOKENS


class AnthropicAgent:
    """Drives a model of the Messages API at ANTHROPIC_BASE_URL with ANTHROPIC_API_KEY."""

    def __init__(self, options: AnthropicOptions) -> None:
        self._options = options

    def work(self, assignment: Assignment, sandbox: Sandbox) -> AgentOutcome:
        """See `Agent.work`; where the checkpoint holds steps of this attempt, it goes on there."""
        key = os.environ.get("ANTHROPIC_API_KEY", "")
        if not key.strip():
            raise AuthenticationError(
                "ANTHROPIC_API_KEY is not set",
                mend="set it to a key of the Messages API, or use the agent `replay`",
            )
        with ExitStack() as stack:
            checkpoint = assignment.checkpoint
            if checkpoint is None:
                checkpoint = stack.enter_context(opened(stack.enter_context(scratch("steps")), ""))
                checkpoint.begin(assignment.base_tree)
            loop = self._loop(stack, assignment, checkpoint, sandbox, key)
            try:
                ended, said = loop.run()
            except AgentError:
                if not loop.asking:
                    checkpoint.write("void")  # To go on would lead to the same again.
                raise
            message = loop.journal.redact(said)
            loop.journal.end(ended, message)
            return outcome(
                ended,
                message,
                steps=loop.steps,
                usage=loop.journal.usage,
                duration_seconds=time.monotonic() - loop.started,
                usd=loop.meter.spent_usd,
            )

    def _loop(
        self,
        stack: ExitStack,
        assignment: Assignment,
        checkpoint: Checkpoint,
        sandbox: Sandbox,
        key: str,
    ) -> Loop:
        started = time.monotonic() - elapsed_seconds(checkpoint)
        deadline = started + assignment.budget.minutes * 60
        meter = WrittenMeter(self._options.price, assignment.budget, checkpoint)
        client = stack.enter_context(connect(key, os.environ.get("ANTHROPIC_BASE_URL")))
        stack.enter_context(closed_at(deadline, client))
        journal = Journal(
            assignment.journal,
            spec_id=assignment.spec_id,
            attempt=assignment.attempt,
            base_tree=assignment.base_tree,
            agent="anthropic",
            model=self._options.model,
            secrets=(*assignment.secrets, key),
            catching_up=checkpoint.resumed,
        )
        toolbox = Toolbox(
            sandbox,
            assignment.workspace,
            limits=limits(assignment.budget),
            binds=[Bind(source=checkpoint.steps, target=folding.STEPS)],
        )
        stack.enter_context(journal)
        stack.enter_context(toolbox)
        return Loop(
            model=Model(
                client,
                meter,
                self._parameters(),
                max_tokens=self._options.max_output_tokens,
                deadline=deadline,
                backoff_seconds=self._options.backoff_seconds,
                redact=redactor([key]),
            ),
            meter=meter,
            journal=journal,
            toolbox=toolbox,
            checkpoint=checkpoint,
            snapshots=_snapshots(checkpoint, assignment),
            conversation=Conversation(
                [assignment.brief, assignment.feedback],
                keep=lambda number, text: checkpoint.keep_step(folding.file_name(number), text),
                fold_tokens=self._options.fold_tokens,
            ),
            steps_allowed=assignment.budget.steps,
            started=started,
            deadline=deadline,
            call_seconds=self._options.call_seconds,
            tools=self._options.tools or TOOLS,
            progress=assignment.progress,
        )

    def _parameters(self) -> dict[str, Any]:
        parameters: dict[str, Any] = {
            "model": self._options.model,
            "system": system(),
            "tools": offered(self._options.tools),
        }
        if self._options.effort:
            # Not a parameter of every SDK version that we take.
            parameters["extra_body"] = {"output_config": {"effort": self._options.effort}}
        return parameters


def _snapshots(checkpoint: Checkpoint, assignment: Assignment) -> Snapshots:
    """Begins after the sandbox has taken the workspace, which changes the owner of every file."""
    snapshots = checkpoint.snapshots(assignment.workspace)
    try:
        if checkpoint.tree_is_back:
            snapshots.begin()
    except NotKept:
        pass  # Nothing is kept then: a call under way at a kill is answered as interrupted.
    return snapshots
