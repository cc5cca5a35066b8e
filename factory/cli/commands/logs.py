"""`factory logs`: what the ledger and this machine know of one run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factory.cli import overview
from factory.cli.output import FOLDER, clean, json_option, print_json
from factory.errors import UsageError

if TYPE_CHECKING:
    from factory.ledger.index import Index
    from factory.records import LedgerEntry

# What may be shown of a run's folder. The rest (reports of scenarios, private records) belongs to
# those who may see scenarios, and is neither read nor named here.
_SHOWN = ("work-order.json", "trajectory.jsonl", "attempt.json", "candidate.json",
          "public-verdict.json", "shipment.json", "report.html")  # fmt: skip
_FACTS = (
    "verdict", "failure_class", "requirements_not_met", "commit", "agent", "usd", "reserved_usd",
    "tokens", "seconds", "leak_bits", "reason",
)  # fmt: skip


@click.command("logs")
@click.argument("run")
@overview.specs_option
@click.option("--state", type=FOLDER, help="Where `factory run` keeps its records. "
              "Default: .factory in the specs repository.")  # fmt: skip
@overview.fetch_option
@json_option
def command(run: str, specs: Path, state: Path | None, fetch: bool, as_json: bool) -> int:
    """Tell what is known of RUN, event by event, and where its files lie on this machine.

    RUN is a run's id, or a part of it that no other has. Nothing of scenarios is told.
    """
    source = overview.source(specs, fetch=fetch)
    folder = state or specs / ".factory"
    entries, warnings = overview.asked(
        source, lambda index: (_entries(index, run, folder), overview.warnings(source, index))
    )
    run_id = entries[0].run_id if entries else run
    files = _files(folder / "runs" / run_id)
    if as_json:
        print_json(
            {
                "ledger": source.to_data(),
                "run": run_id,
                "events": [_data(one) for one in entries],
                "files": files,
                "notes": list(source.notes),
                "warnings": warnings,
            }
        )
        return 1 if warnings else 0
    for warning in warnings:
        click.secho(clean(warning, 2000), fg="red", bold=True)
    if entries:
        first = entries[0]
        title = f"{run_id}  {first.spec_id} version {first.spec_version}, {first.product}"
        click.secho(clean(title), bold=True)
    for one in entries:
        facts = "  ".join(f"{name} {_text(value)}" for name, value in _facts(one).items())
        line = f"{one.at}  attempt {one.attempt}  {one.event:<9} {facts}"
        click.echo(f"  {clean(line, 2000)}")
    if not entries:
        click.echo("the ledger knows nothing of it")
    click.secho("On this machine", bold=True)
    for name in files or ["nothing"]:
        click.echo(f"  {clean(name, 2000)}")
    for note in source.notes:
        click.echo(f"note: {clean(note, 2000)}", err=True)
    return 1 if warnings else 0


def _entries(index: Index, run: str, state: Path) -> list[LedgerEntry]:
    from factory.ledger import facts

    ids = facts.run_ids(index, run)
    if len(ids) > 1 and run not in ids:
        raise UsageError(
            f"{run!r} is a part of more than one run", mend=f"name one of: {', '.join(ids)}"
        )
    if not ids:
        if (state / "runs" / run).is_dir() and Path(run).name == run:
            return []
        raise UsageError(f"there is no run {run!r}", mend="`factory runs` lists them")
    return index.of_run(run if run in ids else ids[0])


def _data(entry: LedgerEntry) -> dict[str, Any]:
    data: dict[str, Any] = entry.to_data()
    return data


def _facts(entry: LedgerEntry) -> dict[str, Any]:
    found = {name: getattr(entry, name) for name in _FACTS}
    return {name: value for name, value in found.items() if value}


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _files(folder: Path) -> list[str]:
    """Paths of what may be shown, those of each attempt in order."""
    if not folder.is_dir():
        return []
    found = [folder / name for name in _SHOWN if (folder / name).is_file()]
    number = 1
    while (attempt := folder / f"attempt-{number}").is_dir():
        found += [attempt / name for name in _SHOWN if (attempt / name).is_file()]
        number += 1
    return [str(path) for path in found]
