"""`factory demo`: the whole line on an example, on this machine alone."""

from __future__ import annotations

from pathlib import Path

import click

from factory.cli.output import FOLDER, json_option
from factory.cli.summary import print_runs

PRODUCTS = ("shortener", "tally")


@click.command("demo")
@click.option("--product", type=click.Choice(PRODUCTS), default=PRODUCTS[0], show_default=True,
              help="Which example: an HTTP service or a command-line tool.")  # fmt: skip
@click.option("--agent", type=click.Choice(("replay", "cheat")), default="replay",
              show_default=True, help="An honest recorded agent, or one that cheats.")  # fmt: skip
@click.option("--all", "every", is_flag=True, help="Build every spec of the example, not one.")
@click.option("--folder", type=FOLDER, help="Where to make the three repositories. Default: a new "
              "temporary folder, kept for you to look at.")  # fmt: skip
@json_option
def command(product: str, agent: str, every: bool, folder: Path | None, as_json: bool) -> int:
    """See a merged spec become judged, shipped software, with no account and no key.

    The agent is a recording: each of its tool calls is carried out for real in a sandbox, but no
    model is asked. Everything else is the real line. Exits 0 when it shipped, 1 or 5 when not.
    """
    from factory.cli.demonstration import demonstrate

    outcome = demonstrate(product, agent, every=every, folder=folder)
    print_runs(outcome, as_json=as_json)
    return outcome.exit_code
