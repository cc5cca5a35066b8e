"""`factory runs`: runs of the ledger, newest first."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from factory.cli import overview
from factory.cli.output import clean, json_option, print_json
from factory.cli.overview import ago, event_text, print_row


@click.command("runs")
@click.option("--spec", help="Only those of this spec.")
@click.option(
    "--verdict",
    type=click.Choice(["pass", "fail", "inconclusive"]),
    help="Only those whose latest verdict is this one.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Only those begun on this day or later, UTC: 2026-11-22.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="So many at most.",
)
@overview.specs_option
@overview.fetch_option
@json_option
def command(
    spec: str | None,
    verdict: str | None,
    since: datetime | None,
    limit: int,
    specs: Path,
    fetch: bool,
    as_json: bool,
) -> int:
    """List runs, newest first: spec, latest event, verdict, cost. `factory logs RUN` tells more."""
    from factory.ledger import facts

    now = datetime.now(UTC)
    source = overview.source(specs, fetch=fetch)
    overview.require_ledger(source)
    day = f"{since:%Y-%m-%d}" if since else None
    rows, warnings = overview.asked(
        source,
        lambda index: (
            facts.runs(index, spec=spec, verdict=verdict, since=day, limit=limit),
            overview.warnings(source, index),
        ),
    )
    if as_json:
        print_json(
            {
                "ledger": source.to_data(),
                "runs": [asdict(one) for one in rows],
                "notes": list(source.notes),
                "warnings": warnings,
            }
        )
        return 1 if warnings else 0
    for warning in warnings:
        click.secho(clean(warning, 2000), fg="red", bold=True)
    for run in rows:
        print_row(
            (clean(run.run_id), 25),
            (clean(f"{run.spec_id} {run.spec_version}"), 30),
            (f"attempt {run.attempt}", 10),
            (event_text(run), 20),
            (f"{run.usd:.2f} USD", 10),
            (ago(run.last_at, now), 0),
        )
    if not rows:
        click.echo("no run fits")
    click.echo(f"note: {source.to_line(now)}", err=True)
    for note in source.notes:
        click.echo(f"note: {clean(note, 2000)}", err=True)
    return 1 if warnings else 0
