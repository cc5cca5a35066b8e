"""The command line. The only module that prints or exits."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

from tally import fields, ledger
from tally.balance import balances
from tally.errors import FieldError, TallyError, UsageError
from tally.output import amount_text, csv_text


def main() -> None:
    """Run the command line of this process and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code: 0 done, 1 unusable file, 2 usage."""
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        sys.stdout.write(options.command(options))
    except UsageError as error:
        print(f"tally: {error}", file=sys.stderr)
        return 2
    except TallyError as error:
        print(f"tally: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tally", description="A plain-text ledger.", allow_abbrev=False
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    add = commands.add_parser("add", help="append an entry", allow_abbrev=False)
    add.add_argument("file", metavar="FILE")
    add.add_argument("--date", required=True)
    add.add_argument("--account", required=True)
    add.add_argument("--amount", required=True)
    add.add_argument("--currency", required=True)
    add.add_argument("--note", default="")
    add.set_defaults(command=_add)

    balance = commands.add_parser("balance", help="print all balances", allow_abbrev=False)
    balance.add_argument("file", metavar="FILE")
    balance.set_defaults(command=_balance)
    return parser


def _add(options: argparse.Namespace) -> str:
    entry = ledger.Entry(
        _option(fields.read_date, options.date),
        _option(fields.read_account, options.account),
        _option(fields.read_amount, options.amount),
        _option(fields.read_currency, options.currency),
        options.note,
    )
    ledger.append(options.file, [entry])
    return ""


def _balance(options: argparse.Namespace) -> str:
    rows = balances(ledger.read_ledger(options.file))
    return csv_text(
        [
            ["account", "currency", "balance"],
            *([account, currency, amount_text(total)] for account, currency, total in rows),
        ]
    )


def _option(read: Callable[[str], Any], text: str) -> Any:
    """An option read as a field. Raises UsageError instead of FieldError."""
    try:
        return read(text)
    except FieldError as error:
        raise UsageError(str(error)) from None
