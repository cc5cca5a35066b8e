"""Scenarios as their authors work on them: checked, counted against a spec, drafted from one.

Runs only where scenarios may be seen, never in a job that an agent can see.
"""

from factory.scenarios.place import refuse_beside_an_agent

__all__ = ["refuse_beside_an_agent"]
