"""`factory gate publish`: from a report to the check `factory / gate`."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from factory.cli.output import FILE, VERDICT_EXIT, clean, json_option, print_json
from factory.cli.wiring import make_forge


@click.command("publish")
@click.argument("gate_report", type=FILE, required=False)
@click.option("--head", required=True, help="The commit on which the check is posted.")
@click.option(
    "--pull", type=click.IntRange(min=1), help="Number of the pull request; none: a merge group."
)
@click.option("--repository", envvar="GITHUB_REPOSITORY", required=True, help="owner/name")
@click.option(
    "--cause", help="Why there is no report: other-base or unreadable.  [default: no-report]"
)
@json_option
def command(
    gate_report: Path | None,
    head: str,
    pull: int | None,
    repository: str,
    cause: str | None,
    as_json: bool,
) -> int:
    """Post what GATE_REPORT says as a check with annotations.

    A report that is missing, unreadable or about something else never passes. Where no token may
    write checks, `posted` is false in the JSON, and whoever runs this shows the rest of it.
    Exits 0 for pass, 1 for fail, 5 where there is no usable report.
    """
    from factory.pipeline.gate import publish
    from factory.ports.git.command import object_id

    done = publish(
        make_forge(), repository, object_id(head), pull, gate_report=gate_report, cause=cause or ""
    )
    if as_json:
        print_json(
            {
                "verdict": done.verdict,
                "posted": done.posted,
                "title": done.output.title,
                "summary": done.output.summary,
                "annotations": [dataclasses.asdict(one) for one in done.output.annotations],
            }
        )
    else:
        click.echo(f"{done.verdict}: {done.output.title}")
    if done.remark:
        click.echo(f"note: {clean(done.remark)}", err=True)
    return VERDICT_EXIT[done.verdict]
