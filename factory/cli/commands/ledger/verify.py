"""`factory ledger verify`: whether the ledger is what was once written."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factory.cli import overview
from factory.cli.output import clean, json_option, print_json

if TYPE_CHECKING:
    from factory.ledger.verify import Verified

MOST_SHOWN = 50
_NAMES = {"own": "this repository's ledger", "origin": "origin's ledger, as last fetched"}


@click.command("verify")
@overview.specs_option
@overview.fetch_option
@click.option(
    "--accept-rewrite",
    is_flag=True,
    help="The branch was meant to be rewritten: remember it here as it is now.",
)
@json_option
def command(specs: Path, fetch: bool, accept_rewrite: bool, as_json: bool) -> int:
    """Find entries that were altered, removed, inserted or moved, and a branch that was rewritten.

    Every commit and entry is read and every link followed; the head is compared with the newest
    one that was seen in this clone. Exit code 1 where anything is wrong.
    """
    from factory.ledger import verify as verifying

    source = overview.source(specs, fetch=fetch)
    if accept_rewrite:
        verifying.forget(specs)
    overview.require_ledger(source)
    found: dict[str, Verified] = {}
    for name, head in source.heads.items():
        found[name] = verifying.verify(specs, name, head)
        if not found[name].faults:
            verifying.remember(specs, name, head)
    if accept_rewrite:
        overview.forget(source)
    sound = not any(one.faults for one in found.values())
    if as_json:
        print_json(
            {
                "sound": sound,
                "ledger": source.to_data(),
                "heads": {name: _data(one) for name, one in found.items()},
                "notes": list(source.notes),
            }
        )
    else:
        for name, one in found.items():
            _print(name, one)
        for note in source.notes:
            click.echo(f"note: {clean(note, 2000)}", err=True)
    return 0 if sound else 1


def _data(found: Verified) -> dict[str, Any]:
    """The shape of one head in `factory ledger verify --json` (stable; fields may be added)."""
    return {
        "head": found.head,
        "entries": found.entries,
        "unchained": found.unchained,
        "history-is-cut": found.cut,
        "remembered": found.remembered,
        "faults": [asdict(one) for one in found.faults],
    }


def _print(name: str, found: Verified) -> None:
    click.secho(f"{_NAMES[name]}, at {found.head[:12]}", bold=True)
    for fault in found.faults[:MOST_SHOWN]:
        place = f"{fault.path}: " if fault.path else ""
        click.secho(f"  {fault.kind}: ", fg="red", nl=False)
        click.echo(clean(f"{place}{fault.what}", 2000))
        click.echo(f"    seen in commit {fault.commit}")
        click.echo(f"    mend: {clean(fault.mend, 2000)}")
    if len(found.faults) > MOST_SHOWN:
        click.echo(f"  … and {len(found.faults) - MOST_SHOWN} more")
    count = f"{found.entries:,} entr{'y' if found.entries == 1 else 'ies'}"
    if not found.faults:
        click.echo(f"  {count}: {click.style('none was altered', fg='green')}")
    else:
        click.echo(f"  {count}, {len(found.faults)} faults")
    if found.unchained:
        click.echo(
            f"  {found.unchained:,} of them are from before entries were chained: for those the "
            "history speaks, not a link"
        )
    if found.cut:
        click.echo(
            "  this clone has not the whole history: what was altered before it begins shows "
            "only in broken links (`git fetch --unshallow`)"
        )
    if found.remembered is None:
        click.echo("  there was no head to compare with yet; this one is remembered here")
