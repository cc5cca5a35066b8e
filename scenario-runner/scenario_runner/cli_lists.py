"""The commands that run nothing: what is expected, and what can be said."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scenario_runner.counted import counted
from scenario_runner.progress import place, plain


@click.command("inventory")
@click.argument("features", type=click.Path(path_type=Path))
@click.option("--tags", metavar="EXPRESSION", help="Such as: @must and not @sealed")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--steps",
    "with_steps",
    is_flag=True,
    help="With --json: each scenario's steps too, and the library's phrase that each one is.",
)
def inventory_command(features: Path, tags: str | None, as_json: bool, with_steps: bool) -> None:
    """List the scenarios expected, from the feature files alone; exit 2 if any has an error."""
    from scenario_runner.suite import inventory

    taken, _ = inventory.take(features, tags)
    if as_json and with_steps:
        from scenario_runner.suite.outline import outline

        click.echo(json.dumps(outline(taken), ensure_ascii=False, indent=2))
    elif as_json:
        click.echo(json.dumps(taken.as_json(), ensure_ascii=False, indent=2))
    else:
        for scenario in taken.scenarios:
            labels = " ".join(scenario.tags)
            line = f"{scenario.id}  {scenario.path}:{scenario.line}  {scenario.name}  {labels}"
            click.echo(plain(line.rstrip()))
        scenarios = counted(len(taken.scenarios), "scenario")
        click.echo(f"{scenarios}, {counted(len(taken.errors), 'error')}")
    for error in taken.errors:
        click.echo(plain(f"{place(error.path, error.line)}{error.message}"), err=True)
    raise SystemExit(2 if taken.errors else 0)


@click.command("steps")
@click.argument("words", metavar="[WORD]", nargs=-1)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON document, for editors too: Cucumber expressions and parameter types.",
)
def steps_command(words: tuple[str, ...], as_json: bool) -> None:
    """List the step library with examples; WORD narrows the list."""
    from scenario_runner.engine import phrases

    found = phrases.search(" ".join(words))
    if as_json:
        document = {
            "steps": [step.as_json() for step in found],
            "parameterTypes": phrases.parameter_types(),
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for step in found:
            click.echo(f"{step.keyword} {step.phrase}")
            click.echo(f"    {step.about}")
            for line in step.example.splitlines():
                click.echo(f"      {line}")
    if not found:
        click.echo("no step fits; try another word, or none", err=True)
        raise SystemExit(3)
