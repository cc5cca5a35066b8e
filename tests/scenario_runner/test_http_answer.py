"""The quick reading of headers says what http.client says, of anything a service may send."""

from __future__ import annotations

import http.client
import io

import pytest
from scenario_runner.http_answer import Answer


class _Socket:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def read(kind: type[http.client.HTTPResponse], data: bytes, method: str) -> object:
    answer = kind(_Socket(data), method=method)
    try:
        answer.begin()
        body = answer.read()
    except (http.client.HTTPException, ValueError) as problem:
        return type(problem), str(problem)
    return (
        answer.status, answer.reason, answer.version, answer.getheaders(), answer.will_close,
        answer.chunked, answer.length, body, answer.getheader("Content-Type"),
    )  # fmt: skip


HEADERS = [
    b"Content-Type: application/json\r\nContent-Length: 2\r\n",
    b"content-length:2\n",
    b"Content-Length: +2\r\n", b"Content-Length: -2\r\n", b"Content-Length: 2x\r\n",
    b"Content-Length: \r\n", b"Content-Length: 2\r\nContent-Length: 1\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: Chunked\r\nContent-Length: 1\r\n",
    b"Connection: close\r\nContent-Length: 2\r\n", b"Connection: keep-alive\r\n",
    b"Keep-Alive: timeout=5\r\nContent-Length: 2\r\n",
    b"X-Folded: one\r\n two\r\nContent-Length: 2\r\n",
    b"X-Tab:\tone \t\r\n", b"X-Empty:\r\n", b"X : spaced\r\n", b": nameless\r\n",
    b"no colon at all\r\nContent-Length: 2\r\n", b" begins with a blank: x\r\n",
    b"X-Latin: caf\xe9\r\n", b"X-Utf8: caf\xc3\xa9\r\n", b"X-\xe9: name\r\n",
    b"X-Bare: a\rContent-Length: 2\r\n", b"X-Form: a\x0cb\x0bc\x1cd\x85e\r\n", b"X-Nul: a\x00b\r\n",
    b"From me\r\nX: y\r\n", b"X: " + b"y" * 70_000 + b"\r\n", b"X: y\r\n" * 101, b"X: y\r\n" * 99,
    b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n",
    b"Content-Type: multipart/mixed; boundary=x\r\nContent-Length: 2\r\n",
    b"Content-Type: message/rfc822\r\nContent-Length: 2\r\n",
    b"",
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HEADERS)))
def test_as_http_client_reads_it(number):
    for status in (b"HTTP/1.1 200 OK", b"HTTP/1.0 204 None", b"HTTP/1.1 304", b"HTTP/2 200 OK",
                   b"HTTP/1.1 abc", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made"):  # fmt: skip
        for method in ("GET", "HEAD"):
            for body in (b"ok", b"2\r\nok\r\n0\r\n\r\n", b""):
                data = status + b"\r\n" + HEADERS[number] + b"\r\n" + body
                assert read(Answer, data, method) == read(http.client.HTTPResponse, data, method)
    unfinished = b"HTTP/1.1 200 OK\r\n" + HEADERS[number]
    assert read(Answer, unfinished, "GET") == read(http.client.HTTPResponse, unfinished, "GET")
