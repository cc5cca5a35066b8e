"""`factory run`: specs through the whole line."""

from __future__ import annotations

from pathlib import Path

import click

from factory.cli.output import FOLDER, json_option
from factory.errors import UsageError


@click.command("run")
@click.argument("spec_ids", nargs=-1)
@click.option("--specs", type=FOLDER, default=Path(), show_default=True,
              help="The specs repository.")  # fmt: skip
@click.option("--state", type=FOLDER, help="Where records are kept. Default: SPECS/.factory")
@click.option("--scenarios", metavar="REPOSITORY",
              help="The scenario repository. Default: as factory.yml says.")  # fmt: skip
@click.option("--again", is_flag=True, help="Build SPEC_IDS also where they are parked, paused or "
              "in flight elsewhere.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True,
              help="How many specs to build at once at most, each in another area.")  # fmt: skip
@json_option
def command(
    spec_ids: tuple[str, ...],
    specs: Path,
    state: Path | None,
    scenarios: str | None,
    again: bool,
    jobs: int,
    as_json: bool,
) -> int:
    """Build, hold, evaluate, judge and ship each ready spec, or only SPEC_IDS.

    Goes on where an earlier run was stopped or killed. Exits 0 when all shipped, 1 when a
    verdict was fail, 3 when there is nothing to do, 5 when one was inconclusive.
    """
    from factory.cli.running import run_specs
    from factory.cli.summary import print_runs

    if again and not spec_ids:
        raise UsageError("--again is for specs that are named", mend="add the ids of the specs")
    outcome = run_specs(specs, spec_ids, state=state, scenarios=scenarios, again=again, jobs=jobs)
    print_runs(outcome, as_json=as_json)
    return outcome.exit_code
