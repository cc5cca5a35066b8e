"""`python -m factory.sandbox CELL.json -- ARGS...`: one command in a fresh cell.

Runs the command of CELL.json with ARGS added, the current folder writable at /work and its
working folder, stdin, stdout and stderr passed through. Exit codes: the command's own (128+N
for signal N); 124 past its deadline; 153 past its output limit; 125 where nothing was run. It
probes nothing, since it runs for each command of a scenario and whoever wrote the file probed;
without the sandbox that the file names it runs nothing.
"""

from __future__ import annotations

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
        return passthrough.run(cellfile.read(Path(argv[0]), Path.cwd()), argv[2:])
    except FactoryError as error:
        return _refuse(str(error))


def _refuse(reason: str) -> int:
    sys.stderr.write(f"factory.sandbox: {reason}\n")
    return REFUSED


def _terminate(number: int, _frame: object) -> None:
    # As an exception, so that what was lent is returned and the cell is gone before we are.
    raise SystemExit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _terminate)
    signal.signal(signal.SIGHUP, _terminate)
    sys.exit(main(sys.argv[1:]))
