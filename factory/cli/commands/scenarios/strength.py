"""`factory scenarios strength`: is the suite strong enough to fail what must fail?"""

from __future__ import annotations

from pathlib import Path

import click

from factory.cli.output import FOLDER, json_option, on_github, print_json
from factory.errors import NothingToDo, UsageError

MUTANTS = "50"


def _size(_: click.Context, option: click.Parameter, text: str) -> int | None:
    """A number of mutants; None for all of them."""
    if text == "all":
        return None
    if not (text.isascii() and text.isdecimal()):
        raise click.BadParameter(f"{text!r} is neither a number nor `all`", param=option)
    return int(text)


@click.command("strength")
@click.argument("scenarios", default=".", type=FOLDER)
@click.option("--specs", required=True, type=FOLDER, help="The folder of the specs repository.")
@click.option("--spec", "only", metavar="ID", multiple=True,
              help="Only the scenarios for this spec; may be given again.")  # fmt: skip
@click.option("--product", type=FOLDER, help="The folder of the shipped product: mutants are made "
              "of it, and it is run off by one and slow.")  # fmt: skip
@click.option("--subject", metavar="URL", help="A shipped product that runs already, in place of "
              "--product; no mutants are made of it.")  # fmt: skip
@click.option("--mutants", callback=_size, metavar="N|all", default=MUTANTS, show_default=True,
              help="How many mutants of --product to try.")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Chooses which N mutants.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True,
              help="How many mutants to try side by side.")  # fmt: skip
@json_option
def command(
    scenarios: Path,
    specs: Path,
    only: tuple[str, ...],
    product: Path | None,
    subject: str | None,
    mutants: int | None,
    seed: int,
    jobs: int,
    as_json: bool,
) -> int:
    """Judge the scenarios themselves: run them against what must fail.

    Against services that keep to no spec; with --product also against the product off by one,
    the product too slow, and mutants of its Python source: copies with one small fault each. A
    requirement that one of them passes, or a mutant that lives, needs another scenario.

    Exits 0 where none is passed and at least 90 % of the mutants die, else 1; 5 where the
    product as it is does not pass. Only counts and ids are printed in a GitHub job.
    """
    from factory.cli.progress import Progress
    from factory.cli.strength import Wanted, judge_strength
    from factory.cli.strength_told import told
    from factory.scenarios.check import read_specs
    from factory.scenarios.repository import read_repository
    from factory.scenarios.strength import sends_requests

    if product is not None and subject is not None:
        raise UsageError("--product and --subject are both given", mend="leave one of them out")
    known, repository = read_specs(specs), read_repository(scenarios)
    pairs = [
        (suite, document)
        for suite in repository.suites
        if not only or suite.spec_id in only
        if (document := known.named(suite.spec_id)) is not None
        if product is not None or sends_requests(suite)
    ]
    if not pairs:
        raise NothingToDo(
            "no scenarios that send requests to judge",
            mend="name a spec of a service with --spec, or --product to make mutants of it",
        )
    wanted = Wanted(product=product, subject=subject, size=mutants, seed=seed, jobs=jobs)
    private = not on_github()
    with Progress("running scenarios against what must fail") as progress:
        say = progress.say if private else _silent
        strength = judge_strength(pairs, repository, known, wanted, say)
    if as_json:
        print_json(strength.to_data(private))
    else:
        for line in told(strength, private):
            click.echo(line)
    return 0 if strength.strong else 1


def _silent(_: str) -> None:
    """A job's log may be public, and tells neither what lived nor what died."""
