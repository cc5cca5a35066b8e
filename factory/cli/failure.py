"""Errors in a person's words, or as JSON; private ones without their content on GitHub."""

from __future__ import annotations

import click

from factory.cli.output import clean, on_github, print_json
from factory.errors import BudgetExceeded, FactoryError

BUG = 70
PRIVATE_MESSAGES = {
    "suite": "the scenarios have errors; what and where is not told here",
    "runner": "the scenario runner did not finish; what it said is not told here",
}
MESSAGE_LIMIT = 4000


def report_error(error: FactoryError, *, as_json: bool) -> int:
    """Print one error to stderr, and to stdout as JSON where asked; returns its exit code."""
    message, place, mend = error.message, error.place, error.mend
    if error.code in PRIVATE_MESSAGES and on_github():
        # Logs of a public repository are public; what the suite holds is not.
        message, place = PRIVATE_MESSAGES[error.code], ""
        mend = "run `scenario-runner inventory` on the scenario repository"
    # Names and values of specs, repositories and processes stand in all three.
    said = clean(f"{place}: {message}" if place else message, MESSAGE_LIMIT)
    click.echo(click.style("error: ", fg="red", bold=True) + said, err=True)
    if mend:
        click.echo(f"  mend: {clean(mend, MESSAGE_LIMIT)}", err=True)
    if as_json:
        told = not (error.code in PRIVATE_MESSAGES and on_github())
        limit: dict[str, str] = {}
        if isinstance(error, BudgetExceeded) and error.level:
            limit = {"level": error.level, "frees_at": error.frees_at}
        print_json(
            {
                "error": {
                    "code": error.code,
                    "message": message,
                    "path": error.path if told else None,
                    "line": error.line if told else None,
                    "column": error.column if told else None,
                    "mend": mend,
                    "exit_code": error.exit_code,
                    **limit,
                }
            }
        )
    return error.exit_code


def report_bug(error: Exception, *, as_json: bool) -> int:
    """Write the traceback to a file and say where it is; returns exit code 70."""
    from factory.ports.bug_report import keep

    name = keep(error)
    click.echo(f"bug: {type(error).__name__}; this is ours, not yours", err=True)
    click.echo(f"  mend: please report it{f' with {name}' if name else ''}", err=True)
    if as_json:
        print_json({"error": {"code": "bug", "message": type(error).__name__, "exit_code": BUG}})
    return BUG
