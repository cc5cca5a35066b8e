"""`factory budget reserve`: a work order with its budget set aside on the ledger."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from factory import money
from factory.cli.output import FILE, FOLDER, json_option, print_json
from factory.cli.wiring import bookkeeper, ledger_of


@click.command("reserve")
@click.argument("work_order", type=FILE)
@click.option("--specs", type=FOLDER, help="The specs repository, which holds the ledger. Default: "
              "the current folder; in a GitHub job, this repository.")  # fmt: skip
@click.option("--out", type=FILE, required=True, help="Where the order to build by is written.")
@click.option("--within", "minutes", type=click.IntRange(0, 24 * 60), default=60,
              show_default=True, metavar="MINUTES", help="When the build has to begin at the "
              "latest; the days until then must have room for it too.")  # fmt: skip
@json_option
def command(work_order: Path, specs: Path | None, out: Path, minutes: int, as_json: bool) -> int:
    """Set aside the budget of WORK_ORDER, lowered to what spec, day and factory have left.

    Of two that ask for the last dollar at once, one is refused. Exits 4 where a level of the
    budget leaves nothing; the error says which, how much, and when that changes.
    """
    from factory.records import WorkOrder, read

    shop = bookkeeper(ledger_of(specs) or ledger_of(Path()))
    order = shop.reserve(read(WorkOrder, work_order), None, wait=timedelta(minutes=minutes))
    order.write(out)
    budget = order.budget
    if as_json:
        print_json(
            {
                "record": str(out),
                "usd": budget.usd,
                "level": budget.usd_level,
                "tokens": budget.tokens,
                "minutes": budget.minutes,
                "begin_by": budget.begin_by or None,
            }
        )
    else:
        said = money.said(money.limit(budget.usd))
        click.echo(f"{out}: {said} set aside, by the limit of the {budget.usd_level}")
    return 0
