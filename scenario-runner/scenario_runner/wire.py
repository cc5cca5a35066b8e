"""Messages between parent and child: JSON lines over private pipes, each with a secret token.

Step code shares the child's process, so the token is no proof against code that hunts for it in
memory; it stops everything that only finds the descriptor. The parent never believes a total.
"""

from __future__ import annotations

import hmac
import json
import os
import threading
from collections.abc import Iterator
from typing import Any

_ENCODER = json.JSONEncoder(default=repr)
MAX_LINE_BYTES = 4 * 1024 * 1024


class BrokenMessage(Exception):
    """A line that our child cannot have written."""


class Sender:
    """The writing end. Threads may share it."""

    def __init__(self, handle: int, token: str) -> None:
        self._handle = handle
        self._token = token
        self._number = 0
        self._held: list[bytes] = []
        self._lock = threading.Lock()

    def send(self, kind: str, **fields: Any) -> None:
        """Written before this returns, after whatever was held back."""
        with self._lock:
            self._held.append(self._line(kind, fields))
            self._write()

    def flush(self) -> None:
        with self._lock:
            self._write()

    def hold(self, kind: str, **fields: Any) -> None:
        """Goes out with the next `send`: for what another message is sure to follow at once."""
        with self._lock:
            self._held.append(self._line(kind, fields))

    def _write(self) -> None:
        view = memoryview(b"".join(self._held))
        self._held.clear()
        while view:
            view = view[os.write(self._handle, view) :]

    def _line(self, kind: str, fields: dict[str, Any]) -> bytes:
        message = {"token": self._token, "number": self._number, "kind": kind, **fields}
        self._number += 1
        return _ENCODER.encode(message).encode() + b"\n"


class Receiver:
    """Cuts a stream into messages; `feed` gives those before a broken one, then raises
    BrokenMessage."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._number = 0
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > MAX_LINE_BYTES:
            raise BrokenMessage("a message without an end")
        for line in lines:
            yield self._read(line)

    def _read(self, line: bytes) -> dict[str, Any]:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            raise BrokenMessage("a message that is no JSON") from None
        token = message.get("token") if isinstance(message, dict) else None
        if not isinstance(token, str) or not hmac.compare_digest(
            token.encode("utf-8", "replace"), self._token.encode()
        ):
            raise BrokenMessage("a message without our token")
        if message.get("number") != self._number:
            raise BrokenMessage("a message out of order")
        self._number += 1
        return dict(message)
