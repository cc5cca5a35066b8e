"""A terminal for a command in a cell, between it and the terminal that we have ourselves."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import termios
import tty
from collections.abc import Iterator

from factory.ports import process
from factory.sandbox.kind import Launch

# In front of the command: the terminal that it has as stdin becomes its own, so that Ctrl-C on it
# interrupts the command (setsid(1), of util-linux as setpriv), also where we were started in the
# background of a shell, which has its commands ignore that (env(1), of coreutils).
TAKE = (
    *("/usr/bin/env", "--default-signal=INT,QUIT", "--"),
    *("/usr/bin/setsid", "--ctty", "--wait", "--"),
)


@contextlib.contextmanager
def started(launch: Launch) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The command on a new terminal, and the descriptor at which we are its other end.

    The new terminal has the size and the settings of ours (stdin), and ours hands on every key as
    it is until the context is left, when the command is ended. It is never ours that a cell gets:
    whoever has a terminal can type into it (TIOCSTI).
    """
    master, slave = os.openpty()
    settings = termios.tcgetattr(0)
    try:
        termios.tcsetattr(slave, termios.TCSANOW, settings)
        size = fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8))
        fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
        tty.setraw(0, termios.TCSANOW)
        one = process.start(
            launch.argv, env=launch.env, pass_fds=launch.pass_fds,
            stdin=slave, stdout=slave, stderr=slave,
        )  # fmt: skip
        os.close(slave)
        slave = -1
        try:
            yield one, master
        finally:
            process.end(one)
    finally:
        termios.tcsetattr(0, termios.TCSANOW, settings)
        for descriptor in (master, slave):
            if descriptor >= 0:
                os.close(descriptor)
