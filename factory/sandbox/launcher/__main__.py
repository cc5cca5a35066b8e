"""`python -I -m factory.sandbox.launcher FILE`: serve start, restart and stop on stdin and stdout.

Exit codes: 0 at the end of stdin, or once our parent is gone; 2 after a line that is not of the
protocol; 125 where FILE cannot be used; 128+N for signal N. However it ends, no instance is left.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path

REFUSED = 125


def main(argv: list[str]) -> int:
    from factory.errors import FactoryError
    from factory.ports import process
    from factory.sandbox.launcher import plan, serving
    from factory.sandbox.launcher.instance import Instances

    if len(argv) != 1:
        sys.stderr.write("usage: python -m factory.sandbox.launcher FILE\n")
        return REFUSED
    # Whoever kills its own group, or dies, lets us clean up: our input ends, or we see it gone.
    with contextlib.suppress(PermissionError):
        os.setsid()
    process.outlive_parent()
    try:
        order = plan.read(Path(argv[0]))
        with Instances(order) as instances:
            return serving.serve(instances, 0, 1)
    except FactoryError as error:
        sys.stderr.write(f"factory.sandbox.launcher: {error}\n")
        return REFUSED


def _terminate(number: int, _frame: object) -> None:
    # As an exception, so that every instance is gone before we are; a second one is ignored.
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    raise SystemExit(128 + number)


if __name__ == "__main__":
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, _terminate)
    sys.exit(main(sys.argv[1:]))
