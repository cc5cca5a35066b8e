"""`factory hold`: from what the agent left to a commit on a holding branch."""

from __future__ import annotations

from pathlib import Path

import click

from factory.cli.output import FILE, FOLDER, json_option, print_json
from factory.cli.wiring import make_forge


@click.command("hold")
@click.argument("attempt", type=FILE)
@click.option("--out", type=FOLDER, required=True, help="Where candidate.json goes.")
@json_option
def command(attempt: Path, out: Path, as_json: bool) -> int:
    """Commit the tree of ATTEMPT to its holding branch; nothing of it is executed."""
    from factory import hold
    from factory.records import Attempt, read

    record = read(Attempt, attempt)
    repository = record.work_order.product.repository
    forge = make_forge()
    candidate = hold.hold(
        record,
        record_folder=attempt.parent,
        out=out,
        clone_url=forge.clone_url(repository),
        git_environment=forge.git_environment(repository),
    )
    if as_json:
        print_json(
            {
                "record": str(out / "candidate.json"),
                "candidate": candidate.commit,
                "branch": candidate.branch,
            }
        )
    else:
        click.echo(f"{candidate.commit} on {candidate.branch}")
    return 0
