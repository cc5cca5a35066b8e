"""A cell written down, so that `python -m factory.sandbox` makes the same one in any process.

Whoever writes the file has had the sandbox probed; whoever reads it trusts the file, which is
private to its user and lies where no cell can reach it.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from factory.errors import InputError
from factory.sandbox.kind import Kind
from factory.sandbox.protocol import MEBIBYTE, Bind, Cell, Limits, Sandbox

if TYPE_CHECKING:
    from factory.records.work_order import SandboxChoice

WORK = "/workspace"
T = TypeVar("T")
_MEND = "write it with factory.sandbox.cellfile.write; nothing was run"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a cell file says: where to run, what, and for how long."""

    sandbox: Kind
    cell: Cell
    argv_prefix: tuple[str, ...]
    timeout_seconds: float
    output_limit_bytes: int


def write(
    path: Path,
    sandbox_choice: SandboxChoice,
    cell: Cell,
    argv_prefix: Sequence[str],
    timeout_seconds: float,
    *,
    output_limit_bytes: int = MEBIBYTE,
) -> None:
    """Choose and probe a sandbox and write the cell file.

    Args:
        cell: its `cwd` is replaced: the caller's folder is shown, writable, at /workspace.
        argv_prefix: the start of every command line that is run with the file.
        timeout_seconds: deadline of one run.
        output_limit_bytes: of stdout and of stderr; a command that writes more is ended.

    Raises:
        SandboxUnavailable: no sandbox can be started.
        SandboxBreach: it does not hold.
        InputError: the cell has something at /workspace itself.
    """
    from factory.sandbox.select import select

    if any(bind.target == WORK for bind in cell.binds):
        raise InputError(f"a cell file's cell may not bind {WORK}", path=str(path), mend=_MEND)
    sandbox = select(sandbox_choice)
    order = {
        "argv_prefix": list(argv_prefix),
        "timeout_seconds": timeout_seconds,
        "output_limit_bytes": output_limit_bytes,
    }
    put(path, {**described(sandbox, cell), **order})


def read(path: Path, work: Path) -> Order:
    """The order in a cell file, with the folder `work` shown writable at /workspace.

    Raises:
        InputError: it cannot be read, is not private to us, or is not a cell file.
        SandboxUnavailable: the sandbox it names is gone.
    """
    return taken(path, lambda said: _order(said, work))


def _order(said: dict[str, Any], work: Path) -> Order:
    sandbox, cell = made(said)
    binds = (*cell.binds, Bind(source=work, target=WORK, writable=True))
    return Order(
        sandbox=sandbox,
        cell=dataclasses.replace(cell, binds=binds, cwd=WORK),
        argv_prefix=tuple(said["argv_prefix"]),
        timeout_seconds=float(said["timeout_seconds"]),
        output_limit_bytes=int(said["output_limit_bytes"]),
    )


def described(sandbox: Sandbox, cell: Cell) -> dict[str, Any]:
    """What `made` needs to make both again in another process, fit for JSON."""
    assert isinstance(sandbox, Kind)
    return {
        "sandbox": sandbox.recipe(),
        "binds": [
            {"source": str(b.source.absolute()), "target": b.target, "writable": b.writable}
            for b in cell.binds
        ],
        "env": dict(cell.env),
        "cwd": cell.cwd,
        "limits": dataclasses.asdict(cell.limits),
    }


def made(said: dict[str, Any]) -> tuple[Kind, Cell]:
    """The sandbox, not probed again, and the cell that were `described`."""
    cell = Cell(
        binds=tuple(
            Bind(source=Path(b["source"]), target=b["target"], writable=b["writable"])
            for b in said["binds"]
        ),
        env=said["env"],
        cwd=said["cwd"],
        limits=Limits(**said["limits"]),
    )
    return _sandbox(said["sandbox"]), cell


def put(path: Path, said: dict[str, Any]) -> None:
    """Write a file that is private to us."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(said, file)


def taken(path: Path, order: Callable[[Any], T]) -> T:
    """What `order` makes of a file that `put` wrote.

    Raises:
        InputError: it cannot be read, others may write it, or it is something else.
        SandboxUnavailable: the sandbox it names is gone.
    """
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            said = json.load(file)
        if found.st_uid not in (0, os.geteuid()) or found.st_mode & 0o022:
            raise InputError("a cell file may be writable by its user alone", path=str(path))
        return order(said)
    except OSError as error:
        raise InputError(str(error.strerror), path=str(path), mend=_MEND) from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"not a cell file: {error!r}", path=str(path), mend=_MEND) from error


def _sandbox(recipe: dict[str, str]) -> Kind:
    if recipe["kind"] == "bubblewrap":
        from factory.sandbox.bubblewrap import Bubblewrap

        return Bubblewrap.from_recipe(recipe)
    if recipe["kind"] == "docker":
        from factory.sandbox.docker import Docker

        return Docker.from_recipe(recipe)
    raise ValueError(f"no sandbox is of kind {recipe['kind']!r}")
