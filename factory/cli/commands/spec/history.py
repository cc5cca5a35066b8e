"""`factory spec history`: the versions of a spec, which runs judged each, what shipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factory.cli.output import FOLDER, json_option, print_json
from factory.cli.sheet import Block, Piece, print_blocks
from factory.cli.wiring import make_forge
from factory.errors import FactoryError

if TYPE_CHECKING:
    from factory.records import LedgerEntry
    from factory.spec.versions.history import History, Version
    from factory.spec.versions.runs import Run

VERDICTS = {"pass": "added", "fail": "removed"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A version, its runs, and the commit that shipped it: None where none did or none is known."""

    version: Version
    runs: Sequence[Run]
    shipped: str | None


@click.command("history")
@click.argument("spec_id")
@click.option("--specs", type=FOLDER, default=".", help="The specs repository. Default: here.")
@json_option
def command(spec_id: str, specs: Path, as_json: bool) -> int:
    """Show the versions of SPEC_ID: commit, date and author, runs that judged it, what shipped.

    What shipped is read from the product's base branch; where that cannot be reached, a note says
    so. Runs are those of the ledger as this clone has it.
    """
    from factory.spec.versions.history import read_history
    from factory.spec.versions.runs import runs_of

    history = read_history(specs, spec_id)
    notes = _notes(history)
    shipped = _shipped(specs, history, notes)
    entries = _ledger(specs, notes)
    rows = [
        Row(
            version=one,
            runs=runs_of(one, spec_id, entries),
            shipped=shipped.get(one.product, {}).get(one.number),
        )
        for one in history.versions
    ]
    if as_json:
        print_json({"id": spec_id, "versions": [_data(row) for row in rows], "notes": notes})
    else:
        print_blocks(_blocks(spec_id, rows, shipped, notes))
    return 0


def _notes(history: History) -> list[str]:
    notes = []
    working, newest = history.working, next(iter(history.versions), None)
    if working is not None and (newest is None or working.text != newest.document.text):
        notes.append(f"the text in the folder (version {working.meta.get('version')}) is not"
                     " committed")  # fmt: skip
    if history.removed:
        notes.append("the spec was removed")
    if history.is_cut:
        notes.append("this clone does not have the whole history: `git fetch --unshallow`")
    return notes


def _shipped(specs: Path, history: History, notes: list[str]) -> dict[str, Mapping[int, str]]:
    """Product → version → commit, for the products that could be asked."""
    from factory.config.factory_file import load_configuration
    from factory.plan.plan import read_bases
    from factory.ports.scratch import scratch

    found: dict[str, Mapping[int, str]] = {}
    for name in dict.fromkeys(one.product for one in history.versions):
        try:
            product = load_configuration(specs).products.get(name)
            if product is None:
                notes.append(f"what shipped is not known: {name} is no product of factory.yml")
                continue
            with scratch("history") as folder:
                bases = read_bases([product], make_forge(), folder)
            found[name] = bases.shipped[name].get(history.spec_id, {})
        except FactoryError as error:
            notes.append(f"what shipped to {name} is not known: {error.message}")
    return found


def _ledger(specs: Path, notes: list[str]) -> list[LedgerEntry]:
    from factory import ledger

    try:
        entries = ledger.read_clone(specs)
    except FactoryError as error:
        notes.append(f"which runs judged it is not known: {error.message}")
        return []
    if not entries:
        notes.append(f"this clone has no ledger of runs: no branch {ledger.BRANCH}")
    return entries


def _data(row: Row) -> dict[str, Any]:
    one = row.version
    return {
        "version": one.number,
        "status": one.status,
        "commit": one.commit,
        "date": one.author.at.isoformat(),
        "author": {"name": one.author.name, "email": one.author.email},
        "subject": one.subject,
        "path": one.path,
        "digest": one.document.digest,
        "drafts": one.drafts,
        "product": one.product,
        "runs": [asdict(run) for run in row.runs],
        "shipped": row.shipped,
    }


def _blocks(
    spec_id: str, rows: Sequence[Row], shipped: Mapping[str, Any], notes: Sequence[str]
) -> list[Block]:
    blocks = []
    for row in rows:
        one = row.version
        block = Block(
            heading=(
                (f"{spec_id} version {one.number}", "heading"),
                (f"{one.status} · {one.author.at:%Y-%m-%d %H:%M %z}", ""),
            )
        )
        block.row("", "author", (f"{one.author.name} <{one.author.email}>", ""))
        block.row("", "commit", (one.commit[:12], "changed"), (one.subject, ""))
        block.row("", "file", (one.path, ""), (_drafts(one.drafts), "faint"))
        for run in row.runs:
            block.row("", "run", (run.run_id, ""), *_run(run))
        if not row.runs:
            block.row("", "run", ("none", "faint"))
        known = one.product in shipped
        text = row.shipped[:12] if row.shipped else "no" if known else "not known"
        block.row("", "shipped", (text, "added" if row.shipped else "faint"))
        blocks.append(block)
    if notes:
        block = Block(heading=(("Notes", "heading"),))
        for note in notes:
            block.row("", "", (note, ""))
        blocks.append(block)
    return blocks


def _drafts(count: int) -> str:
    return f"({count} other text{'s' * (count > 1)} by this version)" if count else ""


def _run(run: Run) -> list[Piece]:
    pieces: list[Piece] = []
    for one in run.judged:
        pieces.append((f"· attempt {one.attempt}", ""))
        pieces.append((one.verdict, VERDICTS.get(one.verdict, "changed")))
        pieces.append(((one.candidate or "")[:12], ""))
    if not run.judged:
        reason = f": {run.reason}" if run.reason else ""
        pieces.append((f"· {run.last}, not judged{reason}", "changed"))
    pieces.append((f"· {run.usd:.2f} USD", "faint"))
    if not run.same_text:
        pieces.append(("· given another text than this version's", "removed"))
    return pieces
