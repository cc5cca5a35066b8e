"""What every agent offers: work in a sandboxed workspace until done or stopped by a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from factory.records import AgentOutcome, Budget
from factory.sandbox.protocol import Sandbox

if TYPE_CHECKING:
    from factory.agents.checkpoint import Checkpoint

WORKSPACE = "/workspace"
"""Where the workspace is mounted, writable, inside the agent's sandbox."""


def _quiet(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One attempt's work.

    `brief` is what to build; `feedback` is the public feedback on the attempt before, or "".
    `workspace` is the folder outside that is mounted at WORKSPACE. `base_tree` is git's id of
    the tree that the workspace started from. `budget` is what this attempt may still use.
    `journal` is the folder (outside) for the trajectory; `secrets` are the values that must never
    be written to it. `progress` is told each step in one plain line. `checkpoint` is where an agent
    that can go on after a kill writes down what it needs for that, and finds it again.
    """

    brief: str
    feedback: str
    spec_id: str
    attempt: int
    workspace: Path
    base_tree: str
    budget: Budget
    journal: Path
    secrets: tuple[str, ...] = ()
    progress: Callable[[str], None] = _quiet
    checkpoint: Checkpoint | None = None


class Agent(Protocol):
    """One kind of agent, made from an AgentProfile by `factory.agents.select`."""

    def work(self, assignment: Assignment, sandbox: Sandbox) -> AgentOutcome:
        """Build in the workspace until finished or stopped by a limit.

        Raises:
            AgentError: the agent itself could not work (model out of reach, command missing,
                replay that does not fit). The attempt then has no candidate.
            AuthenticationError: the key is missing or refused.
            SandboxBreach, SandboxUnavailable: see Sandbox.
        """
        ...
