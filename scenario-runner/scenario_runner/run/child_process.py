"""The child process: started ahead, so that it loads our own code while the inventory is taken,
and given its job when that is known. It touches nothing of the suite before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from scenario_runner import processes

_BOOTSTRAP = (
    "import sys; sys.path.insert(0, sys.argv[1]); import scenario_runner; sys.path.pop(0); "
    "from scenario_runner.child.main import main; main(*map(int, sys.argv[2:]))"
)


class ChildProcess:
    """A context manager; on the way out the child and all that its steps started is killed.

    `channel` and `output` are read by whoever watches: our messages, and what step code prints.
    """

    def __init__(self) -> None:
        processes.adopt_orphans()
        self._closed = False
        self._speaking = threading.Lock()
        self._private = tempfile.TemporaryDirectory(prefix="scenario-runner-")
        self._job = tempfile.TemporaryFile()
        self.channel, channel_child = os.pipe()
        control_child, self._control = os.pipe()
        os.set_blocking(self._control, False)
        self.output, output_child = os.pipe()
        given = (self._job.fileno(), control_child, channel_child)
        package_parent = str(Path(__file__).resolve().parents[2])
        self.process = subprocess.Popen(
            [sys.executable, "-E", "-P", "-B", "-c", _BOOTSTRAP, package_parent]
            + [str(handle) for handle in given],
            stdin=subprocess.DEVNULL,
            stdout=output_child,
            stderr=output_child,
            env=_environment(),
            pass_fds=given,
            start_new_session=True,
        )
        for handle in (channel_child, control_child, output_child):
            os.close(handle)

    @property
    def private_folder(self) -> Path:
        return Path(self._private.name)

    def give_job(self, job: dict[str, Any]) -> None:
        self._job.write(json.dumps(job).encode())
        self._job.flush()
        self._say(b"job\n")

    def answer(self, answer: dict[str, Any]) -> None:
        """To a question about a subject. Threads may call; never waits for a child that does not
        read, which is told nothing more."""
        self._say(json.dumps(answer).encode() + b"\n")

    def say_go(self) -> None:
        self._say(b"go\n")

    def _say(self, word: bytes) -> None:
        with self._speaking:
            try:
                if not self._closed:
                    os.write(self._control, word)
            except (BrokenPipeError, BlockingIOError):
                pass  # it died just now: its end is noticed by the caller

    def __enter__(self) -> ChildProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill it and all below it; nothing more to do the second time."""
        if self._closed:
            return
        self._closed = True
        processes.kill_group(self.process.pid)
        self.process.wait()
        processes.kill_descendants()
        with self._speaking:
            for handle in (self.channel, self.output, self._control):
                os.close(handle)
        self._job.close()
        self._private.cleanup()


def _environment() -> dict[str, str]:
    """Ours, without what configures Python or pytest from outside the suite."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "PYTHON", "PY_COLORS", "COVERAGE_"))
    }
