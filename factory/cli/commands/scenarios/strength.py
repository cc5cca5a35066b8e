"""`factory scenarios strength`: is the suite strong enough to fail what must fail?"""

from __future__ import annotations

from pathlib import Path

import click

from factory.cli.output import FOLDER, clean, json_option, print_json
from factory.errors import NothingToDo


@click.command("strength")
@click.argument("scenarios", default=".", type=FOLDER)
@click.option("--specs", required=True, type=FOLDER, help="The folder of the specs repository.")
@click.option("--spec", "only", metavar="ID", help="Only the scenarios for this spec.")
@json_option
def command(scenarios: Path, specs: Path, only: str | None, as_json: bool) -> int:
    """Run the scenarios against services that must fail, and say which requirements they pass.

    Nothing there, always 200, echo, the spec's own answers, the first answer for ever, no
    validation, no persistence. Suites that send no request are passed over. Only counts and ids
    of requirements are printed. Exits 0 where none of them passes a requirement, else 1.
    """
    from factory.cli.progress import Progress
    from factory.scenarios.check import read_specs
    from factory.scenarios.repository import read_repository
    from factory.scenarios.strength import judge, sends_requests

    known, repository = read_specs(specs), read_repository(scenarios)
    pairs = [
        (suite, document)
        for suite in repository.suites
        if only in (None, suite.spec_id)
        and (document := known.named(suite.spec_id)) is not None
        and sends_requests(suite)
    ]
    if not pairs:
        raise NothingToDo(
            "no scenarios that send requests to judge",
            mend="name a spec of a service with --spec, or write its scenarios",
        )
    with Progress("running scenarios against what must fail") as progress:
        rows = [
            row
            for suite, document in pairs
            for row in judge(suite, repository, document, say=progress.say)
        ]
    weak = sum(len(row.requirements) for row in rows)
    if as_json:
        print_json({"judged": [row.to_data() for row in rows], "strong": not weak})
    else:
        for row in rows:
            passed = f"{row.passed} of {row.scenarios} scenarios pass"
            whole = f"; wholly: {', '.join(row.requirements)}" if row.requirements else ""
            click.echo(f"{clean(row.spec)}  {row.strawman:<18}  {passed}{whole}")
        click.echo(f"{weak} requirements are passed by what must fail")
    return 1 if weak else 0
