# ruff: noqa: T201
"""What a step may say to the runner: outputs, annotations, and text that is never a command."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

SHOWN_OF_A_LEVEL = 9  # GitHub shows 10 of a step, and the stage's own last word is one.


def set_output(name: str, value: str) -> None:
    """Set a step output. The delimiter is random: no value can close it and add another."""
    delimiter = f"end-{secrets.token_hex(16)}"
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as stream:
        stream.write(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")


def annotate(level: str, message: str) -> None:
    """Print an annotation; `level` is notice, warning or error."""
    text = "\n".join(plain(line) for line in message.splitlines())
    text = text.replace("%", "%25").replace("\n", "%0A")
    print(f"::{level} title=Dark Factory::{text}", flush=True)


def annotate_lines(notes: Sequence[Mapping[str, Any]]) -> None:
    """Print annotations on lines of files, as many as GitHub would show."""
    from factory.ports import workflow

    for level in ("error", "warning"):
        chosen = [one for one in notes if (one["level"] == "failure") == (level == "error")]
        for one in chosen[:SHOWN_OF_A_LEVEL]:
            # A name that cannot be printed as it is would point nowhere.
            path = one["path"] if plain(one["path"]) == one["path"] else ""
            message = "\n".join(plain(line) for line in one["message"].splitlines())
            line = int(one["start_line"])
            title = plain(one["title"])
            print(workflow.annotation(level, message, title=title, path=path, line=line))
        if len(chosen) > SHOWN_OF_A_LEVEL:
            more = len(chosen) - SHOWN_OF_A_LEVEL
            annotate("notice", f"and {more} more {level}s; the summary of this run has them")
    sys.stdout.flush()


def add_summary(markdown: str) -> None:
    """Add to the page of this run, where the runner has one."""
    from factory.ports import workflow

    if os.environ.get("GITHUB_STEP_SUMMARY"):
        workflow.add_summary(markdown, os.environ)


@contextlib.contextmanager
def no_commands() -> Iterator[None]:
    """Until the context is left, no line of the log is taken for a workflow command."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    try:
        yield
    finally:
        print(f"\n::{token}::", flush=True)


def show(line: str) -> None:
    """Print one line of another program's text."""
    print(plain(line), flush=True)


def plain(line: str) -> str:
    """`line` without control characters and without `##[`.

    `no_commands` keeps the runner from carrying out such a command, but the page that shows the
    log still takes it for a group, a warning or an error of ours.
    """
    kept = (one for one in line if one == "\t" or unicodedata.category(one) not in ("Cc", "Cf"))
    return "".join(kept).replace("##[", "## [")
