"""The subject's command in a terminal, for programs that ask. Needs pexpect, which is optional."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scenario_runner import processes
from scenario_runner.errors import StepFailed
from scenario_runner.subject.command import MAX_OUTPUT_BYTES, CommandRun

_LINES, _COLUMNS = 24, 80


class Terminal:
    """One program in one terminal of 80 columns. `close` ends it, whatever it does."""

    def __init__(
        self, argv: Sequence[str], work_folder: Path, environment: Mapping[str, str]
    ) -> None:
        """Raises StepFailed when it cannot start, or where pexpect is not installed."""
        try:
            import pexpect  # type: ignore[import-untyped,import-not-found,unused-ignore]
        except ImportError:
            raise StepFailed("steps about a terminal need pexpect: pip install pexpect") from None
        self.argv = tuple(argv)
        self._pexpect = pexpect
        self._started = time.monotonic()
        self._record = _Record()
        try:
            self._child: Any = pexpect.spawn(
                argv[0],
                list(argv[1:]),
                cwd=str(work_folder),
                env={"TERM": "dumb", **environment},
                dimensions=(_LINES, _COLUMNS),
                timeout=None,
            )
        except (pexpect.ExceptionPexpect, OSError, ValueError) as problem:
            raise StepFailed(f"the command cannot be started: {problem}", seen=argv) from None
        self._child.delaybeforesend = None
        self._child.logfile_read = self._record

    @property
    def text(self) -> str:
        """All that was shown so far, what was typed included, without carriage returns."""
        return bytes(self._record.data).decode("utf-8", "replace").replace("\r\n", "\n")

    def wait_for(self, text: str, seconds: float) -> None:
        """Look for a text after the last one that was found. Raises StepFailed."""
        wanted = text.replace("\n", "\r\n").encode()
        ends = [wanted, self._pexpect.EOF, self._pexpect.TIMEOUT]
        found = self._child.expect_exact(ends, timeout=seconds)
        if found:
            why = "the program ended before it" if found == 1 else f"{seconds:g} s went by and it"
            raise StepFailed(f"{why} showed the text", expected=text, seen=self.text[-2000:])

    def send(self, data: str) -> None:
        """Raises StepFailed once the program has ended."""
        try:
            self._child.send(data.encode())
        except OSError:
            raise StepFailed("the program in the terminal has ended") from None

    def finish(self, seconds: float) -> CommandRun:
        """Wait for its end. Raises StepFailed."""
        deadline = time.monotonic() + seconds
        found = self._child.expect_exact(
            [self._pexpect.EOF, self._pexpect.TIMEOUT], timeout=seconds
        )
        while self._child.isalive() and time.monotonic() < deadline:
            time.sleep(0.01)
        if found or self._child.isalive():
            raise StepFailed(
                f"the program did not end within {seconds:g} s", seen=self.text[-2000:]
            )
        self._child.close()
        code = self._child.exitstatus
        if code is None:
            code = -(self._child.signalstatus or 0)
        return CommandRun(self.argv, code, self.text, "", time.monotonic() - self._started)

    def close(self) -> None:
        processes.kill_group(self._child.pid)
        try:
            self._child.close(force=True)
        except (self._pexpect.ExceptionPexpect, OSError):
            pass


class _Record:
    """What pexpect writes the program's output to. Raises StepFailed beyond the limit."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        self.data += data
        if len(self.data) > MAX_OUTPUT_BYTES:
            raise StepFailed(f"the program showed more than {MAX_OUTPUT_BYTES} bytes")

    def flush(self) -> None:
        pass
