"""Leave no process behind: the child's group, and what its steps started and let go."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36  # prctl(2)


def adopt_orphans() -> None:
    """Make us the parent of daemons that step code starts, so that they can be found (Linux)."""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except (OSError, AttributeError):
        pass  # not Linux: the child's process group is all we reach


def exit_handle(pid: int) -> int | None:
    """A descriptor that becomes readable when the process ends; the caller closes it.

    None where the system has none to give (not Linux, or forbidden in a container).
    """
    try:
        return os.pidfd_open(pid)
    except (OSError, AttributeError):
        return None


def ignore_interrupts() -> None:
    """Once we are stopping, another Ctrl-C must not cost the report."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def kill_descendants(seconds: float = 5.0) -> None:
    """Kill every process below us, again and again until none is left or time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        below = _descendants(os.getpid())
        for pid in below:
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        _reap()
        if not below:
            return
        time.sleep(0.01)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _descendants(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = entry.read_text(errors="replace")
        except OSError:
            continue
        # The name in parentheses may hold anything, blanks and parentheses included.
        fields = text.rpartition(")")[2].split()
        if len(fields) > 1 and fields[0] != "Z":
            parents[int(entry.parent.name)] = int(fields[1])
    below: list[int] = []
    for pid in parents:
        current, steps = pid, 0
        while current in parents and steps < 1000:
            current, steps = parents[current], steps + 1
            if current == root:
                below.append(pid)
                break
    return below
