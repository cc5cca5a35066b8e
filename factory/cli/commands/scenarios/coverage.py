"""`factory scenarios coverage`: requirement × scenario, in counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factory.cli.output import FOLDER, clean, json_option, on_github, print_json
from factory.counted import counted
from factory.errors import UsageError

if TYPE_CHECKING:
    from factory.scenarios.coverage import Covered


@click.command("coverage")
@click.argument("scenarios", default=".", type=FOLDER)
@click.option("--specs", required=True, type=FOLDER, help="The folder of the specs repository.")
@click.option("--private", is_flag=True, help="Name the scenarios too; not in a GitHub job.")
@json_option
def command(scenarios: Path, specs: Path, private: bool, as_json: bool) -> int:
    """Count the scenarios of each requirement. SCENARIOS is the repository's folder.

    Without --private only counts are printed, so that they may be shown beside the specs.
    Exits 0 where every requirement has a scenario, not all in quarantine, and every suite answers
    its spec's version, else 1; 2 where something cannot be read.
    """
    if private and on_github():
        raise UsageError("--private prints names of scenarios, and logs of a job may be public",
                         mend="leave it out, or run it on your own machine")  # fmt: skip
    from factory.scenarios.check import read_specs
    from factory.scenarios.coverage import coverage
    from factory.scenarios.repository import read_repository

    covered = coverage(read_repository(scenarios), read_specs(specs))
    whole = all(one.in_step and not one.uncovered and not one.unheard for one in covered)
    if as_json:
        print_json({"specs": [one.to_data(private) for one in covered], "complete": whole})
    else:
        for one in covered:
            for line in _lines(one, private):
                click.echo(line)
        bare = sum(len(one.uncovered) for one in covered)
        late = sum(not one.in_step for one in covered)
        unheard = sum(len(one.unheard) for one in covered)
        alone = f"; {unheard} with scenarios in quarantine alone" if unheard else ""
        click.echo(
            f"{counted(len(covered), 'spec')}, "
            f"{counted(sum(len(one.rows) for one in covered), 'requirement')}: "
            f"{bare} without a scenario{alone}; {counted(late, 'suite')} out of step"
        )
    return 0 if whole else 1


def _lines(one: Covered, private: bool) -> Iterator[str]:
    answers = "" if one.in_step else f", but the scenarios answer version {one.answers}"
    yield f"{clean(one.spec)} version {one.version}{answers}: {counted(one.scenarios, 'scenario')}"
    yield "        must  should  sealed  in quarantine"
    for row in one.rows:
        lacking = "" if row.scenarios else "  no scenario"
        lacking = lacking or ("" if row.heard else "  in quarantine alone")
        counts = f"{row.must:>4}  {row.should:>6}  {row.sealed:>6}  {row.quarantined:>13}"
        yield f"  {row.id:<5} {counts}{lacking}"
        if private:
            yield from (f"          {clean(name)}" for name in row.names)
    yield ""
