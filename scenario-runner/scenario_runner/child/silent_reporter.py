"""A stand-in for pytest's terminal reporter."""

from __future__ import annotations

import io
from typing import Any

from _pytest._io import TerminalWriter


class SilentReporter:
    """Stands in for pytest's terminal reporter, which costs time and says nothing we need; parts
    of pytest ask for it by name to learn how to write."""

    def __init__(self) -> None:
        self._tw = TerminalWriter(io.StringIO())
        self.verbosity = 0

    def write(self, *_arguments: Any, **_options: Any) -> None:
        """Says nothing; suites call it."""

    write_line = write_sep = section = line = ensure_newline = write
