"""What every kind of sandbox does alike, once it can say how a command is launched in a cell."""

from __future__ import annotations

import contextlib
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import IO

from factory.ports import process
from factory.ports.process import Completed
from factory.sandbox import relay, running
from factory.sandbox.protocol import MEBIBYTE, Cell


@dataclass(frozen=True, kw_only=True)
class Launch:
    """How to start one command in a cell that is ready for it.

    `settle` is called after the process has ended, with its return code (None where it was
    ended by us) and its error output; it returns the command's own exit code and raises
    SandboxUnavailable where the command was never started. `forward` gives a signal to the command
    itself, given the process that was launched; nothing happens where it is not there.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str]
    pass_fds: tuple[int, ...] = ()
    settle: Callable[[int, bytes], int]
    forward: Callable[[subprocess.Popen[bytes], int], None]


class PipeSession:
    """A Session over the pipes of a process."""

    def __init__(self, started: subprocess.Popen[bytes]) -> None:
        assert started.stdin and started.stdout
        self._started = started
        self._stdin, self._stdout = started.stdin, started.stdout

    @property
    def stdin(self) -> IO[bytes]:
        return self._stdin

    @property
    def stdout(self) -> IO[bytes]:
        return self._stdout

    def alive(self) -> bool:
        return self._started.poll() is None


class Kind(ABC):
    """A sandbox that is complete but for its launch and its probe."""

    carries_terminals = False
    """Whether a command that is launched on a terminal has it inside, too."""

    @property
    @abstractmethod
    def name(self) -> str: ...

    @abstractmethod
    def probe(self) -> None: ...

    @abstractmethod
    def recipe(self) -> dict[str, str]:
        """What another process needs to make the same sandbox: `kind`, and that kind's own."""

    @abstractmethod
    def prepared(self, cell: Cell, argv: Sequence[str]) -> AbstractContextManager[Launch]:
        """Make a cell ready; leaving the context returns once nothing in it lives."""

    @abstractmethod
    def interpreter(self) -> str:
        """The Python inside that runs the relay."""

    def run(
        self,
        cell: Cell,
        argv: Sequence[str],
        *,
        timeout_seconds: float,
        stdin: bytes = b"",
        output_limit_bytes: int = MEBIBYTE,
        told: Callable[[bytes], None] | None = None,
    ) -> Completed:
        """Run one command to its end. A command ended by signal N has return code 128+N.

        Raises:
            SandboxUnavailable: the cell could not be made.
        """
        with self.prepared(cell, argv) as launch:
            done = process.run(
                launch.argv,
                env=launch.env,
                pass_fds=launch.pass_fds,
                timeout_seconds=timeout_seconds,
                stdin=stdin,
                output_limit_bytes=output_limit_bytes,
                told=told,
            )
            code = done.returncode
            if not done.timed_out:
                code = launch.settle(done.returncode, done.stderr)
        return replace(done, argv=tuple(argv), returncode=code)

    @contextlib.contextmanager
    def session(self, cell: Cell, argv: Sequence[str]) -> Iterator[PipeSession]:
        """Start a process to talk to; what it writes to stderr is read and dropped."""
        with self._started(cell, argv, stdin=subprocess.PIPE) as started:
            yield PipeSession(started)

    @contextlib.contextmanager
    def service(
        self, cell: Cell, argv: Sequence[str], *, port: int
    ) -> Iterator[relay.RelayedService]:
        """Start a service on 127.0.0.1:`port` inside and reach it through a socket outside."""
        with relay.door() as door:
            cell = replace(cell, binds=(*cell.binds, door.bind))
            argv = door.command(self.interpreter(), port, argv)
            with self._started(cell, argv, stdin=subprocess.DEVNULL, merge=True) as started:
                assert started.stdout
                service = relay.RelayedService(door, started, running.Head(started.stdout))
                with service.joined():
                    yield service

    @contextlib.contextmanager
    def _started(
        self, cell: Cell, argv: Sequence[str], *, stdin: int, merge: bool = False
    ) -> Iterator[subprocess.Popen[bytes]]:
        with self.prepared(cell, argv) as launch:

            def start() -> subprocess.Popen[bytes]:
                return process.start(
                    launch.argv,
                    env=launch.env,
                    pass_fds=launch.pass_fds,
                    stdin=stdin,
                    stderr=subprocess.STDOUT if merge else subprocess.PIPE,
                )

            with running.launched(start) as started:
                if started.stderr is not None:
                    running.Head(started.stderr)
                yield started
