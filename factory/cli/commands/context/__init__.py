"""`factory context`: what an agent is told besides its spec."""

from __future__ import annotations

import click

from factory.cli.lazy import LazyGroup

COMMANDS = {
    "show": "Print what the agent of a spec would be given, and its tokens.",
}


@click.group("context", cls=LazyGroup, package=__name__, listed=COMMANDS)
def command() -> None:
    """Look at what an agent would be given with a spec."""
