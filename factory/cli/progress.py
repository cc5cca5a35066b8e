"""Progress: a live line on a terminal, plain lines elsewhere, always on stderr."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

import click

from factory.cli.output import clean

if TYPE_CHECKING:
    from rich.status import Status


class Progress:
    """Tells which stage of which attempt runs and how long each took.

    Use as a context manager; `stage` begins a stage and ends the one before, `say` adds a line of
    detail. On a terminal the current stage is a live line with a spinner and its time. With a
    `prefix` there are plain lines alone, each beginning with it.
    """

    def __init__(self, title: str = "", *, prefix: str = "") -> None:
        self.title, self.prefix = title, prefix
        # One live line at a time: beside others each line says whose it is.
        self.live = not prefix and sys.stderr.isatty() and os.environ.get("TERM", "") != "dumb"
        self._status: Status | None = None
        self._current = ""
        self._began = 0.0
        self._notes: list[str] = []

    def __enter__(self) -> Progress:
        if self.title:
            self._print(self.title)
        if self.live:
            from rich.console import Console

            self._status = Console(stderr=True).status("starting")
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._finish("failed" if error else "done")
        if self._status:
            self._status.stop()

    def stage(self, name: str, attempt: int) -> None:
        """A stage begins."""
        self._finish("done")
        self._current = f"attempt {attempt} · {name}"
        self._began = time.monotonic()
        if self._status:
            self._status.update(f"[bold]{self._current}[/bold]")

    def say(self, text: str) -> None:
        """One line of detail about the stage under way."""
        line = clean(text, 200)
        if self._status:
            from rich.markup import escape

            self._status.update(f"[bold]{self._current}[/bold] {escape(line)}")
        else:
            self._print(f"    {line}")

    def note(self, text: str) -> None:
        """One line that stays, below the line of the stage that says it."""
        self._notes.append(f"      {clean(text, 200)}")

    def _print(self, line: str) -> None:
        # In one piece, or the lines of two runs would be mixed.
        click.echo(f"{self.prefix}{line}", err=True)

    def _finish(self, how: str) -> None:
        if not self._current:
            return
        seconds = time.monotonic() - self._began
        mark = "✓" if how == "done" else "✗"
        lines = [f"  {mark} {self._current:<24} {seconds:6.1f} s", *self._notes]
        for line in lines:
            if self._status:
                self._status.console.print(line, highlight=False, markup=False)
            else:
                self._print(line)
        self._current, self._notes = "", []
