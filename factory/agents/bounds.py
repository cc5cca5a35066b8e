"""An agent's own limits: they lower an attempt's budget and never raise it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from factory.agents.protocol import Agent, Assignment
from factory.records import AgentOutcome, Budget
from factory.sandbox.protocol import Sandbox

LIMITS = ("usd", "minutes", "steps", "tokens")


def bounded(budget: Budget, options: Mapping[str, Any]) -> Budget:
    """The budget with each limit that a profile names lowered to it."""
    lower = {}
    for name in LIMITS:
        own, given = options.get(name), getattr(budget, name)
        if own is not None:
            lower[name] = own if given is None else min(own, given)
    return msgspec.structs.replace(budget, **lower)


@dataclass(frozen=True, kw_only=True)
class BoundedAgent:
    """An agent that works within its profile's limits."""

    agent: Agent
    options: Mapping[str, Any]

    def work(self, assignment: Assignment, sandbox: Sandbox) -> AgentOutcome:
        """See `Agent.work`."""
        budget = bounded(assignment.budget, self.options)
        return self.agent.work(replace(assignment, budget=budget), sandbox)
