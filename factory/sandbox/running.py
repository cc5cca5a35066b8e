"""A process that goes on beside us: launched, drained and ended."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import IO

from factory.errors import ProcessFailed
from factory.ports import process

HEAD_BYTES = 64 * 1024


@contextlib.contextmanager
def launched(start: Callable[[], subprocess.Popen[bytes]]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process from a thread that lives as long as it does, and end it at the end.

    The kernel ties "die with the parent" to the thread that forked, not to the process
    (prctl(2), PR_SET_PDEATHSIG): started from a short-lived thread the cell would die with it.
    """
    ready = threading.Event()
    made: list[subprocess.Popen[bytes]] = []
    failed: list[BaseException] = []

    def live() -> None:
        try:
            made.append(start())
        except BaseException as error:
            failed.append(error)
        finally:
            ready.set()
        if made:
            made[0].wait()

    thread = threading.Thread(target=live, name="cell", daemon=True)
    thread.start()
    ready.wait()
    if failed:
        raise failed[0]
    try:
        yield made[0]
    finally:
        process.end(made[0])
        thread.join()


class Head:
    """The first bytes of a stream; the rest is read and dropped, so that no writer blocks."""

    def __init__(self, stream: IO[bytes], limit_bytes: int = HEAD_BYTES) -> None:
        self._descriptor = os.dup(stream.fileno())
        self._limit = limit_bytes
        self._kept = bytearray()
        self._thread = threading.Thread(target=self._drain, name="cell-output", daemon=True)
        self._thread.start()

    def __bytes__(self) -> bytes:
        return bytes(self._kept)

    def settle(self, timeout_seconds: float) -> bytes:
        """What was written, once the stream has closed or the time is up."""
        self._thread.join(timeout_seconds)
        return bytes(self)

    def _drain(self) -> None:
        try:
            while chunk := os.read(self._descriptor, 65536):
                self._kept += chunk[: max(self._limit - len(self._kept), 0)]
        except OSError:
            pass
        finally:
            os.close(self._descriptor)


def await_end(pid: int, timeout_seconds: float = 15.0) -> None:
    """Return once process `pid` is gone, and with the first of a pid namespace all the others.

    Raises:
        ProcessFailed: it is still there after the timeout.
    """
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        poller = select.poll()
        poller.register(descriptor, select.POLLIN)
        deadline = time.monotonic() + timeout_seconds
        while (left := deadline - time.monotonic()) > 0:
            if poller.poll(left * 1000):
                return
    finally:
        os.close(descriptor)
    raise ProcessFailed(
        f"process {pid}, the first of a sandbox, does not end though it was killed",
        mend="look for a hanging disk or network file system below the factory's folders",
    )
