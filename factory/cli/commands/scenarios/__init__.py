"""`factory scenarios`: for those who write holdouts, never where an agent could look."""

from __future__ import annotations

import os

import click

from factory.cli.lazy import LazyGroup

COMMANDS: dict[str, str] = {
    "check": "Find what is wrong in a scenario repository, next to its specs.",
    "coverage": "Count the scenarios of each requirement.",
    "draft": "Write a first draft of the scenarios for one spec.",
    "strength": "Run scenarios against what must fail them: is the suite strong?",
}


@click.group("scenarios", cls=LazyGroup, package=__name__, listed=COMMANDS)
def command() -> None:
    """Check, count, draft and judge scenarios, where they may be seen.

    Refuses to work in a build job and in a sandbox cell. In a GitHub job only counts are printed.
    """
    from factory.scenarios import refuse_beside_an_agent

    refuse_beside_an_agent(os.environ)
