"""A service for tests to have started: it counts in memory and in files of its working folder."""

from __future__ import annotations

import os
import shlex
import sys
import time
from pathlib import Path

import pytest

SOURCE = """
import http.server, json, os, sys, threading, time
from pathlib import Path

events, modes = sys.argv[1], sys.argv[2:]
memory = []

def tell(what):
    with open(events, "a") as stream:
        stream.write(what + "\\n")

tell("begun")
if "refuse" in modes:
    print("no configuration")
    sys.exit(3)
if "refuse-again" in modes and os.path.exists("things"):
    sys.exit(4)
if "hang" in modes:
    time.sleep(600)
if "flood" in modes:
    def flood():
        while True:
            os.write(1, b"x" * 65536)
    threading.Thread(target=flood, daemon=True).start()
if "daemon" in modes and os.fork() == 0:
    # Twice, in a session of its own: what a process does that wants to outlive its parent.
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def log_message(self, *arguments):
        pass

    def answer(self, status, document, **headers):
        data = json.dumps(document).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path == "/starts":
            self.answer(200, {"starts": Path(events).read_text().count("begun")})
        elif self.path == "/slow":
            time.sleep(0.3)
            self.answer(200, {})
        elif self.path == "/die":
            os._exit(7)
        else:
            files = len(list(Path(".").glob("thing-*")))
            self.answer(200, {"memory": len(memory), "files": files, "pid": os.getpid(),
                              "name": os.environ.get("NAME", modes[-1] if modes else ""),
                              "cookie": self.headers.get("Cookie", "")})

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/reset":
            tell("reset")
            memory.clear()
            self.answer(200, {})
        elif self.path == "/broken":
            self.answer(500, {})
        else:
            memory.append(1)
            Path("things").touch()
            Path(f"thing-{time.monotonic_ns()}").touch()
            self.answer(201, {}, Set_Cookie="who=ann; Path=/")


print("listening", flush=True)
http.server.ThreadingHTTPServer.request_queue_size = 64
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
tell("serving")
server.serve_forever()
"""

EMPTY = """
    When I send GET "/things"
    Then the response JSON at "memory" is 0
    And the response JSON at "files" is 0
    When I send POST "/things"
    Then the response status is 201
"""


class Service:
    """Words for --subject, and what its instances did and left."""

    def __init__(self, folder: Path) -> None:
        self.script = folder / f"managed-{folder.name}.py"
        self.script.write_text(SOURCE)
        self.events = folder / "events"
        self.events.touch()

    def command(self, *modes: str) -> str:
        return shlex.join([sys.executable, str(self.script), str(self.events), *modes])

    def subject(self, *modes: str) -> str:
        return f"service:{self.command(*modes)}"

    def told(self) -> list[str]:
        return self.events.read_text().split()

    def left(self) -> list[int]:
        """Processes that run it still; one that was killed may take a moment to go."""
        deadline = time.monotonic() + 5
        while (found := self.running()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return found

    def running(self) -> list[int]:
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(self.script).encode() in words and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        return found


@pytest.fixture
def managed(tmp_path: Path):
    service = Service(tmp_path)
    yield service
    assert service.left() == []
