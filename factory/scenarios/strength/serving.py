"""A small server on the loopback address, for as long as a context lasts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY_LIMIT_BYTES = 1024 * 1024


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # Scenarios send many requests at once.

    def handle_error(self, *_: object) -> None:
        """A scenario that has seen enough hangs up; that is no error."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address at which requests are handled."""
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def length(text: str | None) -> int:
    """A Content-Length; 0 where there is none that can be read."""
    return int(text) if text and text.isascii() and text.isdecimal() else 0
