"""`factory ledger`: the record of runs itself."""

from __future__ import annotations

import click

from factory.cli.lazy import LazyGroup

COMMANDS: dict[str, str] = {
    "verify": "Find entries that were altered, removed, inserted or moved.",
}


@click.group("ledger", cls=LazyGroup, package=__name__, listed=COMMANDS)
def command() -> None:
    """Check that the record of runs was not altered."""
