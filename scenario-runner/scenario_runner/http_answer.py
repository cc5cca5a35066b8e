"""An HTTP answer whose ordinary headers are read without the email package, which takes longer
over them than everything else does together. Any other header is left to it."""

from __future__ import annotations

import email.parser
import http.client
import re
from typing import Any

# One line, a name of printable ASCII, no carriage return inside: read alike by both.
_ORDINARY = re.compile(rb"([!-9;-~]+):[ \t]*([^\r\n]*)\r?\n")

# The limits of http.client.
_MAX_LINE_BYTES, _MAX_LINES = 65536, 100


class Answer(http.client.HTTPResponse):
    """As http.client reads it; the connection's `response_class`."""

    fp: Any
    headers: Any
    chunk_left: int | None
    _method: str

    def begin(self) -> None:
        """Read the status line and the headers. Raises http.client.HTTPException."""
        if self.headers is not None:
            return
        while True:
            version, status, reason = self._read_status()  # type: ignore[attr-defined]
            if status != http.client.CONTINUE:
                break
            _lines(self.fp)
        self.code = self.status = status
        self.reason = reason.strip()
        if version in ("HTTP/1.0", "HTTP/0.9"):
            self.version = 10
        elif version.startswith("HTTP/1."):
            self.version = 11
        else:
            raise http.client.UnknownProtocol(version)
        self.headers = self.msg = _message(_lines(self.fp))
        coding = self.headers.get("transfer-encoding")
        self.chunked = bool(coding) and coding.lower() == "chunked"
        self.chunk_left = None
        self.will_close = self._check_close()  # type: ignore[attr-defined]
        self.length = None if self.chunked else _length(self.headers.get("content-length"))
        if status in (204, 304) or 100 <= status < 200 or self._method == "HEAD":
            self.length = 0
        if not self.will_close and not self.chunked and self.length is None:
            self.will_close = True


def _lines(stream: Any) -> list[bytes]:
    found: list[bytes] = []
    while True:
        line = stream.readline(_MAX_LINE_BYTES + 1)
        if len(line) > _MAX_LINE_BYTES:
            raise http.client.LineTooLong("header line")
        found.append(line)
        if len(found) > _MAX_LINES:
            raise http.client.HTTPException(f"got more than {_MAX_LINES} headers")
        if line in (b"\r\n", b"\n", b""):
            return found


def _message(lines: list[bytes]) -> http.client.HTTPMessage:
    message: Any = http.client.HTTPMessage()
    for line in lines[:-1]:
        match = _ORDINARY.fullmatch(line)
        if match is None:
            text = b"".join(lines).decode("iso-8859-1")
            return email.parser.Parser(_class=http.client.HTTPMessage).parsestr(text)
        message.set_raw(match[1].decode("ascii"), match[2].decode("iso-8859-1"))
    return message  # type: ignore[no-any-return]


def _length(text: str | None) -> int | None:
    try:
        length = int(text) if text else None
    except ValueError:
        return None
    return length if length is None or length >= 0 else None
