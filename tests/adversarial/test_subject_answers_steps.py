"""Attack: a service whose answers aim at the steps that read them: bombs, loops, floods, lures."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

RUNNER = Path(__file__).resolve().parents[2] / "scenario-runner"


def _zip_bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(100 * 1024 * 1024))
    return data.getvalue()


class Hostile(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lured: ClassVar[list[str]] = []
    bombs: ClassVar[dict[str, bytes]] = {}

    def log_message(self, *_arguments: Any) -> None:
        pass

    def _answer(self, body: bytes, *headers: tuple[str, str], status: int = 200) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        path = self.path
        if path == "/loop":
            self._answer(b"", ("Location", "/loop"), status=302)
        elif path == "/lure":
            # Another host: here another name of loopback, so that a follower would be seen.
            port = self.server.server_address[1]  # type: ignore[attr-defined]
            self._answer(b"", ("Location", f"http://localhost:{port}/away"), status=302)
        elif path == "/away":
            self.lured.append(str(self.headers.get("Host")))
            self._answer(b"{}")
        elif path == "/cookies":
            self._answer(b"{}", *(("Set-Cookie", f"c{i}={'x' * 100}") for i in range(80)))
        elif path == "/cookie-lines":
            self._answer(b"{}", ("Set-Cookie", "a=b\x01; Path=/; =; ;;Max-Age=" + "9" * 999))
        elif path == "/list":
            self._answer(json.dumps(list(range(200_000))).encode())
        elif path == "/gzip":
            bomb = self.bombs["gzip"]
            self._answer(bomb, ("Content-Encoding", "gzip"))
        elif path == "/hang":
            time.sleep(30)
        elif path == "/letters":
            self._answer(json.dumps("a" * 1_000_000).encode())
        else:
            self._answer(self.bombs.get(path.removeprefix("/"), b"{}"))


@pytest.fixture
def hostile() -> Iterator[str]:
    Hostile.lured.clear()
    Hostile.bombs.update(
        zip=_zip_bomb(),
        gzip=gzip.compress(bytes(100 * 1024 * 1024)),
        deep=b"[" * 50_000 + b"]" * 50_000,
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


ATTACKS = {
    "zip bomb": (
        'When I send GET "/zip"\nAnd I save the response body as "o.zip"\n'
        'Then the archive "o.zip" holds "a"',
        "more than",
    ),
    "gzip bomb as tar": (
        'When I send GET "/gzip"\nAnd I save the response body as "o.tgz"\n'
        'Then the archive "o.tgz" holds "a"',
        "more than",
    ),
    "redirect loop": (
        'When I send GET "/loop"\nAnd I follow up to 20 redirects\nThen the response status is 200',
        "the status is 302",
    ),
    "pairs of a long list": (
        'When I send GET "/list"\nThen the response JSON at "" has no item twice',
        "more than",
    ),
    "hang": (
        'Then within 0.5 seconds GET "/hang" answers with status 200 and JSON at "a" is 1',
        "did not answer",
    ),
    "deep": ('When I send GET "/deep"\nThen the response JSON at "" has no item twice', "not JSON"),
    "backtracking": (
        'When I send GET "/letters"\nThen the response JSON at "" matches "a*a*a*a*a*a*a*b"',
        "not as expected",
    ),
    "rows without end": (
        'When I send GET "/list"\nThen the response JSON at "" is the table in any order:\n'
        "  | a |\n  | 1 |",
        "nothing at",
    ),
    "odd cookie": (
        'Given cookies are kept\nWhen I send GET "/cookie-lines"\nAnd I send GET "/x"\n'
        'Then the response sets the cookie "a"',
        "",
    ),
}


def test_no_answer_passes_or_holds_up_the_run(tmp_path: Path, hostile: str) -> None:
    text = "Feature: F\n"
    for name, (steps, _words) in ATTACKS.items():
        body = "\n".join(f"    {line}" for line in steps.split("\n"))
        text += f"  Scenario: {name}\n{body}\n"
    seen = _run(tmp_path, text, hostile)
    assert {each["name"] for each in seen} == set(ATTACKS)
    for each in seen:
        assert each["outcome"] == "failed", each
        assert ATTACKS[each["name"]][1] in each["message"], each["message"]


def test_credentials_go_to_the_subject_alone(tmp_path: Path, hostile: str) -> None:
    text = """
Feature: F
  Scenario: S
    Given the requests carry the bearer token "secret"
    And cookies are kept
    When I send GET "/cookies"
    And I send GET "/lure"
    And I follow the redirect
    Then the response status is 200
"""
    seen = _run(tmp_path, text, hostile)
    assert [each["outcome"] for each in seen] == ["passed"]
    assert Hostile.lured == [hostile.removeprefix("http://")]


def _run(tmp_path: Path, text: str, subject: str) -> list[dict[str, Any]]:
    suite = tmp_path / "suite"
    suite.mkdir()
    (suite / "a.feature").write_text(text)
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "scenario_runner", "run", str(suite), "--subject", subject,
         "--report", str(tmp_path / "report"), "--scenario-timeout", "60"],
        capture_output=True, timeout=240, check=False, cwd=RUNNER,
    )  # fmt: skip
    assert time.monotonic() - started < 240
    lines = (tmp_path / "report/private.jsonl").read_text().splitlines()
    report = json.loads((tmp_path / "report/report.json").read_text())
    details = {each["name"]: each for each in map(json.loads, lines) if "name" in each}
    return [{**details.get(one["name"], {}), **one} for one in report["scenarios"]]
