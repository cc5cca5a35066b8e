"""`factory ship`: exactly the judged commit to the base branch."""

from __future__ import annotations

from pathlib import Path

import click

from factory.cli.output import FILE, FOLDER, json_option, print_json
from factory.cli.wiring import make_forge


@click.command("ship")
@click.argument("candidate", type=FILE)
@click.option("--verdict", "verdict_file", type=FILE, required=True, help="public-verdict.json")
@click.option("--out", type=FOLDER, required=True, help="Where shipment.json goes.")
@json_option
def command(candidate: Path, verdict_file: Path, out: Path, as_json: bool) -> int:
    """Bring CANDIDATE to its base branch; refused unless the verdict names exactly it."""
    from factory import ship
    from factory.pipeline.equipment import now_text
    from factory.records import Candidate, PublicVerdict, read

    record = read(Candidate, candidate)
    repository = record.work_order.product.repository
    forge = make_forge()
    shipment = ship.ship(
        record,
        read(PublicVerdict, verdict_file),
        out=out,
        clone_url=forge.clone_url(repository),
        git_environment=forge.git_environment(repository),
        now=now_text(),
    )
    if as_json:
        print_json(
            {
                "record": str(out / "shipment.json"),
                "shipped": {"commit": shipment.commit, "branch": shipment.branch},
            }
        )
    else:
        click.echo(f"{shipment.branch} is now {shipment.commit}")
    return 0
