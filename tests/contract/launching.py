"""A client of the launcher's protocol, and a service whose state can be looked at."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from factory.sandbox.kind import Kind
from factory.sandbox.launcher import plan
from factory.sandbox.protocol import MEBIBYTE, Bind, Cell, Limits
from tests.contract.sandbox_boxes import Over

SECONDS = 60

SERVICE = r"""
import http.server, os, subprocess, sys
answers = {}

class Handler(http.server.BaseHTTPRequestHandler):
    seen = 0
    def do_GET(self):
        Handler.seen += self.path != "/"
        found = answers[self.path[1:]]() if self.path[1:] in answers else "ready"
        body = str(found).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words): pass

def answer(call):
    answers[call.__name__] = call

@answer
def keep():
    for folder in ("/tmp", "/dev/shm"):
        with open(folder + "/kept", "a") as file:
            file.write("x")

@answer
def kept():
    return [open(f + "/kept").read() for f in ("/tmp", "/dev/shm") if os.path.exists(f + "/kept")]

@answer
def seen():
    return Handler.seen

@answer
def end():
    os._exit(0)

@answer
def processes():
    return len([name for name in os.listdir("/proc") if name.isdigit()])

MORE

class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    def handle_error(self, *words): pass

Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


def planned(
    folder: Path, box: Kind, more: str = "", *, source: str = SERVICE, **others: Any
) -> Path:
    """Write the plan of a service whose program has `more` in it; the plan's path."""
    app = folder / "app"
    app.mkdir(exist_ok=True)
    (app / "server.py").write_text(source.replace("MORE", more))
    limits = Limits(memory_bytes=256 * MEBIBYTE, scratch_bytes=4 * MEBIBYTE, processes=60)
    options = {
        "port": 8080,
        "ready": "/",
        "start_seconds": 20.0,
        "live": 4,
        "memory_bytes": 4096 * MEBIBYTE,
        "journal": folder / "journal",
        **others,
    }
    cell = Cell(
        binds=(Bind(source=app, target="/app"),), env={"PORT": "8080"}, cwd="/app", limits=limits
    )
    plan.write(folder / "plan", box, cell, ["sh", "-c", "exec python3 server.py"], **options)
    return folder / "plan"


class Launcher:
    """The launcher as a process, asked from any thread."""

    def __init__(self, path: Path, via: list[str] | None = None) -> None:
        # A folder of its own for temporary files: what is left there was left by it.
        self.own = Path(tempfile.mkdtemp(prefix="t-", dir="/tmp"))
        words = [sys.executable, "-m", "factory.sandbox.launcher", str(path)]
        self.process = subprocess.Popen(
            [*(via or []), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(self.own)},
            start_new_session=True,
        )
        self._answers = defaultdict[str, "queue.Queue[dict[str, Any]]"](queue.Queue)
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Launcher:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin and self.process.stdout and self.process.stderr
        self.process.stdin.close()
        try:
            self.process.wait(SECONDS)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stderr.close()
            subprocess.run(["rm", "-rf", str(self.own)], check=True)

    def send(self, do: str, identity: str) -> None:
        assert self.process.stdin
        self.raw(json.dumps({"do": do, "id": identity}).encode() + b"\n")

    def raw(self, line: bytes) -> None:
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError):  # It did not read on.
            while line:
                line = line[os.write(self.process.stdin.fileno(), line) :]

    def answer(self, identity: str, seconds: float = SECONDS) -> dict[str, Any]:
        return self._answers[identity].get(timeout=seconds)

    def ask(self, do: str, identity: str) -> dict[str, Any]:
        self.send(do, identity)
        return self.answer(identity)

    def start(self, identity: str) -> Path:
        """The socket of a new instance."""
        return reached(self.ask("start", identity))

    def left(self) -> list[Path]:
        """What lies in its folder of temporary files."""
        return sorted(self.own.iterdir())

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as stream:
            for line in stream:
                said = json.loads(line)
                self._answers[said.pop("id")].put(said)


def reached(answer: dict[str, Any]) -> Path:
    assert answer["state"] == "ready", answer
    return Path(unquote(answer["address"].removeprefix("http+unix://")))


def running(marker: str) -> list[int]:
    """The host's processes whose command line holds `marker`, which no other program has."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and marker.encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return [pid for pid in found if pid != os.getpid()]


def get(socket: Path, path: str, seconds: float = 20) -> str:
    return Over(socket, seconds).ask("GET", f"/{path}").decode()
