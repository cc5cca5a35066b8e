"""`factory budget`: set aside what an attempt may use, and settle it, where jobs are apart."""

from __future__ import annotations

import click

from factory.cli.lazy import LazyGroup

COMMANDS = {
    "reserve": "Set an attempt's budget aside on the ledger, before it is built.",
    "release": "Enter what an attempt has used, and give back the rest.",
}


@click.group("budget", cls=LazyGroup, package=__name__, listed=COMMANDS)
def command() -> None:
    """Set aside on the ledger what an attempt may use, and settle it.

    `factory run` does both by itself. Where each stage is a job of its own, these are jobs too:
    they may write to the ledger, and hold no key and run nothing that an agent wrote.
    """
