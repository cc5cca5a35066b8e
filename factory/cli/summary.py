"""The end of `run` and `demo`: a table of requirements, attempts, spend, commits and the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from factory.cli.output import clean, print_json

if TYPE_CHECKING:
    from factory.cli.running import Outcome
    from factory.learn import RunSummary

_WORDS = {
    "met": ("✓ met", "green"),
    "not-met": ("✗ not met", "red"),
    "not-checked": ("· not checked", "yellow"),
    "pass": ("pass", "green"),
    "fail": ("fail", "red"),
    "inconclusive": ("inconclusive", "yellow"),
}


def print_runs(outcome: Outcome, *, as_json: bool) -> None:
    """Print what came of every run; JSON in the shape of the design's contract."""
    if as_json:
        print_json(as_data(outcome))
        return
    for run in outcome.runs:
        print_run(run)
    for spec_id, reason in outcome.waiting.items():
        click.echo(f"{spec_id}: {clean(reason)}")
    for spec_id, error in outcome.refused.items():
        click.echo(f"{spec_id}: held up by the budget: {clean(error.message)}")
        click.echo(f"  mend: {clean(error.mend)}")
    if not outcome.runs and not outcome.waiting and not outcome.refused:
        click.echo("nothing to do: there is no spec")


def as_data(outcome: Outcome) -> dict[str, Any]:
    """The last run at the top, in the contract's shape, and all runs below `runs`."""
    rows = [run.to_data() for run in outcome.runs]
    empty: dict[str, Any] = {
        "mode": None,
        "agent": None,
        "product": None,
        "attempts": [],
        "shipped": None,
        "report": None,
    }
    refused = {
        spec_id: {
            "level": error.level,
            "message": error.message,
            "mend": error.mend,
            "frees-at": error.frees_at,
        }
        for spec_id, error in outcome.refused.items()
    }
    return {
        **(rows[-1] if rows else empty),
        "runs": rows,
        "waiting": outcome.waiting,
        "refused": refused,
    }


def print_run(run: RunSummary) -> None:
    """One run as tables on stdout."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False)
    # As Text: in a plain string rich would read the author's square brackets as markup.
    title = Text(clean(run.order.spec.title))
    requirements = Table(box=box.SIMPLE, title=title, title_justify="left")
    requirements.add_column("requirement", no_wrap=True)
    requirements.add_column("what the spec asks", ratio=1)
    for one in run.attempts:
        requirements.add_column(f"attempt {one.attempt}", no_wrap=True)
    for item in run.order.spec.requirements:
        cells = [_word(one.requirements.get(item.id, "not-checked")) for one in run.attempts]
        requirements.add_row(item.id, Text(clean(item.text, 90)), *cells)
    console.print(requirements)
    attempts = Table(box=box.SIMPLE)
    for name in ("attempt", "verdict", "holdouts", "spend", "time", "candidate"):
        attempts.add_column(name, no_wrap=True)
    for one in run.attempts:
        attempts.add_row(
            str(one.attempt),
            _word(one.verdict),
            f"{one.scenarios_passed} of {one.scenarios_expected} passed",
            f"{one.usd:.2f} USD",
            f"{sum(one.seconds.values()):.1f} s",
            (one.candidate or "none")[:12],
        )
    console.print(attempts)
    for one in run.attempts:
        if one.agent_ended == "budget":
            said = f"attempt {one.attempt} was stopped by the budget: {clean(one.agent_message)}"
            console.print(Text(said), soft_wrap=True)
    if run.shipment:
        console.print(
            f"shipped: {run.shipment.branch} is now {run.shipment.commit}", soft_wrap=True
        )
    else:
        why = f"; no attempt follows: {clean(run.stopped)}" if run.stopped else ""
        console.print(Text(f"nothing shipped{why}"), soft_wrap=True)
    console.print(f"report:  {run.report}", soft_wrap=True)


def _word(key: str) -> Any:
    from rich.text import Text

    text, colour = _WORDS[key]
    return Text(text, style=colour)
