"""`factory next`: what follows a line of jobs that has ended."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from factory.cli.output import FILE, clean, json_option, print_json
from factory.cli.wiring import bookkeeper, ledger_of, make_forge
from factory.errors import FactoryError, UsageError

if TYPE_CHECKING:
    from factory.forge.protocol import Forge
    from factory.pipeline.planning import Ledger
    from factory.pipeline.retry import Ended
    from factory.records import Record

R = TypeVar("R", bound="Record")


@click.command("next")
@click.argument("work_order", type=FILE)
@click.option("--candidate", type=FILE, help="The candidate, where there is one.")
@click.option("--public", type=FILE, help="The public verdict, where it is a fail.")
@click.option("--cause", default="", help="Else: a word for what ended it.")
@click.option("--shipped", is_flag=True, help="The candidate was shipped.")
@json_option
def command(
    work_order: Path,
    candidate: Path | None,
    public: Path | None,
    cause: str,
    shipped: bool,
    as_json: bool,
) -> int:
    """Enter how the line of WORK_ORDER ended into the ledger, and ask GitHub for what follows.

    That is the next attempt after a fail, as long as the run has a reason to go on, and else
    another plan. A spec that nothing follows for gets an issue, which a pass closes; where that
    cannot be, it is said. A record that cannot be read counts as missing.
    """
    from factory.pipeline.retry import Ended, follow
    from factory.records import Candidate, PublicVerdict, WorkOrder, read

    repository = os.environ.get("GITHUB_REPOSITORY", "")
    ledger = ledger_of(None)
    if not repository or ledger is None:
        raise UsageError(
            "there is nobody to ask for what follows",
            mend="run this in a GitHub job of the specs repository; `factory run` needs none",
        )
    forge = make_forge()
    ended = Ended(
        order=read(WorkOrder, work_order),
        candidate=_usable(Candidate, candidate),
        public=_usable(PublicVerdict, public),
        cause=cause,
        shipped=shipped,
    )
    follows = follow(
        ended, forge=forge, repository=repository, record=bookkeeper(ledger, forge).record
    )
    issue, note = _tell_people(ended, forge, ledger, repository)
    if as_json:
        print_json({"follows": follows, "issue": issue, "note": note})
    else:
        click.echo(clean(follows))
        if issue:
            click.echo(f"told on {clean(issue)}")
    if note:
        click.echo(f"note: {clean(note)}", err=True)
    return 0


def _tell_people(
    ended: Ended, forge: Forge, books: Ledger, repository: str
) -> tuple[str | None, str | None]:
    """The issue that tells of it, and why there is none. What follows does not depend on it."""
    from factory import ledger
    from factory.cli.wiring import run_url
    from factory.forge.address import server_url
    from factory.pipeline.conversation import keep

    try:
        talk = forge.conversation(repository)
        if talk is None:
            return None, None
        spec_id = ended.order.spec.id
        entries = ledger.ask(lambda entries: entries.of_spec(spec_id), url=books.url, env=books.env)
        place = f"{server_url(os.environ)}/{repository}"
        url = keep(ended, entries, talk=talk, now=datetime.now(UTC), place=place, run_url=run_url())
    except FactoryError as error:
        return None, f"no issue tells of it: {error.message}; {error.mend}"
    return url or None, None


def _usable(kind: type[R], path: Path | None) -> R | None:
    from factory.records import read

    try:
        return read(kind, path) if path is not None else None
    except FactoryError as error:
        click.echo(f"not usable: {clean(error.message)}", err=True)
        return None
