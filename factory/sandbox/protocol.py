"""What every sandbox offers: run a command in a cell, or start a service and reach it.

A cell is described by data alone, so that one description serves every kind of sandbox and one
conformance suite (tests/contract) holds them to the same behaviour.
"""

from __future__ import annotations

import socket as sockets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from factory.errors import FactoryError
from factory.ports.process import Completed

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Bind:
    """A folder or file of the host shown inside at `target`; read-only unless `writable`.

    What a cell may write is lent to one cell at a time. Files in it that are hard-linked to files
    outside get a copy of their own. `opened` says that every cell may read all of it already
    (`ownership.opened`), so that it need not be walked for each.
    """

    source: Path
    target: str
    writable: bool = False
    opened: bool = False


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the processes of one cell may use together or, where the kernel counts so, each."""

    memory_bytes: int = 1024 * MEBIBYTE
    processes: int = 256
    cpu_seconds: int = 900
    file_bytes: int = 512 * MEBIBYTE
    open_files: int = 1024
    scratch_bytes: int = 256 * MEBIBYTE


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What a sandboxed process may see: these binds, this environment, a scratch /tmp, no network.

    Besides the binds there is a read-only runtime (/usr and the interpreter), /proc of its own
    and a minimal /dev. The environment is exactly `env` plus PATH, HOME=/tmp and LANG where
    `env` does not name them. `cwd` is a path inside.
    """

    binds: tuple[Bind, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = "/"
    limits: Limits = field(default_factory=Limits)


class ServiceEnded(FactoryError):
    """A service that was to go on had ended by itself."""

    exit_code = 1
    code = "subject"


class Service(Protocol):
    """A process running in a cell whose TCP port can be reached through a UNIX socket outside."""

    @property
    def socket(self) -> Path:
        """The UNIX stream socket outside; each connection is carried to 127.0.0.1:port inside."""
        ...

    def alive(self, seconds: float = 0.0) -> bool:
        """Whether the started process runs, and goes on for so long."""
        ...

    def output(self) -> bytes:
        """The head of what it wrote to stdout and stderr together (untrusted, at most 64 KiB)."""
        ...

    def awaiting(self) -> sockets.socket:
        """A connection that is carried inside once the port is open there, without polling."""
        ...

    def kill(self) -> None:
        """Kill every process of the cell (SIGKILL) and keep the cell, with /tmp and /dev/shm.

        Raises:
            ServiceEnded: the command had ended by itself.
            SandboxUnavailable: it could not be done.
        """
        ...

    def restart(self) -> None:
        """`kill`, unless that was done, and start the command again in the same cell.

        Raises:
            ServiceEnded, SandboxUnavailable: as `kill`.
        """
        ...


class Session(Protocol):
    """A process in a cell with its stdin and stdout as pipes, for a conversation in lines."""

    @property
    def stdin(self) -> IO[bytes]: ...

    @property
    def stdout(self) -> IO[bytes]: ...

    def alive(self) -> bool: ...


class Sandbox(Protocol):
    """One kind of sandbox. Instances are made by `factory.sandbox.select`, already probed."""

    @property
    def name(self) -> str:
        """The kind and version, for records: for instance `bubblewrap 0.8.0`."""
        ...

    def probe(self) -> None:
        """Prove from inside a cell that network, processes, mounts, environment and files are shut.

        Raises:
            SandboxUnavailable: it cannot be started here.
            SandboxBreach: something that must be shut is open.
        """
        ...

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
        """Run one command in a fresh cell to its end; nothing it started outlives the call.

        `told` is given every piece of its standard output as it comes; an exception from it ends
        the command and passes through.

        The return code is the command's own: 128+N where signal N ended it, 127 where it was not
        found, 126 where it is not executable; negative where `timed_out` is set.
        """
        ...

    def session(self, cell: Cell, argv: Sequence[str]) -> AbstractContextManager[Session]:
        """Start a process to talk to; leaving the context ends everything in the cell."""
        ...

    def service(
        self, cell: Cell, argv: Sequence[str], *, port: int
    ) -> AbstractContextManager[Service]:
        """Start a service listening on 127.0.0.1:`port` inside; leaving the context ends it."""
        ...
