"""`factory gate`: the gate on a pull request."""

from __future__ import annotations

import click

from factory.cli.lazy import LazyGroup

COMMANDS = {
    "review": "Read what a pull request changes, execute nothing of it, and write a report.",
    "publish": "Post the check `factory / gate` that a report amounts to.",
}


@click.group("gate", cls=LazyGroup, package=__name__, listed=COMMANDS)
def command() -> None:
    """Check the specs of a pull request where its reviewers look.

    `review` needs to read and nothing else, `publish` to write checks and nothing else, so that
    no step holds both what others wrote and the right to write.
    """
