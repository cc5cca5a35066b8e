"""`factory status`: the queue, what runs, verdicts, and what today has cost."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factory.cli import overview
from factory.cli.output import clean, json_option, print_json
from factory.cli.overview import COLOURS, Source, ago, event_text, print_row
from factory.errors import FactoryError, UsageError

if TYPE_CHECKING:
    from factory.ledger.facts import RunFacts, Spent
    from factory.ledger.index import Index
    from factory.ledger.standing import Standing

MOST_RUNS = 20


@dataclass(kw_only=True)
class Found:
    """What there is to say. `caps` is the budget of factory.yml; amounts are of today, UTC."""

    runs: int
    running: list[RunFacts]
    running_count: int
    verdicts: dict[str, int]
    today: Spent
    ever: Spent
    reserved_usd: float
    reserved_for: int
    reserved_ever_usd: float
    caps: dict[str, Any]
    queue: list[Standing]
    notes: list[str]
    warnings: list[str]
    spec: str | None = None


@click.command("status")
@click.argument("id", required=False)
@overview.specs_option
@overview.fetch_option
@json_option
def command(id: str | None, specs: Path, fetch: bool, as_json: bool) -> int:
    """Show the queue, what runs, verdicts, and today's spend against its caps.

    With ID, a spec: where it stands, and its runs. It is read from the ledger as this clone has
    it, and says how fresh that is; days are UTC.
    """
    now = datetime.now(UTC)
    source = overview.source(specs, fetch=fetch)
    found = overview.asked(source, lambda index: gather(source, index, id, now))
    found.notes[:0] = source.notes
    if as_json:
        print_json(_data(source, found))
    else:
        _print(source, found, now)
    return 1 if found.warnings else 0


def gather(source: Source, index: Index, spec: str | None, now: datetime) -> Found:
    """What there is to say of all specs, or of one.

    Raises:
        UsageError: neither specs nor ledger know the spec.
    """
    from factory.ledger import facts
    from factory.ledger.standing import queue

    fronts, notes = overview.fronts(source.folder, index)
    try:
        caps = overview.caps(source.folder, index)
    except FactoryError as error:
        caps, notes = {}, [*notes, f"{error.place}: {error.message}"]
    running = facts.open_runs(index, 1000)
    versions = [(one.id, one.version) for one in fronts]
    standing = queue(
        fronts,
        shipped=facts.shipped(index, versions),
        parked=facts.parked(index, versions),
        running={(one.spec_id, one.spec_version) for one in running},
        paused=facts.paused(index),
    )
    verdicts = facts.verdicts(index)
    count = sum(verdicts.values())
    if spec is not None:
        standing = [one for one in standing if one.spec == spec]
        running = facts.runs(index, spec=spec, limit=MOST_RUNS)
        if not running and spec not in {one.id for one in fronts}:
            raise _unknown(index, spec)
    today = f"{now:%Y-%m-%d}"
    reserved = facts.set_aside(index, today)
    return Found(
        runs=count,
        running=running[:MOST_RUNS],
        running_count=facts.open_count(index) if spec is None else len(running),
        verdicts={word: many for word, many in sorted(verdicts.items()) if word},
        today=facts.spent(index, today),
        ever=facts.spent(index),
        reserved_usd=reserved[0],
        reserved_for=reserved[1],
        reserved_ever_usd=facts.set_aside(index)[0],
        caps=caps,
        queue=standing,
        notes=notes,
        warnings=overview.warnings(source, index),
        spec=spec,
    )


def written(source: Source, found: Found, now: datetime) -> str:
    """What the command prints of it to stdout, without colours."""
    with redirect_stdout(StringIO()) as text:
        _print(source, found, now)
    return text.getvalue()


def _unknown(index: Index, spec: str) -> UsageError:
    from factory.ledger import facts

    if facts.runs(index, run_id=spec):
        return UsageError(f"{spec} is a run, not a spec", mend=f"`factory logs {spec}`")
    return UsageError(
        f"neither the specs nor the ledger know {spec!r}", mend="`factory status` lists the queue"
    )


def _data(source: Source, found: Found) -> dict[str, Any]:
    """The shape of `factory status --json` (stable; fields may be added)."""
    day = found.caps.get("day", {})
    data: dict[str, Any] = {
        "ledger": {**source.to_data(), "runs": found.runs},
        "today": {
            **asdict(found.today),
            "reserved-usd": found.reserved_usd,
            "reserved-for": found.reserved_for,
            "cap-usd": day.get("usd", overview.DAY_USD),
            "cap-tokens": day.get("tokens"),
        },
        "ever": {
            **asdict(found.ever),
            "reserved-usd": found.reserved_ever_usd,
            "cap-usd": found.caps.get("factory", {}).get("usd"),
        },
        "queue": [asdict(one) for one in found.queue],
        "notes": found.notes,
        "warnings": found.warnings,
    }
    if found.spec is None:
        data["running"] = [asdict(one) for one in found.running]
        data["running-count"] = found.running_count
        data["verdicts"] = found.verdicts
    else:
        data["spec"] = found.spec
        data["runs"] = [asdict(one) for one in found.running]
    return data


def _print(source: Source, found: Found, now: datetime) -> None:
    for warning in found.warnings:
        click.secho(clean(warning, 2000), fg="red", bold=True)
    runs = f"{found.runs:,} run{'s' * (found.runs != 1)}, " if source.heads else ""
    _line("Ledger", f"{runs}{source.to_line(now)}")
    if not source.heads:
        click.echo(f"        {_how_to_begin(source)}")
    _line("Today", _money(found))
    if found.spec is None and found.verdicts:
        words = (
            click.style(f"{many:,} {word}", fg=COLOURS.get(word))
            for word, many in found.verdicts.items()
        )
        _line("Verdicts", " · ".join(words))
    _section("Runs" if found.spec else "Running", found.running_count)
    for run in found.running:
        print_row(
            (clean(f"{run.spec_id} {run.spec_version}"), 30),
            (clean(run.run_id), 25),
            (f"attempt {run.attempt}", 10),
            (event_text(run), 20),
            (f"{run.usd:.2f} USD", 10),
            (ago(run.last_at, now), 0),
        )
    if found.running_count > len(found.running):
        click.echo(f"  … and {found.running_count - len(found.running):,} more: `factory runs`")
    waiting = [one for one in found.queue if one.state != "running" or found.spec]
    _section("Queue", len(waiting))
    for one in waiting:
        reason = f": {clean(one.reason)}" if one.reason else ""
        print_row((clean(f"{one.spec} {one.version}"), 30), (one.state + reason, 0))
    for note in found.notes:
        click.echo(f"note: {clean(note, 2000)}", err=True)


def _money(found: Found) -> str:
    day = found.caps.get("day", {})
    text = f"{found.today.usd:.2f} of {day.get('usd', overview.DAY_USD):.2f} USD"
    if found.reserved_for:
        text += f", {found.reserved_usd:.2f} set aside for {found.reserved_for} running"
    if "tokens" in day:
        text += f"; {found.today.tokens:,} of {day['tokens']:,} tokens"
    cap = found.caps.get("factory", {}).get("usd")
    text += f"; ever {found.ever.usd:.2f}" + (f" of {cap:.2f} USD" if cap else " USD")
    earlier = found.reserved_ever_usd - found.reserved_usd
    return text + (f", {earlier:.2f} for attempts that were cut short" if earlier > 0 else "")


def _how_to_begin(source: Source) -> str:
    if source.origin:
        return "`factory status --fetch` asks origin; a first run writes it"
    return "the first `factory run` writes it"


def _line(label: str, text: str) -> None:
    click.echo(f"{click.style(f'{label:<8}', bold=True)} {text}")


def _section(label: str, count: int) -> None:
    click.echo(f"{click.style(label, bold=True)}{'' if count else '  none'}")
