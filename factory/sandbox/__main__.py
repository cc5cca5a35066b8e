"""`python -m factory.sandbox CELL.json -- ARGS...`: one command in a fresh cell.

Runs the command of CELL.json with ARGS added, the current folder writable at /workspace and its
working folder. Stdin, stdout and stderr are passed through, as a terminal where stdin is one; so
are signals, and the environment but PATH, HOME, LANG and what begins with FACTORY_. Exit codes: the
command's own (128+N for signal N); 124 past its deadline; 153 past its output limit; 125 where
nothing was run. Ended by a signal that we handed on, we end by it, too. It probes nothing, since it
runs for each command of a scenario and whoever wrote the file probed; without the sandbox that the
file names it runs nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

REFUSED = 125


def main(argv: list[str]) -> int:
    from factory.errors import FactoryError
    from factory.sandbox import cellfile, passthrough

    if len(argv) < 2 or argv[1] != "--":
        return _refuse("usage: python -m factory.sandbox CELL.json -- ARGS...")
    try:
        order = cellfile.read(Path(argv[0]), Path.cwd())
        ours = Path("/proc/self/environ").read_bytes()  # os.environ has what Python added to it.
        return passthrough.run(order, argv[2:], passthrough.given(ours, str(Path.cwd())))
    except FactoryError as error:
        return _refuse(str(error))


def _refuse(reason: str) -> int:
    sys.stderr.write(f"factory.sandbox: {reason}\n")
    return REFUSED


def _terminate(number: int, _frame: object) -> None:
    # As an exception, so that what was lent is returned and the cell is gone before we are.
    raise SystemExit(128 + number)


def _end(code: int) -> None:
    """End as the command did: with its code, or, where that is -N, by signal N."""
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    # Until there is a command to hand them on to.
    signal.signal(signal.SIGTERM, _terminate)
    signal.signal(signal.SIGHUP, _terminate)
    _end(main(sys.argv[1:]))
