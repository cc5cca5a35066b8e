"""What the launcher is given: a file that says what to start, where, and how many at once.

Whoever writes it has had the sandbox probed; it is private to its user (factory.sandbox.cellfile).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.sandbox import cellfile
from factory.sandbox.kind import Kind
from factory.sandbox.protocol import Cell, Limits, Sandbox


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How instances are started.

    `ready` is a path that is answered below 400 once the service on `port` is ready, which may
    take `start_seconds`. At most `live` instances are there at once. `journal` is the file that
    says what became of them (factory.sandbox.launcher.journal).
    """

    sandbox: Kind
    cell: Cell
    argv: tuple[str, ...]
    port: int
    ready: str
    start_seconds: float
    live: int
    journal: Path


def write(
    path: Path,
    sandbox: Sandbox,
    cell: Cell,
    argv: Sequence[str],
    *,
    port: int,
    ready: str,
    start_seconds: float,
    live: int,
    memory_bytes: int,
    journal: Path,
) -> None:
    """Write the file.

    Args:
        sandbox: probed by the caller.
        cell: of each instance; its writable folders would be shared by all, so it has none.
        live: how many instances may live at once, as far as `memory_bytes` allows.
        memory_bytes: for all of them together: each may use its cell's memory, /tmp and /dev/shm.
        journal: a file to be made anew.
    """
    assert not any(bind.writable for bind in cell.binds), "instances would share what they write"
    order = {
        "argv": list(argv),
        "port": port,
        "ready": ready,
        "start_seconds": start_seconds,
        "live": at_once(cell.limits, live, memory_bytes),
        "journal": str(journal.absolute()),
    }
    cellfile.put(path, {**cellfile.described(sandbox, cell), **order})


def at_once(limits: Limits, live: int, memory_bytes: int) -> int:
    """How many cells with these limits may live at once; who asks for more waits for a place."""
    each = limits.memory_bytes + 2 * limits.scratch_bytes
    return max(1, min(live, memory_bytes // each))


def read(path: Path) -> Plan:
    """The plan in a file.

    Raises:
        InputError: it cannot be read, is not private to us, or is something else.
        SandboxUnavailable: the sandbox it names is gone.
    """
    return cellfile.taken(path, _plan)


def _plan(said: dict[str, Any]) -> Plan:
    sandbox, cell = cellfile.made(said)
    return Plan(
        sandbox=sandbox,
        cell=cell,
        argv=tuple(said["argv"]),
        port=int(said["port"]),
        ready=str(said["ready"]),
        start_seconds=float(said["start_seconds"]),
        live=int(said["live"]),
        journal=Path(said["journal"]),
    )
