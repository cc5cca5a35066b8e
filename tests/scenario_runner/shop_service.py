"""A small shop: sessions, forms, uploads, jobs, seats, redirects, documents."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ROWS = [
    {"name": "tea", "amount": 3.501, "owner": {"id": 1}, "on": True},
    {"name": "coffee", "amount": 4, "owner": {"id": 2}, "on": None},
]
SET = {
    "/login": ["session=s-1; Path=/; HttpOnly; SameSite=Lax", "theme=dark; Path=/shop"],
    "/logout": ["session=; Path=/; Max-Age=0"],
}


def document() -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "rows": ROWS,
        "total": 0.3,
        "many": "MANY",
        "numbers": [1, 2, 2, 5],
        "names": ["b", "a"],
        "nothing": [],
        "text": "a code: ABC-12",
        "open": True,
        "whole": 3.0,
        "day": "2024-05-04",
        "from": "2024-05-01",
        "at": now.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z",
        "offset": "2024-05-01T14:00:00+02:00",
        "naive": "2024-05-01T12:00:00",
        "hour": (now + timedelta(hours=1)).isoformat(),
        "notday": "2024-02-30",
    }


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: dict[str, Any]
    lock: threading.Lock

    def log_message(self, *_arguments: Any) -> None:
        pass

    def _answer(self, status: int, body: Any, *headers: tuple[str, str]) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _count(self, name: str) -> int:
        with self.lock:
            self.state[name] = self.state.get(name, 0) + 1
            return int(self.state[name])

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path
        if path in SET:
            self._answer(200, {}, *(("Set-Cookie", each) for each in SET[path]))
        elif path == "/document":
            expires = "Wed, 01 May 2024 12:00:00 GMT"
            # A number that overflows a double, which json.dumps would not write.
            data = json.dumps(document()).replace('"MANY"', "1e999").encode()
            self._answer(200, data, ("Expires", expires), ("Retry-After", "30"))
        elif path == "/headers":
            self._answer(200, {key.lower(): value for key, value in self.headers.items()})
        elif path.startswith("/shop"):
            self._answer(200, {"cookie": self.headers.get("Cookie")})
        elif path == "/query":
            self._answer(200, {"query": parse_qsl(parts.query)})
        elif path == "/jobs/1":
            number = self._count("job")
            self._answer(200, {"state": "done" if number > 3 else "running"})
        elif path.startswith("/hop/"):
            left = int(path.removeprefix("/hop/"))
            moved = [("Location", f"/hop/{left - 1}")] if left else []
            self._answer(302 if left else 200, b"", *moved)
        elif path == "/pages/one":
            self._answer(302, b"", ("Location", "two?again=1"))
        elif path == "/pages/two":
            self._answer(200, {"query": parts.query})
        elif path == "/flaky":
            self._answer(200 if self._count("flaky") < 4 else 500, b"")
        elif path == "/slow":
            time.sleep(0.2)
            self._answer(200, b"ok")
        elif path == "/broken":
            self._answer(503, b"")
        elif path == "/report.txt":
            self._answer(200, b"total: 3\nwarning a\nwarning b\n")
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.headers.get("Content-Type") or ""
        if self.path == "/form":
            self._answer(200, {"form": parse_qsl(data.decode()), "type": kind})
        elif self.path == "/upload":
            mail = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + data)
            parts = [
                {
                    "field": part.get_param("name", header="content-disposition"),
                    "file": part.get_filename(),
                    "type": part.get_content_type(),
                    "bytes": len(part.get_payload(decode=True)),
                }
                for part in mail.get_payload()
            ]
            self._answer(200, {"parts": parts})
        elif self.path == "/echo":
            self._answer(200, data)
        elif self.path == "/seats":
            first = self._count("seats") == 1
            self._answer(201 if first else 409, {})
        else:
            self._answer(404, {})


def start() -> ThreadingHTTPServer:
    """A fresh shop on loopback, served by a thread."""
    handler = type("Fresh", (Shop,), {"state": {}, "lock": threading.Lock()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server
