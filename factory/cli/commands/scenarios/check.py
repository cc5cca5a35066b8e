"""`factory scenarios check`: what is wrong in a suite, before it judges anyone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factory.cli.output import FOLDER, clean, json_option, on_github, print_json
from factory.counted import counted

if TYPE_CHECKING:
    from factory.spec.finding import Finding


@click.command("check")
@click.argument("scenarios", default=".", type=FOLDER)
@click.option("--specs", required=True, type=FOLDER, help="The folder of the specs repository.")
@click.option("--shuffle", metavar="SUBJECT", help="Run the scenarios against SUBJECT (a URL or a "
              "command) in several orders, and compare the outcomes.")  # fmt: skip
@click.option("--orders", type=click.IntRange(1, 50), default=3, show_default=True,
              help="In how many random orders --shuffle runs them.")  # fmt: skip
@click.option("--seed", type=int, help="Make the orders of --shuffle the same again.")
@json_option
def command(
    scenarios: Path, specs: Path, shuffle: str | None, orders: int, seed: int | None, as_json: bool
) -> int:
    """Check a scenario repository: SCENARIOS is its folder. Default: the current folder.

    Exits 0 without errors, 1 with, 2 where something cannot be read.
    """
    from factory.scenarios.check import check_repository, read_specs
    from factory.scenarios.repository import read_repository
    from factory.spec.finding import by_place

    known = read_specs(specs)
    repository = read_repository(scenarios)
    findings = check_repository(repository, known)
    if shuffle is not None:
        from factory.scenarios.order import check_order, is_started
        from factory.scenarios.running import left_out

        for suite in repository.suites:
            if not is_started(shuffle) and (left := len(left_out(suite))):
                told = "that would kill the service, or want a fresh one: not run on an address"
                click.echo(
                    f"note: {counted(left, 'scenario')} of {clean(suite.spec_id)} {told}", err=True
                )
            findings += check_order(suite, repository, shuffle, orders=orders, seed=seed)
        findings.sort(key=by_place)
    _print(findings, sum(len(one.outline.scenarios) for one in repository.suites), as_json)
    return 1 if any(one.severity == "error" for one in findings) else 0


def _print(findings: Sequence[Finding], scenarios: int, as_json: bool) -> None:
    if on_github():  # Logs may be public; what the suite holds is not.
        _print_counts(findings, scenarios, as_json)
        return
    from factory.cli.findings import show

    show("json" if as_json else "text", findings, scenarios, noun="scenario")


def _print_counts(findings: Sequence[Finding], scenarios: int, as_json: bool) -> None:
    from factory.cli.findings.tally import Tally

    tally = Tally(scenarios, "scenario")
    for _ in tally.counted(findings):
        pass
    if as_json:
        rules = {rule: count for _, rule, count in tally.by_rule()}
        print_json(
            {
                "counts": {
                    "errors": tally.errors, "warnings": tally.warnings, "rules": rules,
                },
                "scenarios": scenarios,
            }
        )  # fmt: skip
        return
    click.echo(str(tally))
    for severity, rule, count in tally.by_rule():
        click.echo(f"  {count:>4}  {severity}[{rule}]")
