"""What commands share in printing: one JSON document, clean text, options of every command."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
VERDICT_EXIT = {"pass": 0, "fail": 1, "inconclusive": 5}


def print_json(data: Any) -> None:
    """Print one JSON document to stdout, as `json_text` writes it."""
    sys.stdout.write(json_text(data) + "\n")


def json_text(data: Any, indent: int | None = 2) -> str:
    """Data as JSON; what a terminal or a GitHub runner would act on is written as an escape."""
    import json

    text = json.dumps(data, indent=indent, ensure_ascii=False)
    shown = "".join(one if one == "\n" or is_shown(one) else _escape(one) for one in text)
    # The runner takes this for a command anywhere in a line.
    return shown.replace("##[", "#\\u0023[")


def print_exactly(text: str) -> None:
    """Print text that passed the gate to stdout, byte for byte.

    What would not pass it, since nobody sees it, is written as an escape; so is, in a GitHub job,
    what the runner would take for a command.
    """
    from factory.spec.visible import HIDDEN

    shown = HIDDEN.sub(lambda found: _escape(found[0]), text)
    if on_github():
        shown = shown.replace("::", ":\\u003a").replace("##[", "#\\u0023[")
    click.echo(shown.encode("utf-8", "backslashreplace"), nl=False)


def json_option(function: F) -> F:
    """`--json`: stdout is one JSON document, progress goes to stderr."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON document to stdout."
    )(function)


def clean(text: str, limit: int = 500) -> str:
    """Untrusted text on one line, without control, bidirectional or invisible characters.

    In a GitHub job what its runner would take for a command is parted: it reads `::` at the start
    of a line, after any white space, and `##[` anywhere (actions/runner, ActionCommand.cs).
    """
    kept = "".join(
        " " if char in "\r\n\t" else char for char in text if char in "\r\n\t" or is_shown(char)
    )
    kept = " ".join(kept.split())
    kept = kept if len(kept) <= limit else kept[: limit - 1] + "…"
    if on_github():
        kept = kept.replace("::", ": :").replace("##[", "## [")
    return kept


def on_github() -> bool:
    """Whether this runs in a GitHub Actions job."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def is_shown(char: str) -> bool:
    """Whether a terminal shows the character, and does nothing else with it."""
    return unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")


def _escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    pairs = [units[at : at + 2].hex() for at in range(0, len(units), 2)]
    return "".join(f"\\u{pair}" for pair in pairs)
