"""A fresh sandboxed service for every scenario: what it costs above the service's own start.

The service is Python's http.server. Bare means the same program without a sandbox, until its
first answer. A scenario here is one request, so that what is seen is the cost of the instances;
sequential ones are started, asked and stopped one by one, else two are started ahead.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import queue
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import unquote

from processes import interleaved, row

from factory.evaluate.subject import reached_by
from factory.records import Subject
from factory.records.work_order import SandboxChoice
from factory.sandbox.select import select

SERVER = """\
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")
    def log_message(self, *words): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
SUBJECT = Subject(start="exec python3 server.py", ready="/", port=8080)
AHEAD = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=20, help="of what is measured one by one")
    options = parser.parse_args()
    sandbox = select(SandboxChoice())
    print(f"{sandbox.name}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "app").mkdir()
        (folder / "prefix" / "bin").mkdir(parents=True)
        (folder / "app" / "server.py").write_text(SERVER)
        address = reached_by(
            SUBJECT, sandbox, SandboxChoice(), folder / "app", folder / "prefix", folder
        )
        words = address.removeprefix("launcher:").split()
        bare, alone, again = _one_by_one(words, folder / "app", options.rounds)
        row("bare: start to first answer", bare * 1000, "ms")
        row("in the sandbox, one by one", alone * 1000, "ms")
        row("in the sandbox, one by one, to bare", alone / bare, "x")
        row("killed and started again, to bare", again / bare, "x")
        total, after = _ahead(words, folder / "app", options.scenarios)
        each = total / options.scenarios
        row(f"{options.scenarios} scenarios, {AHEAD} ahead", total, "s", "< 60", kept=total < 60)
        row("each, to bare", each / after, "x", "<= 1.3", kept=each / after <= 1.3)
        closed = ["/bin/sh", "-c", 'exec "$@" </dev/null', "sh"]
        empty = {"launcher": [*closed, *words], "python": [*closed, sys.executable, "-Ic", "pass"]}
        took = interleaved(empty, rounds=options.rounds)
        extra = took["launcher"].seconds - took["python"].seconds
        row("a launcher that starts nothing, above Python itself", extra * 1000, "ms")
        extra = took["launcher"].cpu_seconds - took["python"].cpu_seconds
        row("the same in processor time", extra * 1000, "ms")


def _one_by_one(words: list[str], app: Path, rounds: int) -> tuple[float, float, float]:
    """Medians in turns, in seconds: bare, in the sandbox, killed and started again."""
    found: dict[str, list[float]] = defaultdict(list)
    with Launcher(words) as launcher:
        for number in range(rounds + 1):
            found["bare"].append(_bare(app))
            for do in ("start", "restart"):
                begun = time.perf_counter()
                launcher.reach(do, str(number))
                found[do].append(time.perf_counter() - begun)
            launcher.ask("stop", str(number))
    return tuple(median(found[name][1:]) for name in ("bare", "start", "restart"))  # type: ignore


def _ahead(words: list[str], app: Path, count: int) -> tuple[float, float]:
    """Seconds for `count` scenarios, and the median of bare starts just before and after them."""
    bare = [_bare(app) for _ in range(10)]
    with Launcher(words) as launcher:
        begun = time.perf_counter()
        for number in range(AHEAD):
            launcher.send("start", str(number))
        for number in range(count):
            if number + AHEAD < count:
                launcher.send("start", str(number + AHEAD))
            path = launcher.reached(str(number))
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(path)
                client.sendall(b"GET /hello HTTP/1.0\r\n\r\n")
                assert client.recv(100).startswith(b"HTTP/1.0 200")
            launcher.send("stop", str(number))
        for number in range(count):
            assert launcher.answer(str(number))["alive"] is True
        total = time.perf_counter() - begun
    return total, median(bare + [_bare(app) for _ in range(10)])


def _bare(app: Path) -> float:
    """Seconds from the start of the service to its first answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {"PORT": str(port), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    begun = time.perf_counter()
    service = subprocess.Popen(["/bin/sh", "-c", "exec python3 server.py"], cwd=app, env=env)
    try:
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port)
                connection.request("GET", "/")
                assert connection.getresponse().status == 200
                return time.perf_counter() - begun
            except ConnectionRefusedError:
                time.sleep(0.001)
            finally:
                connection.close()
    finally:
        service.kill()
        service.wait()


class Launcher:
    """The launcher's protocol, from one thread."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._answers: dict[str, queue.Queue[dict[str, Any]]] = defaultdict(queue.Queue)

    def __enter__(self) -> Launcher:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(self._words, stdin=pipe, stdout=pipe)
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.wait() == 0

    def send(self, do: str, identity: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": do, "id": identity}).encode() + b"\n")
        self._process.stdin.flush()

    def answer(self, identity: str) -> dict[str, Any]:
        return self._answers[identity].get(timeout=120)

    def ask(self, do: str, identity: str) -> dict[str, Any]:
        self.send(do, identity)
        return self.answer(identity)

    def reach(self, do: str, identity: str) -> None:
        self.send(do, identity)
        self.reached(identity)

    def reached(self, identity: str) -> str:
        """The socket of an instance that was asked for, once it is ready."""
        answer = self.answer(identity)
        assert answer["state"] == "ready", answer
        return unquote(answer["address"].removeprefix("http+unix://"))

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            said = json.loads(line)
            self._answers[said["id"]].put(said)


if __name__ == "__main__":
    main()
