"""Run one command in a cell with our own stdin, stdout and stderr, within limits."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import IO

from factory.ports import process
from factory.sandbox.cellfile import Order

TIMED_OUT = 124  # As timeout(1) says it.
FLOODED = 153  # 128 + SIGXFSZ: more was written than allowed.
_CHUNK = 65536


def run(order: Order, arguments: Sequence[str]) -> int:
    """Run the order's command with `arguments` and return its exit code.

    Past the deadline the command is ended and the code is 124; past the output limit, 153.

    Raises:
        SandboxUnavailable: the cell could not be made.
    """
    deadline = time.monotonic() + order.timeout_seconds
    argv = [*order.argv_prefix, *arguments]
    with order.sandbox.prepared(order.cell, argv) as launch:
        started = process.start(launch.argv, env=launch.env, pass_fds=launch.pass_fds)
        assert started.stdin and started.stdout and started.stderr
        try:
            # Bytes, never our descriptor: a cell could open the file behind it anew, to write.
            feeder = threading.Thread(target=_feed, args=(os.dup(started.stdin.fileno()),))
            feeder.daemon = True
            started.stdin.close()
            feeder.start()
            ended, errors = _carry(started, started.stdout, started.stderr, deadline, order)
        finally:
            process.end(started)
        if ended is not None:
            return ended
        return launch.settle(started.returncode, errors)


def _feed(target: int) -> None:
    with contextlib.suppress(OSError):
        while chunk := os.read(0, _CHUNK):
            view = memoryview(chunk)
            while view:
                view = view[os.write(target, view) :]
    with contextlib.suppress(OSError):
        os.close(target)


def _carry(
    started: subprocess.Popen[bytes],
    stdout: IO[bytes],
    stderr: IO[bytes],
    deadline: float,
    order: Order,
) -> tuple[int | None, bytes]:
    """Copy both streams until they close; an exit code of ours where we ended it, and errors."""
    left = {stdout: order.output_limit_bytes, stderr: order.output_limit_bytes}
    targets = {stdout: 1, stderr: 2}
    errors = bytearray()
    with selectors.DefaultSelector() as selector:
        for stream in left:
            selector.register(stream, selectors.EVENT_READ, stream)
        while selector.get_map():
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return TIMED_OUT, bytes(errors)
            for key, _ in selector.select(remaining):
                chunk = os.read(key.fd, _CHUNK)
                if not chunk:
                    selector.unregister(key.fileobj)
                    continue
                stream = key.data
                _write(targets[stream], chunk[: left[stream]])
                left[stream] -= len(chunk)
                if left[stream] < 0:
                    return FLOODED, bytes(errors)
                if stream is stderr:
                    errors += chunk[: max(4096 - len(errors), 0)]
    try:
        started.wait(max(deadline - time.monotonic(), 0.001))
    except subprocess.TimeoutExpired:
        return TIMED_OUT, bytes(errors)
    return None, bytes(errors)


def _write(descriptor: int, data: bytes) -> None:
    """Write it all; a reader that has gone does not end the command."""
    view = memoryview(data)
    with contextlib.suppress(BrokenPipeError):
        while view:
            view = view[os.write(descriptor, view) :]
