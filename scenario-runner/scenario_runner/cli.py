"""The command `scenario-runner`. Only this module, cli_lists.py and progress.py print or exit."""

from __future__ import annotations

import json
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NoReturn

import click

from scenario_runner import __version__
from scenario_runner.cli_lists import inventory_command, steps_command
from scenario_runner.errors import UsageFault
from scenario_runner.model import Inventory
from scenario_runner.progress import Progress
from scenario_runner.run.report import EXIT_INTERRUPTED, LOG_NAME, Report
from scenario_runner.subject_options import subject_options

EXIT_BUG = 70

_FILE = click.Path(path_type=Path, dir_okay=False)
_SECONDS = click.FloatRange(min=0, min_open=True, max=86_400)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="scenario-runner")
def cli() -> None:
    """Run Gherkin scenarios against a service or a command, from outside it."""


@cli.command("run")
@click.argument("features", type=click.Path(path_type=Path))
@subject_options
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
@click.option("--junit", type=_FILE, metavar="FILE", help="Also write JUnit XML.")
@click.option(
    "--messages", type=_FILE, metavar="FILE", help="Also write Cucumber Messages (NDJSON)."
)
@click.option(
    "--html", type=_FILE, metavar="FILE", help="Also write a page for the scenarios' authors."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    metavar="N",
    help="Run up to N scenarios side by side; apart those tagged @serial, those that are reset or "
    "restart a service that they share, those with steps about a browser, a started command, a "
    "terminal or a percentile of times, and, unless tagged @parallel, those with steps of the "
    "suite.",
)
@click.option("--fail-fast", is_flag=True, help="Start no scenario after one that did not pass.")
@click.option(
    "--retry",
    "retries",
    type=click.IntRange(0, 5),
    default=0,
    show_default=True,
    metavar="N",
    help="Run what failed or timed out again, up to N times, apart and after all others. It is "
    "never a pass: what passes then is flaky, and the run inconclusive.",
)
@click.option(
    "--order",
    "shuffle",
    callback=lambda _context, option, text: _read(option, text),
    metavar="shuffle[:SEED]",
    help="Run in a random order, the same again with the same seed; it is in the report.",
)
@click.option(
    "--rerun",
    type=click.Path(path_type=Path),
    metavar="REPORT",
    help="First what did not pass in this report.json, then everything else.",
)
@click.option(
    "--shard",
    callback=lambda _context, option, text: _read(option, text),
    metavar="I/N",
    help="Run the I-th of N parts of the suite; each scenario is in exactly one.",
)
@click.option(
    "--durations",
    type=click.Path(path_type=Path),
    metavar="REPORT",
    help="Split for --shard by the durations in this report.json.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report; progress to stderr.")
@click.option(
    "--quiet-names",
    is_flag=True,
    help="Print counts only: no name, step or path of a scenario leaves the report folder.",
)
def run_command(
    features: Path,
    subjects: tuple[str, ...],
    ready: tuple[str, ...],
    ports: tuple[str, ...],
    start_timeout: float,
    instances: int | None,
    fresh: Literal["suite", "feature", "scenario"],
    resets: tuple[str, ...],
    report_folder: Path,
    tags: str | None,
    scenario_timeout: float,
    total_timeout: float | None,
    seed: int | None,
    junit: Path | None,
    messages: Path | None,
    html: Path | None,
    jobs: int,
    fail_fast: bool,
    retries: int,
    shuffle: int | None,
    rerun: Path | None,
    shard: tuple[int, int] | None,
    durations: Path | None,
    as_json: bool,
    quiet_names: bool,
) -> None:
    """Run the scenarios below FEATURES.

    The files of --junit, --messages and --html quote scenarios: only their owner may read them.

    A service that the runner starts and that does not start fails its scenarios; what each one
    writes is in private-subjects.log, for the scenarios' authors.

    Exit codes: 0 all passed, 1 some failed, 2 errors before the first scenario ran,
    5 inconclusive, 130 interrupted.
    """
    from scenario_runner.reports import write as extra
    from scenario_runner.run.child_process import ChildProcess

    wanted = extra.Wanted(junit=junit, messages=messages, html=html)
    extra.claim(wanted, report_folder)
    if durations is not None and shard is None:
        raise click.UsageError("--durations is of use with --shard I/N alone")
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asks to be left alone
        signal.signal(signal.SIGHUP, _interrupt)
    # Before all else, so that it is ready when the inventory is.
    child = ChildProcess()

    from scenario_runner.run.run import RunRequest, run
    from scenario_runner.run.subjects import Wanted

    request = RunRequest(
        features=features,
        subjects=Wanted(subjects, fresh, resets, ready, ports, start_timeout, instances),
        report_folder=report_folder,
        tags=tags,
        seed=seed,
        scenario_timeout_seconds=scenario_timeout,
        total_timeout_seconds=total_timeout,
        jobs=jobs,
        fail_fast=fail_fast,
        retries=retries,
        shuffle=shuffle,
        rerun=rerun,
        shard=shard,
        durations=durations,
    )
    progress = Progress(quiet_names=quiet_names, to_stderr=as_json)
    taken: list[Inventory] = []
    began_at = time.time()
    try:
        with child:
            report = run(request, progress, child, taken.append)
    except (UsageFault, KeyboardInterrupt):
        raise
    except Exception:
        if not quiet_names:
            raise
        # A traceback may quote a scenario; it goes where only authors look.
        (report_folder / LOG_NAME).write_text(traceback.format_exc())
        raise SystemExit(_bug("see private.log in the report folder")) from None
    complaints: list[str] = []
    if wanted.files():
        from scenario_runner.reports.evidence import Evidence

        inventory = taken[0] if taken else Inventory((), ())
        evidence = Evidence.gather(report, inventory, report_folder, began_at)
        complaints = extra.write(wanted, evidence, report_folder)
    progress.close(report)
    for complaint in complaints:
        click.echo(f"scenario-runner: {complaint}", err=True)
    if as_json:
        document = _counts(report) if quiet_names else report.as_json()
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    raise SystemExit(report.exit_code)


cli.add_command(inventory_command)
cli.add_command(steps_command)


def _read(option: click.Parameter, text: str | None) -> Any:
    """The seed that --order names, or the place that --shard names; None where it is not given."""
    if text is None:
        return None
    from scenario_runner.run import order

    read: Callable[[str], Any] = order.shard_place if option.name == "shard" else order.shuffle_seed
    try:
        return read(text)
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from None


def _counts(report: Report) -> dict[str, Any]:
    return {
        "inventory": len(report.scenarios),
        "counts": report.counts,
        "errors": len(report.errors),
        "verdict": report.verdict,
        **({"flaky": len(report.flaky)} if report.retries else {}),
    }


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
