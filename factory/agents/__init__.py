"""Agents: one Protocol, three kinds; each works inside a sandbox."""

from factory.agents.select import select

__all__ = ["select"]
