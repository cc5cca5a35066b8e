"""Runs the real command on suites written to disk, against two tiny real subjects."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests import forked

HERE = Path(__file__).resolve().parent
DISTRIBUTION = HERE.parents[1] / "scenario-runner"
SCHEMA = json.loads((DISTRIBUTION / "scenario_runner/report.schema.json").read_text())


@dataclass
class Ran:
    """One run of the command."""

    code: int
    report: dict[str, Any]
    stdout: str
    stderr: str
    folder: Path

    @property
    def outcomes(self) -> dict[str, str]:
        return {each["name"]: each["outcome"] for each in self.report["scenarios"]}

    @property
    def private(self) -> list[dict[str, Any]]:
        path = self.folder / "private.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]


def command_line(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "scenario_runner", *arguments]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(DISTRIBUTION), **more}


def check_report(report: dict[str, Any]) -> None:
    import jsonschema

    jsonschema.validate(report, SCHEMA)
    ids = [each["id"] for each in report["scenarios"]]
    assert len(set(ids)) == len(ids) == report["inventory"]


@pytest.fixture
def suite(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Path]:
    """Writes a suite: a map of relative path to content."""

    def write(files: dict[str, str | bytes]) -> Path:
        root = tmp_path / "suite"
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                content = textwrap.dedent(content).lstrip("\n").encode()
            path.write_bytes(content)
        return root

    return write


@pytest.fixture
def cli(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command with any arguments."""

    def start(*arguments: str) -> subprocess.CompletedProcess[str]:
        return forked.run(
            command_line(*arguments),
            capture_output=True,
            text=True,
            timeout=150,
            env=environment(),
            cwd=tmp_path,
        )

    return start


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the command and leaves it running, in a session of its own."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command_line(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
            cwd=tmp_path,
            start_new_session=True,
            # A background job of a shell ignores SIGINT, and its children would too.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Ran]:
    """Runs `scenario-runner run` and checks its report against the schema."""

    def start(
        features: Path,
        *arguments: str,
        subject: str = "cat",
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
    ) -> Ran:
        folder = tmp_path / "report"
        # With another distribution than this one it is a process from the start.
        start_with = subprocess.run if "PYTHONPATH" in (env or {}) else forked.run
        done = start_with(
            command_line(
                "run", str(features), "--subject", subject, "--report", str(folder), *arguments
            ),
            capture_output=True,
            text=True,
            timeout=150,
            env=environment(**(env or {})),
            cwd=cwd or tmp_path,
        )
        path = folder / "report.json"
        assert path.exists(), done.stderr
        report = json.loads(path.read_text())
        check_report(report)
        if done.returncode == 0:
            assert report["verdict"] == "pass"
        else:
            assert report["verdict"] != "pass"
        return Ran(done.returncode, report, done.stdout, done.stderr, folder)

    return start


class _Links(BaseHTTPRequestHandler):
    """A tiny link service: POST /links, GET /links/CODE, GET /slow, GET /drip, GET /soon."""

    protocol_version = "HTTP/1.1"
    store: ClassVar[dict[str, str]]
    first_seen: ClassVar[dict[str, float]]
    lock: threading.Lock

    def log_message(self, *_arguments: Any) -> None:
        pass

    def _answer(self, status: int, body: Any, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        kind = "text/plain" if isinstance(body, bytes) else "application/json"
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        code = self.path.removeprefix("/links/")
        if self.path == "/health":
            self._answer(200, b"ok\n")
        elif self.path == "/echo-key":
            self._answer(200, {"key": self.headers.get("X-API-Key")})
        elif self.path == "/soon":
            with self.lock:
                first = self.first_seen.setdefault("soon", time.monotonic())
            self._answer(410 if time.monotonic() - first > 0.2 else 200, b"")
        elif self.path == "/twice":
            self._answer(200, b'{"a": 1, "a": 2}')
        elif self.path == "/nan":
            self._answer(200, b'{"a": NaN}')
        elif self.path == "/deep":
            self._answer(200, b"[" * 100_000 + b"]" * 100_000)
        elif self.path == "/drip":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            try:
                for _ in range(1000):
                    self.wfile.write(b"x")
                    time.sleep(0.05)
            except OSError:
                pass
        elif self.path == "/away":
            self._answer(302, b"", Location="http://elsewhere.invalid/health")
        elif code in self.store:
            self._answer(302, b"", Location=self.store[code])
        else:
            self._answer(404, {"error": "unknown code"})

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            wanted = json.loads(data)
            url = wanted["url"]
        except (ValueError, KeyError, TypeError):
            self._answer(400, {"error": "url is missing"})
            return
        with self.lock:
            code = wanted.get("alias") or f"c{len(self.store)}"
            if code in self.store:
                self._answer(409, {"error": "alias is taken"})
                return
            self.store[code] = url
        self._answer(201, {"code": code, "visits": 0, "tags": ["a", "b"]}, X_Made="yes")


@pytest.fixture
def service() -> Iterator[str]:
    """The address of a fresh link service on loopback."""

    class Fresh(_Links):
        store: ClassVar[dict[str, str]] = {}
        first_seen: ClassVar[dict[str, float]] = {}
        lock = threading.Lock()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Fresh)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


_TOOL = """
import csv, json, os, sys, time
arguments = sys.argv[1:]
if not arguments:
    sys.exit("usage: tool COMMAND")
name = arguments.pop(0)
if name == "copy":
    sys.stdout.write(sys.stdin.read())
elif name == "sum":
    rows = list(csv.DictReader(open(arguments[0])))
    print(sum(int(row["amount"]) for row in rows))
elif name == "csv":
    print("name,amount"); print("tea,3"); print("coffee,4")
elif name == "json":
    print(json.dumps({"b": [1, 2.0], "a": None}))
elif name == "environment":
    print(json.dumps(sorted(os.environ)))
elif name == "where":
    print(os.getcwd()); print(os.environ["HOME"])
elif name == "write":
    open(arguments[0], "w").write(arguments[1] + "\\n")
elif name == "link":
    os.symlink("/etc/hostname", arguments[0])
elif name == "fifo":
    os.mkfifo(arguments[0])
elif name == "flood":
    while True:
        print("x" * 1000)
elif name == "sleep":
    time.sleep(float(arguments[0]))
elif name == "orphan":
    if os.fork() == 0:
        time.sleep(30)
    print("parent done")
elif name == "die":
    os.kill(os.getpid(), 9)
else:
    print("no such command: " + name, file=sys.stderr)
    sys.exit(2)
"""


@pytest.fixture
def tool(tmp_path: Path) -> str:
    """A command for --subject."""
    path = tmp_path / "tool.py"
    path.write_text(_TOOL)
    return f"{sys.executable} {path}"


@pytest.fixture
def shop() -> Iterator[str]:
    """The address of a fresh shop on loopback: sessions, forms, jobs, documents."""
    from tests.scenario_runner import shop_service

    server = shop_service.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
