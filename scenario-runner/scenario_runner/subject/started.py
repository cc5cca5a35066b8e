"""The subject's command, started and left running: what it wrote so far, signals, its end."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Literal

from scenario_runner.errors import StepFailed
from scenario_runner.subject.command import (
    GRANDCHILD_SECONDS,
    MAX_OUTPUT_BYTES,
    CommandRun,
    kill_group,
)

Stream = Literal["output", "error output"]


class StartedCommand:
    """Two threads read what it writes, up to a limit. `close` ends it, whatever it does."""

    def __init__(
        self, argv: Sequence[str], work_folder: Path, environment: Mapping[str, str]
    ) -> None:
        """Raises StepFailed when it cannot start."""
        self.argv = tuple(argv)
        self._started = time.monotonic()
        try:
            self._process = subprocess.Popen(
                list(argv),
                cwd=work_folder,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                # Ours may be ignored, where we run in the background of a shell; a program that
                # a person starts has the system's own.
                preexec_fn=_default_interrupt,
            )
        except (OSError, ValueError) as problem:
            raise StepFailed(f"the command cannot be started: {problem}", seen=argv) from None
        self._changed = threading.Condition()
        self._written: dict[Stream, bytearray] = {
            "output": bytearray(),
            "error output": bytearray(),
        }
        self._flooded = False
        assert self._process.stdout and self._process.stderr
        self._readers = [
            threading.Thread(target=self._read, args=(stream, name), daemon=True)
            for stream, name in (
                (self._process.stdout, "output"),
                (self._process.stderr, "error output"),
            )
        ]
        for reader in self._readers:
            reader.start()

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def text(self, stream: Stream) -> str:
        """What it wrote so far."""
        with self._changed:
            return self._written[stream].decode("utf-8", "replace")

    def wait_for(self, stream: Stream, text: str, seconds: float) -> bool:
        """Whether the text was written before the time was up, or before the stream ended."""
        reader = self._readers[0 if stream == "output" else 1]
        return self._wait(lambda: text.encode() in self._written[stream], reader, seconds)

    def type_line(self, text: str) -> None:
        """Raises StepFailed when it reads no more."""
        assert self._process.stdin
        try:
            # A pipe takes 64 KiB; a line of a scenario is far below.
            self._process.stdin.write(text.encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError):
            raise StepFailed("the command reads no more input") from None

    def close_input(self) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.close()
        except OSError:
            pass

    def signal(self, number: signal.Signals) -> None:
        """An interrupt goes to the whole group, as Ctrl-C does. Raises StepFailed once it ended."""
        if not self.running:
            raise StepFailed(f"the command has ended already, with {self._process.returncode}")
        try:
            if number == signal.SIGINT:
                os.killpg(self._process.pid, number)
            else:
                self._process.send_signal(number)
        except ProcessLookupError:
            pass

    def finish(self, seconds: float) -> CommandRun:
        """Wait for its end. Raises StepFailed when it does not end in time, or wrote too much."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise StepFailed(f"the command did not end within {seconds:g} s") from None
        ended = time.monotonic()
        for reader in self._readers:
            reader.join(GRANDCHILD_SECONDS)
        if self._flooded:
            raise StepFailed(f"the command wrote more than {MAX_OUTPUT_BYTES} bytes to one stream")
        return CommandRun(
            self.argv,
            self._process.returncode,
            self.text("output"),
            self.text("error output"),
            ended - self._started,
        )

    def close(self) -> None:
        kill_group(self._process)
        self.close_input()
        for reader in self._readers:
            reader.join(1.0)

    def _read(self, stream: IO[bytes], name: Stream) -> None:
        try:
            while data := os.read(stream.fileno(), 65536):
                with self._changed:
                    written = self._written[name]
                    written += data[: MAX_OUTPUT_BYTES - len(written)]
                    self._flooded = self._flooded or len(written) == MAX_OUTPUT_BYTES
                    self._changed.notify_all()
                    if self._flooded:
                        break
        except OSError:
            pass
        with self._changed:
            self._changed.notify_all()
        stream.close()

    def _wait(self, seen: Callable[[], bool], reader: threading.Thread, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        with self._changed:
            while not seen():
                left = deadline - time.monotonic()
                if left <= 0 or not reader.is_alive():
                    return seen()
                # A reader that ends tells us just before it does.
                self._changed.wait(min(left, 0.05))
        return True


def _default_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
