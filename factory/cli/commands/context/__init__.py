"""`factory context`: what an agent is told besides its spec."""

from __future__ import annotations

import click

from factory.cli.lazy import LazyGroup

COMMANDS: dict[str, str] = {}


@click.group("context", cls=LazyGroup, package=__name__, listed=COMMANDS)
def command() -> None:
    """Look at what an agent would be given with a spec."""
