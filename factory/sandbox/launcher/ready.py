"""Wait until a service answers, or is to be waited for no more."""

from __future__ import annotations

import re
import select
import socket
import time

from factory.sandbox.protocol import Service

_RETRY_SECONDS = 0.02
_ANSWER_SECONDS = 2.0
_HEAD_LIMIT_BYTES = 64 * 1024
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([0-9]{3})[ \r\n]")


class NotReady(Exception):
    """The service ended or gave no good answer in its time."""


class Cancelled(Exception):
    """Nobody waits for the service any more."""


def await_ready(service: Service, path: str, seconds: float, cancel: int) -> None:
    """Return once a GET of `path` is answered below 400.

    Args:
        seconds: how long that may take.
        cancel: a descriptor that can be read once the wait is to end.

    Raises:
        NotReady, Cancelled: as they say.
    """
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if not service.alive():
            said = service.output().decode("utf-8", "replace")[-2000:]
            raise NotReady(f"the subject ended before it was ready: {said}")
        with service.awaiting() as connection:
            if _answers(connection, path, min(left, _ANSWER_SECONDS), cancel):
                return
        _wait(None, _RETRY_SECONDS, cancel)
    raise NotReady(f"{path} gave no good answer in {seconds:g} seconds")


def _answers(connection: socket.socket, path: str, seconds: float, cancel: int) -> bool:
    """Whether one GET is answered below 400. Only the head of the answer is read.

    One deadline and one limit of bytes for all of it: a head that drips, or never ends, is none.
    """
    deadline = time.monotonic() + seconds
    head = b""
    try:
        connection.setblocking(False)
        request = f"GET {path} HTTP/1.1\r\nHost: subject\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode("ascii"))
        while not _HEAD_END.search(head):
            if not _wait(connection, deadline - time.monotonic(), cancel):
                return False
            chunk = connection.recv(4096)
            if not chunk or len(head) > _HEAD_LIMIT_BYTES:
                return False
            head += chunk
    except (OSError, ValueError):
        return False
    found = _STATUS_LINE.match(head)
    return found is not None and 200 <= int(found[1]) < 400


def _wait(connection: socket.socket | None, seconds: float, cancel: int) -> bool:
    """Whether `connection` can be read before the time is up.

    Raises:
        Cancelled: `cancel` can.
    """
    poll = select.poll()
    poll.register(cancel, select.POLLIN)
    if connection is not None:
        poll.register(connection, select.POLLIN)
    found = dict(poll.poll(max(seconds, 0) * 1000))
    if cancel in found:
        raise Cancelled
    return bool(found)
