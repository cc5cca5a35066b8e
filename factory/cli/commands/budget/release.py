"""`factory budget release`: what an attempt has used is entered, the rest is free again."""

from __future__ import annotations

from pathlib import Path

import click

from factory import money
from factory.cli.output import FILE, FOLDER, json_option, on_github, print_json
from factory.cli.wiring import bookkeeper, ledger_of


@click.command("release")
@click.argument("work_order", type=FILE)
@click.option("--specs", type=FOLDER, help="The specs repository, which holds the ledger. Default: "
              "the current folder; in a GitHub job, this repository.")  # fmt: skip
@click.option("--spent", type=FILE, help="What `factory build` wrote: spent.json. Without it, or "
              "if it does not exist, all that was set aside counts as spent.")  # fmt: skip
@json_option
def command(work_order: Path, specs: Path | None, spent: Path | None, as_json: bool) -> int:
    """Settle what was set aside for WORK_ORDER; doing it twice changes nothing."""
    from factory.ledger.accounts import Used
    from factory.records import Spend, WorkOrder, read

    total = None
    if spent is not None and spent.exists():
        told = read(Spend, spent)
        total = Used(nano=money.charge(told.usd), tokens=told.tokens, seconds=told.seconds)
    shop = bookkeeper(ledger_of(specs) or ledger_of(Path()))
    # A job that is run again is another machine: it knows nothing of what the first one spent.
    shop.release(read(WorkOrder, work_order), total, apart=on_github())
    known = total is not None
    if as_json:
        print_json({"usd": money.dollars(total.nano) if total else None, "known": known})
    else:
        click.echo(f"{money.said(total.nano)} spent" if total else "its spend is not known")
    return 0
