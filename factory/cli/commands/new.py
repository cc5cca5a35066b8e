"""`factory new`: a spec to fill in, from the template that wins."""

from __future__ import annotations

from pathlib import Path

import click

from factory.cli.output import FOLDER, clean, json_option, print_json
from factory.spec.form import KINDS


@click.command("new")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("spec_id", metavar="ID")
@click.option("--title", help="What it is called. Default: the words of ID.")
@click.option("--product", metavar="NAME",
              help="A product of factory.yml. Default: the only one there.")  # fmt: skip
@click.option("--owner", metavar="TEXT",
              help="Who answers questions. Default: whom all other specs name.")  # fmt: skip
@click.option("--specs", type=FOLDER, default=Path(), show_default=True,
              help="The specs repository.")  # fmt: skip
@json_option
def command(
    kind: str,
    spec_id: str,
    title: str | None,
    product: str | None,
    owner: str | None,
    specs: Path,
    as_json: bool,
) -> int:
    """Write specs/ID.md: a new spec of that KIND, with TODO wherever its author must answer.

    A template of your own, spec-templates/KIND.md in the specs repository, wins: it is taken as it
    is, but for keys that it lacks, and with TODO where it still says what ours says.
    Exits 2 where ID cannot be, or is taken.
    """
    from factory.spec.start import start

    started = start(specs, kind, spec_id, title=title, product=product, owner=owner)
    steps = (
        "write your answer in place of each TODO"
        + (", and of whatever else the template asks" if started.template else ""),
        "see what is still open: factory check" + ("" if specs == Path() else f" {specs}"),
        "set `status: ready` in it and merge it, to have it built",
    )
    if as_json:
        print_json(
            {
                "path": str(started.path),
                "id": spec_id,
                "kind": kind,
                "template": str(started.template) if started.template else None,
                "next": steps,
            }
        )
        return 0
    click.echo(f"wrote {clean(str(started.path))}")
    if started.template:
        click.echo(f"from your own {clean(str(started.template))}")
    click.echo("next:")
    for step in steps:
        click.echo(f"  - {clean(step)}")
    return 0
