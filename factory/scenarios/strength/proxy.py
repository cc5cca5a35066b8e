"""Between scenarios and a product that is right: a proxy that makes one thing wrong."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from factory.errors import UsageError
from factory.scenarios.strength.serving import BODY_LIMIT_BYTES, length, serving

SECONDS = 60.0
_HOP = frozenset(
    ("connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length",
     "proxy-authenticate", "proxy-authorization")
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What a proxy does wrong: `shift` is added to each whole number in a request's JSON body and
    query; an answer comes `delay_seconds` late. Without either it does nothing."""

    shift: int = 0
    delay_seconds: float = 0.0

    def target(self, path: str) -> str:
        """The path that is asked for in place of this one."""
        before, mark, query = path.partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        if not self.shift or not any(_is_whole(value) for _, value in pairs):
            return path
        shifted = [(key, self._shifted(one)) for key, one in pairs]
        return f"{before}{mark}{urlencode(shifted)}"

    def body(self, sent: bytes) -> bytes:
        """The body that is sent on in place of this one; what is no JSON stays."""
        if not self.shift:
            return sent
        try:
            data = json.loads(sent)
        except (ValueError, RecursionError):
            return sent
        changed = self._moved(data)
        return sent if changed == data else json.dumps(changed).encode()

    def _shifted(self, text: str) -> str:
        return str(int(text) + self.shift) if _is_whole(text) else text

    def _moved(self, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: self._moved(one) for key, one in data.items()}
        if isinstance(data, list):
            return [self._moved(one) for one in data]
        if isinstance(data, int) and not isinstance(data, bool):
            return data + self.shift
        return data


@contextmanager
def proxied(address: str, fault: Fault) -> Iterator[str]:
    """The address of a proxy to the service at `address`, while the context lasts.

    Args:
        address: http(s)://… or http+unix://SOCKET.

    Raises:
        UsageError: the address is of another form.
    """
    connect = _connector(address)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30
        wbufsize = -1
        disable_nagle_algorithm = True

        def __getattr__(self, called: str) -> Any:
            if called.startswith("do_"):
                return self.pass_on
            raise AttributeError(called)

        def pass_on(self) -> None:
            size = length(self.headers.get("Content-Length"))
            body = fault.body(self.rfile.read(min(size, BODY_LIMIT_BYTES)))
            began = time.monotonic()
            try:
                answer, data = self.ask(body, size > 0)
            except (OSError, http.client.HTTPException):
                self.close_connection = True
                self.send_error(502)
                return
            time.sleep(max(0.0, fault.delay_seconds - (time.monotonic() - began)))
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.getheaders():
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            if self.command == "HEAD":
                if (told := answer.getheader("Content-Length")) is not None:
                    self.send_header("Content-Length", told)
            elif answer.status not in (204, 304):
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def ask(self, body: bytes, has_body: bool) -> tuple[http.client.HTTPResponse, bytes]:
            connection = connect()
            try:
                connection.putrequest(
                    self.command,
                    fault.target(self.path),
                    skip_host=True,
                    skip_accept_encoding=True,
                )
                for name, value in self.headers.items():
                    if name.lower() not in _HOP:
                        connection.putheader(name, value)
                if has_body or "Content-Length" in self.headers:
                    connection.putheader("Content-Length", str(len(body)))
                connection.endheaders(body or None)
                answer = connection.getresponse()
                return answer, answer.read(BODY_LIMIT_BYTES)
            finally:
                connection.close()

        def log_message(self, *_: Any) -> None:
            pass

    with serving(Handler) as own:
        yield own


def _connector(address: str) -> Callable[[], http.client.HTTPConnection]:
    parts = urlsplit(address)
    if parts.scheme == "http+unix":
        return lambda: _UnixConnection(unquote(parts.netloc))
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    if parts.scheme not in kinds or not parts.hostname or parts.path.strip("/"):
        raise UsageError(
            f"{address!r} is no address of a service",
            mend="write http://HOST:PORT, https://HOST or http+unix://SOCKET",
        )
    kind, host, port = kinds[parts.scheme], parts.hostname, parts.port
    return lambda: kind(host, port, timeout=SECONDS)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("subject", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._path)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdecimal()
