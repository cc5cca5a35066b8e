"""The scripted model that the stand-ins ask: one turn for each connection, in order."""

from __future__ import annotations

import json
import shutil
import socketserver
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROGRAMS = Path(__file__).parent / "bin"


class ScriptedService:
    """Serves `turns` on loopback for the length of a `with`.

    A turn is {"say", "commands": [shell command…], "usage": {"input", "cached", "output"}?} and
    whatever a stand-in knows to do wrong ("fault", see standin.py). `asked` is called before each
    answer with the number of the turn, so that a test can look at what is there by then.
    """

    def __init__(
        self,
        turns: list[dict[str, Any]],
        *,
        key: str,
        asked: Callable[[int], None] = lambda number: None,
    ) -> None:
        self.keys: list[str] = []
        service = self

        class Handler(socketserver.StreamRequestHandler):
            timeout = 20

            def handle(self) -> None:
                request = json.loads(self.rfile.readline())
                service.keys.append(request["key"])
                asked(request["turn"])
                answer: dict[str, Any] = {"refused": True}
                if request["key"] == key:
                    number = request["turn"]
                    answer = turns[number] if number < len(turns) else {"say": "All built."}
                self.wfile.write(json.dumps(answer).encode() + b"\n")

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    @property
    def host(self) -> str:
        """As an entry of `egress`."""
        return f"localhost:{self.port}"

    def __enter__(self) -> ScriptedService:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def installed(folder: Path) -> Path:
    """A copy of the stand-ins as a profile's `files`."""
    shutil.copytree(PROGRAMS, folder / "bin")
    return folder
