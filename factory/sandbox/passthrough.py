"""Run one command in a cell with our own streams, signals and variables, within limits."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from factory.errors import SandboxUnavailable
from factory.ports import process
from factory.sandbox import terminal
from factory.sandbox.cellfile import Order
from factory.sandbox.kind import Launch

TIMED_OUT = 124  # As timeout(1) says it.
FLOODED = 153  # 128 + SIGXFSZ: more was written than allowed.
_CHUNK = 65536
_ERRORS_BYTES = 4096
_FORWARDED = (
    signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2,
)  # fmt: skip
# The caller's own; what the cell has of these is its own, too.
_OURS = frozenset(("PATH", "HOME", "LANG", "PWD", "SHLVL", "_"))


def given(environment: bytes, folder: str) -> dict[str, str]:
    """What of our environment is the command's: all but what every process has, and FACTORY_*.

    Args:
        environment: as in /proc/PID/environ.
        folder: the current one; another HOME, and a LANG other than C.UTF-8, was given on purpose.
    """
    pairs = [line.decode("utf-8", "surrogateescape").partition("=") for line in
             environment.split(b"\0") if line]  # fmt: skip
    found = {name: value for name, _, value in pairs}
    kept = {
        name: value
        for name, value in found.items()
        if name not in _OURS and not name.startswith("FACTORY_")
    }
    if found.get("HOME", folder) != folder:
        kept["HOME"] = found["HOME"]
    if found.get("LANG", "C.UTF-8") != "C.UTF-8":
        kept["LANG"] = found["LANG"]
    return kept


def run(order: Order, arguments: Sequence[str], variables: Mapping[str, str]) -> int:
    """Run the order's command with `arguments` and return its exit code.

    The code is -N where signal N, which we were sent and handed on, ended it. `variables` are
    added to its environment. Past the deadline the command is ended and the code is 124; past the
    output limit, 153. Where our stdin is a terminal, so is the command's.

    Raises:
        SandboxUnavailable: the cell could not be made, or cannot have a terminal.
    """
    deadline = time.monotonic() + order.timeout_seconds
    argv = [*order.argv_prefix, *arguments]
    on_terminal = os.isatty(0)
    if on_terminal and not order.sandbox.carries_terminals:
        raise SandboxUnavailable(
            f"a command in {order.sandbox.name} cannot have a terminal",
            mend="judge what needs one in bubblewrap: `sandbox: {kind: bubblewrap}`",
        )
    if on_terminal:
        argv = [*terminal.TAKE, *argv]
    cell = replace(order.cell, env={**order.cell.env, **variables})
    with order.sandbox.prepared(cell, argv) as launch:
        with (
            _carried(launch, order.output_limit_bytes, on_terminal) as (started, carrying),
            _handed_on(launch, started) as sent,
        ):
            ended_by_us = carrying.until_the_end(started, deadline)
        if ended_by_us is not None:
            return ended_by_us
        code = launch.settle(started.returncode, bytes(carrying.errors))
        return 128 - code if code - 128 in sent else code


@contextlib.contextmanager
def _carried(
    launch: Launch, limit_bytes: int, on_terminal: bool
) -> Iterator[tuple[subprocess.Popen[bytes], _Carrying]]:
    """Start the command, with what we read handed on to it, and end it."""
    with contextlib.ExitStack() as stack:
        if on_terminal:
            started, master = stack.enter_context(terminal.started(launch))
            feeding, carried, errors_from = os.dup(master), {master: 1}, -1
        else:
            started = process.start(launch.argv, env=launch.env, pass_fds=launch.pass_fds)
            stack.callback(process.end, started)
            assert started.stdin and started.stdout and started.stderr
            # Bytes, never our descriptor: a cell could open the file behind it anew, to write.
            feeding, errors_from = os.dup(started.stdin.fileno()), started.stderr.fileno()
            started.stdin.close()
            carried = {started.stdout.fileno(): 1, errors_from: 2}
        threading.Thread(target=_feed, args=(feeding,), daemon=True).start()
        yield started, _Carrying(carried, errors_from, limit_bytes)


@contextlib.contextmanager
def _handed_on(launch: Launch, started: subprocess.Popen[bytes]) -> Iterator[set[int]]:
    """What we are sent, the command gets; it says by its end what came of it. The signals sent."""
    sent: set[int] = set()

    def hand_on(number: int, _frame: object) -> None:
        sent.add(number)
        launch.forward(started, number)

    before = {number: signal.signal(number, hand_on) for number in _FORWARDED}
    try:
        yield sent
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _feed(target: int) -> None:
    with contextlib.suppress(OSError):
        while chunk := os.read(0, _CHUNK):
            view = memoryview(chunk)
            while view:
                view = view[os.write(target, view) :]
    with contextlib.suppress(OSError):
        os.close(target)


class _Carrying:
    """Copies what a command writes, each of its descriptors to one of ours, up to a limit each.

    `errors` is the head of what it wrote to the descriptor `errors_from`.
    """

    def __init__(self, carried: Mapping[int, int], errors_from: int, limit_bytes: int) -> None:
        self._carried = carried
        self._errors_from = errors_from
        self._left = dict.fromkeys(carried, limit_bytes)
        self.errors = bytearray()

    def until_the_end(self, started: subprocess.Popen[bytes], deadline: float) -> int | None:
        """Copy until all is closed and the command has ended; an exit code where we ended it."""
        with selectors.DefaultSelector() as selector:
            for source in self._carried:
                selector.register(source, selectors.EVENT_READ)
            while selector.get_map():
                left = deadline - time.monotonic()
                if left <= 0:
                    return TIMED_OUT
                for key, _ in selector.select(left):
                    chunk = _read(key.fd)
                    if not chunk:
                        selector.unregister(key.fd)
                    elif not self._copy(key.fd, chunk):
                        return FLOODED
        try:
            started.wait(max(deadline - time.monotonic(), 0.001))
        except subprocess.TimeoutExpired:
            return TIMED_OUT
        return None

    def _copy(self, source: int, chunk: bytes) -> bool:
        """Whether all of it was within the limit."""
        _write(self._carried[source], chunk[: self._left[source]])
        self._left[source] -= len(chunk)
        if source == self._errors_from:
            self.errors += chunk[: max(_ERRORS_BYTES - len(self.errors), 0)]
        return self._left[source] >= 0


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError:  # A terminal that nobody has open any more says EIO.
        return b""


def _write(descriptor: int, data: bytes) -> None:
    """Write it all; a reader that has gone does not end the command."""
    view = memoryview(data)
    with contextlib.suppress(BrokenPipeError):
        while view:
            view = view[os.write(descriptor, view) :]
