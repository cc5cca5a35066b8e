"""What subjects that we started wrote, for the scenarios' authors alone."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from scenario_runner.new_file import open_new

MAX_BYTES = 16 * 1024 * 1024


class SubjectLog:
    """Made with its first line. Threads may write; over the limit nothing more is kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._handle: int | None = None
        self._left = MAX_BYTES

    def write(self, name: str, about: str, data: bytes) -> None:
        """`data` below a heading that says of which subject, and what of it, it is."""
        if not data:
            return
        with self._lock:
            if self._handle is None:
                self._handle = open_new(self._path)
            text = f"=== {name}, {about}\n".encode() + data.rstrip(b"\n") + b"\n"
            os.write(self._handle, text[: self._left])
            self._left -= min(self._left, len(text))

    def close(self) -> None:
        with self._lock:
            if self._handle is not None:
                os.close(self._handle)
                self._handle = None
                self._left = 0
