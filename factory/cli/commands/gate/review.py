"""`factory gate review`: from a pull request's commits to a report."""

from __future__ import annotations

from pathlib import Path

import click

from factory.cli.output import FOLDER, clean, json_option, print_json
from factory.cli.wiring import make_forge
from factory.counted import counted

RECORD = "gate-report.json"


@click.command("review")
@click.option(
    "--repository",
    envvar="GITHUB_REPOSITORY",
    default=".",
    help="The specs repository: owner/name, a URL or a folder.  [default: GITHUB_REPOSITORY, "
    "else the current folder]",
)
@click.option("--base", required=True, help="The branch or commit to merge into.")
@click.option("--head", required=True, help="The branch or commit to be merged.")
@click.option(
    "--pull",
    type=click.IntRange(min=1),
    help="Number of the pull request; without it protected files are not looked at.",
)
@click.option("--labelled-by", help="Who has just set the label `factory-config` on this head.")
@click.option("--out", type=FOLDER, required=True, help="Where gate-report.json goes.")
@json_option
def command(
    repository: str,
    base: str,
    head: str,
    pull: int | None,
    labelled_by: str | None,
    out: Path,
    as_json: bool,
) -> int:
    """Review what merging --head into --base would bring; nothing of it is executed.

    Exits 0 where nothing speaks against it, 1 where something does.
    """
    from factory.ports.scratch import scratch
    from factory.spec.review import Asked, review

    asked = Asked(repository=repository, base=base, head=head, pull=pull, labelled_by=labelled_by)
    with scratch("gate") as folder:
        report = review(asked, make_forge(), folder)
    path = report.write(out / RECORD)
    if as_json:
        print_json({"record": str(path), "passed": report.passed})
    else:
        for one in report.findings:
            place = click.style(f"{clean(one.path)}:{one.line}:{one.column}:", bold=True)
            colour = "red" if one.severity == "error" else "yellow"
            click.echo(
                f"{place} {click.style(f'{one.severity}[{one.rule}]', fg=colour)} "
                f"{clean(one.message)}\n    mend: {clean(one.mend)}"
            )
        for change in report.refused:
            label = click.style("refused", fg="red")
            click.echo(f"{clean(change.path)}: {label}: {clean(change.why)}")
        click.echo(
            f"{counted(report.changed_specs, 'spec')} changed: {counted(report.errors, 'error')}, "
            f"{counted(report.warnings, 'warning')}, "
            f"{counted(report.refused_count, 'protected file')} refused"
        )
    return 0 if report.passed else 1
