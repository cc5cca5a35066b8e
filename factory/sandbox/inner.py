"""The command in front of a cell's command: it sets the limits and gives up the last rights."""

from __future__ import annotations

import resource
from collections.abc import Sequence

from factory.sandbox.ownership import Identity
from factory.sandbox.protocol import Cell


def command(cell: Cell, argv: Sequence[str], *, identity: Identity, drop: bool) -> list[str]:
    """`argv` under prlimit(1), and under setpriv(1) where the cell was set up by root.

    The memory limit counts private writable memory (RLIMIT_DATA) of each process: a limit on
    address space would stop runtimes that reserve much and use little, such as Node.js.
    """
    limits = cell.limits
    wanted = {
        "core": (resource.RLIMIT_CORE, 0),
        "nofile": (resource.RLIMIT_NOFILE, limits.open_files),
        "fsize": (resource.RLIMIT_FSIZE, limits.file_bytes),
        "nproc": (resource.RLIMIT_NPROC, limits.processes),
        "cpu": (resource.RLIMIT_CPU, limits.cpu_seconds),
        "data": (resource.RLIMIT_DATA, limits.memory_bytes),
    }
    words = ["/usr/bin/prlimit"]
    for name, (kind, value) in wanted.items():
        words.append(f"--{name}={_allowed(kind, value)}")
    words.append("--")
    if drop:
        words += [
            *("/usr/bin/setpriv", "--reuid", str(identity.uid), "--regid", str(identity.gid)),
            *("--clear-groups", "--inh-caps=-all", "--ambient-caps=-all"),
            *("--bounding-set=-all", "--no-new-privs", "--"),
        ]
    # bwrap sets PWD; and changes folder before setpriv, when it may not yet enter a lent one.
    pwd = [f"PWD={cell.env['PWD']}"] if "PWD" in cell.env else []
    return [*words, "/usr/bin/env", "-u", "PWD", f"--chdir={cell.cwd}", *pwd, *argv]


def _allowed(kind: int, value: int) -> int:
    """The wanted limit, or the hard limit we already live under where that is lower."""
    hard = resource.getrlimit(kind)[1]
    return value if hard == resource.RLIM_INFINITY else min(value, hard)
