"""What a long-running process writes: its beginning is kept, the rest read and dropped, so that
one that writes without end neither waits nor fills anything."""

from __future__ import annotations

import os
import subprocess
import threading

MAX_BYTES = 64 * 1024
_LAST_WORDS_SECONDS = 0.5


class KeptOutput:
    def __init__(self) -> None:
        self._kept = bytearray()
        self._dropped = 0
        self._remarks: list[bytes] = []
        self._reader: threading.Thread | None = None

    def read_from(self, process: subprocess.Popen[bytes]) -> None:
        """Read its standard output to the end, in a thread of its own."""
        reader = threading.Thread(
            target=self._read, args=(process,), name="subject-output", daemon=True
        )
        reader.start()
        self._reader = reader

    def add(self, remark: str) -> None:
        """Ours, whatever the limit."""
        self._remarks.append(remark.encode())

    def finish(self) -> None:
        """Wait a little for what was on its way; who escaped may hold the pipe for ever."""
        if self._reader is not None:
            self._reader.join(_LAST_WORDS_SECONDS)

    def text(self) -> bytes:
        more = [f"[{self._dropped} bytes more]".encode()] if self._dropped else []
        kept = [bytes(self._kept).rstrip(b"\n")] if self._kept else []
        return b"\n".join([*kept, *more, *self._remarks])

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        stream = process.stdout
        assert stream is not None
        with stream:
            while data := os.read(stream.fileno(), 1 << 16):
                fits = data[: MAX_BYTES - len(self._kept)]
                self._kept += fits
                self._dropped += len(data) - len(fits)
