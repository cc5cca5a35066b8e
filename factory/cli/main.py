"""`factory`: finds the command, runs it, and maps every error to its exit code."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from itertools import pairwise

import click

from factory import __version__
from factory.cli.failure import report_bug, report_error
from factory.cli.lazy import LazyGroup
from factory.errors import FactoryError

COMMANDS = {
    "init": "Write the skeleton of a specs, scenarios or product repository.",
    "new": "Write a new spec from the template of its kind.",
    "check": "Check specs as the gate does, before any money is spent.",
    "gate": "Check the specs of a pull request where its reviewers look.",
    "plan": "Write a work order for each ready spec that has not shipped.",
    "budget": "Set aside on the ledger what an attempt may use, and settle it.",
    "build": "Let the agent of a work order build in a sandbox.",
    "hold": "Commit what the agent left to a holding branch; execute nothing of it.",
    "evaluate": "Run the holdouts against a candidate from outside its sandbox.",
    "verdict": "Decide on a candidate, redact, and publish the verdict.",
    "ship": "Bring exactly the judged commit to the product's base branch.",
    "judge": "Judge a commit that anybody wrote by the holdouts alone.",
    "verify": "Say whether a signed verdict lets a commit be deployed.",
    "next": "Ask GitHub for what follows a line that has ended.",
    "answer": "Answer what somebody said on the issue of a spec.",
    "run": "Take specs through the whole line, with retries.",
    "status": "Show the queue, what runs, verdicts, and what today has cost.",
    "runs": "List runs, newest first.",
    "logs": "Tell what is known of one run, event by event.",
    "ledger": "Check that the record of runs was not altered.",
    "context": "Look at what an agent would be given with a spec.",
    "demo": "See the whole line at work on an example, with no account and no key.",
    "scenarios": "Check, count, draft and judge scenarios, where they may be seen.",
    "spec": "Compare versions of specs, see what became of them, and import documents.",
    "doctor": "Say what this machine lacks, and how to mend it.",
}
INTERRUPTED = 130


@click.group(
    cls=LazyGroup,
    package="factory.cli.commands",
    listed=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "--version", message="factory %(version)s")
def group() -> None:
    """Specifications go in; working, judged software comes out.

    Exit codes: 0 pass or done, 1 fail, 2 usage or unreadable input, 3 nothing to do,
    4 budget exceeded, 5 inconclusive, 70 a bug of ours, 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = _asks_for_json(words)
    try:
        code = group.main(words, prog_name="factory", standalone_mode=False)
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.exceptions.Abort:
        code = _interrupted()
    except click.ClickException as error:
        error.show(sys.stderr)
        code = 2
    except KeyboardInterrupt:
        code = _interrupted()
    except FactoryError as error:
        code = report_error(error, as_json=as_json)
    except BrokenPipeError:
        # The reader of our output went away: nothing is left to tell anyone.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except Exception as error:
        code = report_bug(error, as_json=as_json)
    sys.stdout.flush()
    sys.exit(code if isinstance(code, int) else 0)


def run() -> None:
    """The same as a process of its own: `check` ends at once, when all is written.

    To take apart what it has in memory takes Python a tenth of the time that one spec takes.
    """
    try:
        main()
    except SystemExit as end:
        alone = threading.active_count() == 1
        if sys.argv[1:2] == ["check"] and alone and isinstance(end.code, int):
            sys.stderr.flush()
            os._exit(end.code)  # Its files are closed; `main` has flushed what it printed.
        raise


def _asks_for_json(words: Sequence[str]) -> bool:
    """Whether stdout is to be one JSON document, also where the command fails early."""
    return bool({"--json", "--format=json"} & set(words)) or ("--format", "json") in pairwise(words)


def _interrupted() -> int:
    click.echo("interrupted; run the same command again to go on", err=True)
    return INTERRUPTED
