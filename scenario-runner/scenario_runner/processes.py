"""Leave no process behind: the child's group, and what its steps started and let go."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # prctl(2)
# Looked up once, and not between fork and exec.
_prctl: Any = None
try:
    _prctl = ctypes.CDLL(None, use_errno=True).prctl
except (OSError, AttributeError):
    pass  # not Linux: the process group is all we reach


def adopt_orphans() -> None:
    """Make us the parent of daemons that step code starts, so that they can be found (Linux)."""
    if _prctl is not None:
        _prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def become_keeper() -> None:
    """In a process about to run a subject: its own orphans stay below it, so that `kill_tree`
    finds them, and it ends with the thread that started it. The first survives exec (prctl(2))."""
    if _prctl is not None:
        _prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


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


def how_it_ended(pid: int) -> str | None:
    """In words, None while it runs. A child of ours; it is not reaped, so that its id, and its
    group's, stay its own."""
    try:
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return "ended"
    if ended is None:
        return None
    if ended.si_code == os.CLD_EXITED:
        return f"ended with exit code {ended.si_status}"
    return f"was ended by signal {ended.si_status}"


def wait_for_end(pid: int, seconds: float) -> bool:
    """Whether a child of ours ended in time; it is not reaped."""
    deadline = time.monotonic() + seconds
    while how_it_ended(pid) is None:
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.01)
    return True


def kill_tree(pid: int, seconds: float = 5.0) -> None:
    """Kill a child of ours that leads its group, the group, and every process below it. It is
    stopped first, so that it starts nothing meanwhile; the caller waits for it."""
    try:
        os.kill(pid, signal.SIGSTOP)
    except (ProcessLookupError, PermissionError):
        pass
    _kill_below(pid, seconds)
    kill_group(pid)
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def kill_descendants(seconds: float = 5.0) -> None:
    """Kill every process below us, again and again until none is left or time is up."""
    _kill_below(os.getpid(), seconds)


def _kill_below(root: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        below = _descendants(root) if _has_children(root) else []
        for pid in below:
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        if root == os.getpid():
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


def _has_children(pid: int) -> bool:
    """Where the kernel tells at once, the walk over all processes is spared."""
    try:
        lists = [each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return True
    return not lists or any(lists)


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
