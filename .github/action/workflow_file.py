# ruff: noqa: T201
"""What a step may say to the runner: outputs, annotations, and text that is never a command."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


def set_output(name: str, value: str) -> None:
    """Set a step output. The delimiter is random: no value can close it and add another."""
    delimiter = f"end-{secrets.token_hex(16)}"
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as stream:
        stream.write(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")


def annotate(level: str, message: str) -> None:
    """Print an annotation; `level` is notice, warning or error."""
    text = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
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
    print(line.rstrip("\r\n"), flush=True)
