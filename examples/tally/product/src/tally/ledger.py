"""Ledgers: entries in a CSV file. Entries are only ever appended."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from tally import fields
from tally.errors import FieldError, TallyError

HEADER = ["date", "account", "amount", "currency", "note"]


@dataclass(frozen=True)
class Entry:
    """One movement of money. A negative amount goes out, a positive one comes in."""

    date: date
    account: str
    amount: Decimal
    currency: str
    note: str = ""

    def row(self) -> list[str]:
        """The entry as the fields of a CSV row, in the order of HEADER."""
        return [self.date.isoformat(), self.account, f"{self.amount:f}", self.currency, self.note]


def read_text(path: str) -> str:
    """The whole file as text, UTF-8. Raises TallyError."""
    try:
        return Path(path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise TallyError(f"{path}: not found") from None
    except OSError as error:
        raise TallyError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TallyError(f"{path}: not UTF-8 text") from None


def read_ledger(path: str) -> list[Entry]:
    """All entries in the order of the file. Raises TallyError naming file and line."""
    rows = csv.reader(io.StringIO(read_text(path), newline=""))
    entries = []
    first = True
    try:
        for row in rows:
            if not row:
                continue
            if first:
                if row != HEADER:
                    raise FieldError(f"the header must be {','.join(HEADER)}")
                first = False
            else:
                entries.append(_entry(row))
    except (FieldError, csv.Error) as error:
        raise TallyError(f"{path}:{rows.line_num}: {error}") from None
    return entries


def _entry(row: list[str]) -> Entry:
    if len(row) != len(HEADER):
        raise FieldError(f"a row has {len(HEADER)} fields, not {len(row)}")
    return Entry(
        fields.read_date(row[0]),
        fields.read_account(row[1]),
        fields.read_amount(row[2]),
        fields.read_currency(row[3]),
        row[4],
    )


def append(path: str, entries: Iterable[Entry]) -> None:
    """Append entries; a new or empty file gets the header first. Raises TallyError."""
    file = Path(path)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    try:
        before = file.read_bytes() if file.exists() else b""
        if not before.strip():
            writer.writerow(HEADER)
        elif not before.endswith(b"\n"):
            text.write("\n")
        writer.writerows(entry.row() for entry in entries)
        with file.open("ab") as output:
            output.write(text.getvalue().encode("utf-8"))
    except OSError as error:
        raise TallyError(f"{path}: {error.strerror}") from None
