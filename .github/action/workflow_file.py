# ruff: noqa: T201
"""What a step may say to the runner: outputs, annotations, and text that is never a command."""

from __future__ import annotations

import contextlib
import os
import secrets
import unicodedata
from collections.abc import Iterator
from pathlib import Path


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
