"""The command `scenario-runner`. The only module that prints or exits."""

from __future__ import annotations

import json
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

import click

from scenario_runner import __version__
from scenario_runner.errors import UsageFault
from scenario_runner.model import Outcome, Scenario
from scenario_runner.run.report import EXIT_INTERRUPTED, LOG_NAME, Report

EXIT_BUG = 70

_SECONDS = click.FloatRange(min=0, min_open=True, max=86_400)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="scenario-runner")
def cli() -> None:
    """Run Gherkin scenarios against a service or a command, from outside it."""


@cli.command("run")
@click.argument("features", type=click.Path(path_type=Path))
@click.option(
    "--subject",
    required=True,
    metavar="URL|COMMAND|IMAGE",
    help="http(s)://…, http+unix://SOCKET (slashes as %2F), or a command to run.",
)
@click.option(
    "--report",
    "report_folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for report.json and the private detail.",
)
@click.option("--tags", metavar="EXPRESSION", help="Such as: @must and not (@slow or @sealed)")
@click.option(
    "--scenario-timeout",
    type=_SECONDS,
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="A scenario that takes longer is timed_out.",
)
@click.option(
    "--total-timeout",
    type=_SECONDS,
    metavar="SECONDS",
    help="The whole run is cut short after this time.",
)
@click.option("--seed", type=int, help="Make generated values the same again.")
@click.option("--json", "as_json", is_flag=True, help="Print the report; progress to stderr.")
@click.option(
    "--quiet-names",
    is_flag=True,
    help="Print counts only: no name, step or path of a scenario leaves the report folder.",
)
def run_command(
    features: Path,
    subject: str,
    report_folder: Path,
    tags: str | None,
    scenario_timeout: float,
    total_timeout: float | None,
    seed: int | None,
    as_json: bool,
    quiet_names: bool,
) -> None:
    """Run the scenarios below FEATURES.

    Exit codes: 0 all passed, 1 some failed, 2 errors before the first scenario ran,
    5 inconclusive, 130 interrupted.
    """
    from scenario_runner.run.run import RunRequest, run

    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asks to be left alone
        signal.signal(signal.SIGHUP, _interrupt)
    request = RunRequest(
        features=features,
        subject=subject,
        report_folder=report_folder,
        tags=tags,
        seed=seed,
        scenario_timeout_seconds=scenario_timeout,
        total_timeout_seconds=total_timeout,
    )
    progress = _Progress(quiet_names=quiet_names, to_stderr=as_json)
    try:
        report = run(request, progress.start, progress.outcome)
    except (UsageFault, KeyboardInterrupt):
        raise
    except Exception:
        if not quiet_names:
            raise
        # A traceback may quote a scenario; it goes where only authors look.
        (report_folder / LOG_NAME).write_text(traceback.format_exc())
        raise SystemExit(_bug("see private.log in the report folder")) from None
    progress.close(report)
    if as_json:
        document = _counts(report) if quiet_names else report.as_json()
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    raise SystemExit(report.exit_code)


@cli.command("inventory")
@click.argument("features", type=click.Path(path_type=Path))
@click.option("--tags", metavar="EXPRESSION", help="Such as: @must and not @sealed")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def inventory_command(features: Path, tags: str | None, as_json: bool) -> None:
    """List the scenarios expected, from the feature files alone; exit 2 if any has an error."""
    from scenario_runner.suite import inventory

    taken, _found = inventory.take(features, tags)
    if as_json:
        click.echo(json.dumps(taken.as_json(), ensure_ascii=False, indent=2))
    else:
        for scenario in taken.scenarios:
            labels = " ".join(scenario.tags)
            line = f"{scenario.id}  {scenario.path}:{scenario.line}  {scenario.name}  {labels}"
            click.echo(_plain(line.rstrip()))
        click.echo(f"{len(taken.scenarios)} scenarios, {len(taken.errors)} errors")
    for error in taken.errors:
        click.echo(_plain(f"{_place(error.path, error.line)}{error.message}"), err=True)
    raise SystemExit(2 if taken.errors else 0)


@cli.command("steps")
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


class _Progress:
    """Plain lines; with `quiet_names` only counts."""

    def __init__(self, *, quiet_names: bool, to_stderr: bool) -> None:
        self._quiet = quiet_names
        self._err = to_stderr
        self._expected = 0
        self._done = 0

    def start(self, expected: int) -> None:
        self._expected = expected
        self._say(f"{expected} scenarios")

    def outcome(self, scenario: Scenario, outcome: Outcome, seconds: float) -> None:
        self._done += 1
        if self._quiet:
            if self._done % 10 == 0:
                self._say(f"{self._done} of {self._expected} done")
            return
        place = f"{_plain(scenario.path)}:{scenario.line}"
        self._say(f"{outcome:9} {place}  {_plain(scenario.name)}  ({seconds:.2f} s)")

    def close(self, report: Report) -> None:
        if not self._quiet:
            for error in report.errors:
                place = _place(error.path, error.line)
                click.echo(_plain(f"error: {place}{error.message}"), err=True)
        elif report.errors:
            click.echo(f"{len(report.errors)} errors; see report.json", err=True)
        counts = ", ".join(f"{number} {name}" for name, number in report.counts.items() if number)
        self._say(f"{report.verdict}: {counts or 'no scenarios'}")

    def _say(self, text: str) -> None:
        try:
            click.echo(text, err=self._err)
        except BrokenPipeError:
            pass  # nobody reads our progress any more: the run goes on, the report is written


def _counts(report: Report) -> dict[str, Any]:
    return {
        "inventory": len(report.scenarios),
        "counts": report.counts,
        "errors": len(report.errors),
        "verdict": report.verdict,
    }


def _place(path: str, line: int) -> str:
    if not path:
        return ""
    return f"{path}:{line}: " if line else f"{path}: "


def _plain(text: str) -> str:
    """No terminal escapes, no CI workflow commands: what a suite says is shown as text."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def _interrupt(_number: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


def _bug(where: str) -> int:
    click.echo(f"scenario-runner: a bug of ours; {where}", err=True)
    return EXIT_BUG


def main() -> NoReturn:
    """Entry point; never returns."""
    try:
        cli(standalone_mode=False)
    except UsageFault as problem:
        click.echo(f"scenario-runner: {problem}", err=True)
        sys.exit(2)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(EXIT_INTERRUPTED)
    except SystemExit as problem:
        sys.exit(problem.code)
    except Exception:
        traceback.print_exc()
        sys.exit(_bug("please report the lines above"))
    sys.exit(0)
