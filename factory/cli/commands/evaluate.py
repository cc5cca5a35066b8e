"""`factory evaluate`: the holdouts against one candidate."""

from __future__ import annotations

from pathlib import Path

import click

from factory.cli.output import FILE, FOLDER, json_option, print_json
from factory.cli.progress import Progress
from factory.cli.wiring import make_forge, scenario_source


@click.command("evaluate")
@click.argument("candidate", type=FILE)
@click.option(
    "--scenarios",
    metavar="REPOSITORY",
    help="The scenario repository: path, URL or owner/name. Default: FACTORY_SCENARIOS.",
)
@click.option("--scenarios-ref", metavar="REF", help="Branch, tag or commit. Default: main.")
@click.option("--out", type=FOLDER, required=True, help="Where inventory.json and report.json go.")
@json_option
def command(
    candidate: Path, scenarios: str | None, scenarios_ref: str | None, out: Path, as_json: bool
) -> int:
    """Run the holdouts against CANDIDATE from outside its sandbox; judges nothing yet.

    The records it writes are private: they belong to the owners of the scenarios.
    """
    from factory import evaluate
    from factory.cli.output import on_github
    from factory.records import Candidate, read
    from factory.sandbox.select import select as select_sandbox

    record = read(Candidate, candidate)
    order = record.work_order
    forge = make_forge()
    with (
        scenario_source(scenarios, scenarios_ref) as source,
        Progress(f"evaluating {order.spec.id}, candidate {record.commit[:12]}") as progress,
    ):
        progress.stage("evaluate", order.attempt)
        _, report = evaluate.evaluate(
            record,
            scenarios=source,
            sandbox=select_sandbox(order.sandbox),
            out=out,
            clone_url=forge.clone_url(order.product.repository),
            git_environment=forge.git_environment(order.product.repository),
            # How many there are, and whether the sealed round came, is more than a verdict tells.
            progress=_say_nothing if on_github() else progress.say,
            limit_seconds=record.seconds_left,
        )
    if as_json:
        told = {} if on_github() else {"reached": report.reached}
        print_json({"record": str(out / "report.json"), **told})
    else:
        how = "is done" if on_github() else f"reached: {report.reached}"
        click.echo(f"{out / 'report.json'}: the evaluation {how}")
    return 0


def _say_nothing(text: str) -> None:
    """Logs of a public repository are public."""
