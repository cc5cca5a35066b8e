"""`factory context show`: exactly what the agent of a spec would be given first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from factory.cli.output import FOLDER, clean, json_option, print_exactly, print_json

if TYPE_CHECKING:
    from factory.cli.given import Given


@click.command("show")
@click.argument("spec_id", metavar="ID")
@click.option("--specs", type=FOLDER, default=Path(), show_default=True,
              help="The specs repository; looked at as it is, committed or not.")  # fmt: skip
@click.option("--count", "model", metavar="MODEL",
              help="Let the provider count the tokens for this model; needs ANTHROPIC_API_KEY. "
              "Without it they are estimated offline.")  # fmt: skip
@json_option
def command(spec_id: str, specs: Path, model: str | None, as_json: bool) -> int:
    """Print what the agent of the spec ID would be given first, and how many tokens that is.

    The text goes to stdout, byte for byte; its parts and their tokens go to stderr. Drafts are
    shown as well. Neither git nor the product's repository is asked.
    """
    from factory.cli.given import given

    shown = given(spec_id, specs, model)
    for note in shown.notes:
        click.echo(f"note: {clean(note)}", err=True)
    if as_json:
        print_json(shown.to_data())
    else:
        print_exactly(shown.text)
        _print_parts(shown)
    return 0


def _print_parts(shown: Given) -> None:
    tokens = f"{shown.tokens:,} tokens"
    if shown.likely:
        low, high = shown.likely
        tokens = f"an estimated {low:,} to {high:,} tokens, at most {shown.tokens:,}"
    click.echo(f"{clean(shown.spec)} for the agent {clean(shown.agent)}: {tokens}", err=True)
    click.echo(f"  {clean(shown.rule)}", err=True)
    rows = [(f"{one.tokens:,}", one.part.kind, clean(one.part.path), one.part.digest)
            for one in shown.parts]  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for tokens, kind, path, digest in rows:
        cells = f"{tokens:>{widths[0]}}  {kind:<{widths[1]}}  {path:<{widths[2]}}"
        click.echo(f"  {cells}  {digest}", err=True)
    ours = shown.tokens - sum(one.tokens for one in shown.parts)
    click.echo(f"  {max(ours, 0):>{widths[0]},}  the task and the rules of the workspace", err=True)
