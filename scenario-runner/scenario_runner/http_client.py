"""HTTP over a TCP or UNIX socket that a hostile service cannot hold up or fill.

One total deadline for a whole exchange (a dripping answer cannot extend it), a cap on bytes, no
redirect followed, no compression accepted. Connections are kept alive.
"""

from __future__ import annotations

import http.client
import io
import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from scenario_runner.errors import StepFailed
from scenario_runner.http_answer import Answer
from scenario_runner.target import Target

DEFAULT_TIMEOUT_SECONDS = 10.0
MAX_BODY_BYTES = 4 * 1024 * 1024

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. `headers` in the order received; `elapsed_seconds` until the last byte."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    elapsed_seconds: float

    def header(self, name: str) -> str | None:
        """All values of a header, joined as RFC 9110 5.3 says; None when absent."""
        wanted = name.lower()
        values = [value for key, value in self.headers if key.lower() == wanted]
        return ", ".join(values) if values else None

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class NoAnswer(StepFailed):
    """The service could not be reached, broke HTTP, or ran out of time or bytes."""


class HttpClient:
    """One kept-alive connection; use one a thread."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._connection: _Connection | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def request(
        self,
        method: str,
        path: str,
        headers: Headers = (),
        body: bytes | None = None,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    ) -> Response:
        """Raises NoAnswer."""
        started = time.monotonic()
        deadline = started + timeout_seconds
        what = f"{method} {path}"
        try:
            return self._exchange(method, path, headers, body, started, deadline)
        except TimeoutError:
            self.close()
            raise NoAnswer(f"{what}: no complete answer within {timeout_seconds:g} s") from None
        except http.client.HTTPException as problem:
            self.close()
            raise NoAnswer(f"{what}: not a valid HTTP answer ({_name(problem)})") from None
        except OSError as problem:
            self.close()
            raise NoAnswer(f"{what}: no answer ({problem.strerror or _name(problem)})") from None
        except ValueError as problem:
            self.close()
            raise NoAnswer(f"{what}: cannot be sent or read ({problem})") from None
        except BaseException:
            self.close()
            raise

    def _exchange(
        self,
        method: str,
        path: str,
        headers: Headers,
        body: bytes | None,
        started: float,
        deadline: float,
    ) -> Response:
        connection = self._fresh_or_idle()
        reused = connection.sock is not None
        connection.deadline = deadline
        path = self.target.prefix + encode_path(path)
        try:
            answer = _send(connection, method, path, headers, body)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # A kept-alive connection may be closed just as we write; only what is safe to repeat
            # (RFC 9110 9.2.2) is sent again.
            if not reused or method not in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
                raise
            self.close()
            connection = self._fresh_or_idle()
            connection.deadline = deadline
            answer = _send(connection, method, path, headers, body)
        data = answer.read(MAX_BODY_BYTES + 1)
        if len(data) > MAX_BODY_BYTES:
            raise ValueError(f"the body is larger than {MAX_BODY_BYTES} bytes")
        length = answer.getheader("Content-Length")
        if answer.length and method != "HEAD" and length is not None:
            raise http.client.IncompleteRead(data)
        if answer.will_close or not answer.isclosed():
            self.close()
        elapsed = time.monotonic() - started
        return Response(answer.status, tuple(answer.getheaders()), data, elapsed)

    def _fresh_or_idle(self) -> _Connection:
        connection = self._connection
        if connection is not None and connection.sock is not None:
            # Readable while idle: closed by the service, or bytes nobody asked for.
            if connection.sock.poll.poll(0):
                self.close()
        if self._connection is None:
            self._connection = _Connection(self.target)
        return self._connection


def encode_path(path: str) -> str:
    """What a request line may hold; an absolute URL is cut to its path, the subject's own."""
    if path.startswith(("http://", "https://")):
        parts = urlsplit(path)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.startswith("/"):
        path = "/" + path
    return quote(path.partition("#")[0], safe="/%:?[]@!$&'()*+,;=~-._")


def _send(
    connection: _Connection, method: str, path: str, headers: Headers, body: bytes | None
) -> http.client.HTTPResponse:
    connection.putrequest(method, path, skip_accept_encoding=True)
    connection.putheader("Accept-Encoding", "identity")
    names = {name.lower() for name, _ in headers}
    for name, value in headers:
        connection.putheader(name, value.encode("utf-8"))
    if body is not None:
        if "content-length" not in names:
            connection.putheader("Content-Length", str(len(body)))
    elif method in ("POST", "PUT", "PATCH") and "content-length" not in names:
        connection.putheader("Content-Length", "0")
    connection.endheaders(body)
    return connection.getresponse()


def _name(problem: BaseException) -> str:
    return str(problem) or type(problem).__name__


class _Connection(http.client.HTTPConnection):
    """http.client with a deadline on each send and receive."""

    sock: Any
    response_class = Answer

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port)
        self.target = target
        self.deadline = 0.0
        self.auto_open = 1

    def connect(self) -> None:
        if self.target.unix_path is not None:
            raw: socket.socket = socket.socket(socket.AF_UNIX)
            try:
                raw.settimeout(self.remaining())
                raw.connect(self.target.unix_path)
            except BaseException:
                raw.close()
                raise
        else:
            raw = socket.create_connection((self.target.host, self.target.port), self.remaining())
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.target.tls:
            import ssl

            raw.settimeout(self.remaining())
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=self.target.host)
        self.sock = _DeadlineSocket(raw, self)

    def remaining(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _DeadlineSocket:
    """What http.client uses of a socket. Closed only once no reader is left, as a real one is:
    http.client closes its socket before it reads the body of a `Connection: close` answer."""

    def __init__(self, raw: socket.socket, connection: _Connection) -> None:
        self.raw = raw
        self.connection = connection
        self.readers = 0
        self.closed = False
        self.poll = select.poll()
        self.poll.register(raw, select.POLLIN)

    def sendall(self, data: bytes) -> None:
        self.raw.settimeout(self.connection.remaining())
        self.raw.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        self.readers += 1
        return io.BufferedReader(_DeadlineReader(self))

    def close(self) -> None:
        self.closed = True
        if self.readers <= 0:
            self.raw.close()


class _DeadlineReader(io.RawIOBase):
    def __init__(self, sock: _DeadlineSocket) -> None:
        super().__init__()
        self.sock = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.sock.raw.settimeout(self.sock.connection.remaining())
        return self.sock.raw.recv_into(buffer)

    def close(self) -> None:
        if not self.closed:
            self.sock.readers -= 1
            if self.sock.closed:
                self.sock.close()
        super().close()
