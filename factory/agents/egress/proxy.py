"""The proxy outside: answers HTTP CONNECT for hosts on its list, refuses and notes all else."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

from factory.errors import ConfigurationError
from factory.ports.scratch import scratch
from factory.sandbox.protocol import Bind

RELAY = Path(__file__).with_name("relay.py")
PORT = 3128
"""Where the relay listens inside, on 127.0.0.1: the port that HTTP proxies are known by."""
_FOLDER = "/factory/egress"
_RELAY_INSIDE = "/factory/egress.py"
_HEAD_LIMIT_BYTES = 16 * 1024
_HEAD_SECONDS = 10.0
_CONNECT_SECONDS = 15.0
_IDLE_SECONDS = 600.0
_CONNECTIONS = 64
_NOTES = 200
_ENTRY = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?):([0-9]{1,5})")
_REQUEST = re.compile(rb"CONNECT ([!-~]{1,300}) HTTP/1\.[01]\r\n")

Address = tuple[str, int]


def parse_allowed(entries: Iterable[str]) -> frozenset[Address]:
    """The addresses of a list of `host:port`; no patterns.

    Raises:
        ConfigurationError: an entry has another form.
    """
    found = set()
    for entry in entries:
        address = _address(entry) if isinstance(entry, str) else None
        if address is None:
            raise ConfigurationError(
                f"egress: {entry!r} is not host:port", mend="for instance api.anthropic.com:443"
            )
        found.add(address)
    return frozenset(found)


class EgressProxy:
    """The proxy, for the length of a `with`; leaving it ends every connection.

    `refused` lists what was asked for in vain, in order, at most 200 entries; `connections` counts
    those that were made.
    """

    def __init__(self, allowed: frozenset[Address]) -> None:
        self._allowed = allowed
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(_CONNECTIONS)
        self._closing = False
        self.refused: list[str] = []
        self.connections = 0

    def __enter__(self) -> EgressProxy:
        # The outer folder is ours alone; the inner one, which the cell sees, is open to any uid.
        self._scratch = scratch("egress")
        self._folder = self._scratch.__enter__()
        inner = self._folder / "door"
        inner.mkdir()
        inner.chmod(0o755)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(inner / "proxy"))
        (inner / "proxy").chmod(0o666)
        self._listener.listen(_CONNECTIONS)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._closing = True
            left = [self._listener, *self._open]
        for end in left:
            _close(end)
        self._scratch.__exit__(kind, error, trace)

    @property
    def binds(self) -> tuple[Bind, ...]:
        """What the cell must be shown."""
        return (
            Bind(source=self._folder / "door", target=_FOLDER),
            Bind(source=RELAY, target=_RELAY_INSIDE),
        )

    @property
    def environment(self) -> dict[str, str]:
        """What tells programs inside about the way out."""
        address = f"http://127.0.0.1:{PORT}"
        return {"HTTPS_PROXY": address, "https_proxy": address}

    def command(self, argv: Sequence[str]) -> list[str]:
        """`argv` with the relay started beside it."""
        return ["python3", "-I", _RELAY_INSIDE, f"{_FOLDER}/proxy", str(PORT), "--", *argv]

    def _accept(self) -> None:
        while True:
            try:
                inside, _ = self._listener.accept()
            except OSError:
                return
            if not self._slots.acquire(blocking=False):
                _close(inside)
                continue
            threading.Thread(target=self._serve, args=(inside,), daemon=True).start()

    def _serve(self, inside: socket.socket) -> None:
        outside = None
        try:
            if self._kept(inside):
                outside = self._connected(inside)
                if outside is not None and self._kept(outside):
                    with self._lock:
                        self.connections += 1
                    inside.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    _join(inside, outside)
        except OSError:
            pass  # Either side went away.
        finally:
            for end in (inside, outside):
                if end is not None:
                    _close(end)
                    with self._lock:
                        self._open.discard(end)
            self._slots.release()

    def _kept(self, end: socket.socket) -> bool:
        with self._lock:
            if not self._closing:
                self._open.add(end)
            return not self._closing

    def _connected(self, inside: socket.socket) -> socket.socket | None:
        wanted = _REQUEST.match(_head(inside))
        text = wanted[1].decode("ascii") if wanted else "something else than CONNECT"
        address = _address(text) if wanted else None
        if address not in self._allowed or address is None:
            with self._lock:
                if len(self.refused) < _NOTES:
                    self.refused.append(text)
            inside.sendall(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
            return None
        try:
            outside = socket.create_connection(address, timeout=_CONNECT_SECONDS)
        except OSError:
            inside.sendall(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")
            return None
        for end in (inside, outside):
            end.settimeout(_IDLE_SECONDS)
        return outside


def _address(text: str) -> Address | None:
    found = _ENTRY.fullmatch(text)
    if not found or not 0 < int(found[2]) < 65536:
        return None
    return found[1].lower(), int(found[2])


def _head(inside: socket.socket) -> bytes:
    """A request's head, read so that not a byte after it is taken."""
    inside.settimeout(_HEAD_SECONDS)
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        seen = inside.recv(2048, socket.MSG_PEEK)
        end = (data[-3:] + seen).find(b"\r\n\r\n")
        take = len(seen) if end < 0 else end + 4 - len(data[-3:])
        data += inside.recv(take)
        if not seen or len(data) > _HEAD_LIMIT_BYTES:
            raise OSError("no request")
    return data


def _join(one: socket.socket, two: socket.socket) -> None:
    """Carry bytes both ways until both directions have ended."""
    back = threading.Thread(target=_carry, args=(two, one), daemon=True)
    back.start()
    _carry(one, two)
    back.join()


def _carry(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
