"""Agents: one Protocol, several kinds; each works inside a sandbox."""

from factory.agents.profiles import require_bounds
from factory.agents.select import sandbox_choice, select

__all__ = ["require_bounds", "sandbox_choice", "select"]
