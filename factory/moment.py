"""Times as records and the ledger hold them: UTC, to the second, as 2026-11-22T21:10:08Z."""

from __future__ import annotations

from datetime import UTC, datetime

FORM = "%Y-%m-%dT%H:%M:%SZ"
_LENGTH = len("2026-11-22T21:10:08Z")


def moment_text(moment: datetime) -> str:
    """A time with its zone, in that form."""
    return moment.astimezone(UTC).strftime(FORM)


def moment_of(text: str) -> datetime:
    """The time that a text in that form names.

    Raises:
        ValueError: it has another form.
    """
    if len(text) != _LENGTH or not text.isascii():  # `strptime` takes 2026-1-2 as well.
        raise ValueError(f"not in the form {FORM}: {text!r}")
    return datetime.strptime(text, FORM).replace(tzinfo=UTC)
