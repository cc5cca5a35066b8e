"""What a fresh subject for every scenario costs, next to the subject's own bare start time.

    python bench/fresh.py [--scenarios 200] [--jobs 1]

The subject is Python's own `http.server`, which scenario-runner starts (`service:`). Its bare start
is measured in the same run, before and after: from the start of the process to its first answer.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from processes import row

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
SERVER = [PYTHON, "-m", "http.server", "--bind", "127.0.0.1"]
BARE_STARTS = 15
SCENARIO = """
  Scenario: number {number}
    When I send GET "/"
    Then the response status is 200
    And the response body contains "Directory listing"
    And the response header "Server" contains "SimpleHTTP"
    And the response arrives within 5000 milliseconds
"""


def bare_start(folder: Path) -> float:
    """Seconds from the start of the process to its first answer."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        [*SERVER, str(port)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/")
                connection.getresponse().read()
                return time.perf_counter() - started
            except OSError:
                time.sleep(0.002)
    finally:
        process.kill()
        process.wait()


def run(folder: Path, jobs: int, *more: str) -> float:
    """Seconds of a whole run, which must pass."""
    report = folder / "report"
    words = ["run", str(folder / "suite"), "--report", str(report), "--jobs", str(jobs)]
    subject = ["--subject", f"service:{' '.join(SERVER)} {{port}}"]
    started = time.perf_counter()
    done = subprocess.run(
        [PYTHON, "-m", "scenario_runner", *words, *subject, *more],
        env={**os.environ, "PYTHONPATH": str(ROOT / "scenario-runner")},
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"the run did not pass: {done.stdout[-500:]}{done.stderr[-500:]}")
    assert json.loads((report / "report.json").read_text())["verdict"] == "pass"
    return seconds


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scenarios", type=int, default=200)
    options.add_argument("--jobs", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "suite").mkdir()
        text = "".join(SCENARIO.format(number=number) for number in range(given.scenarios))
        (folder / "suite/many.feature").write_text(f"Feature: many\n{text}")
        starts = [bare_start(folder) for _ in range(BARE_STARTS)]
        shared = run(folder, given.jobs)
        fresh = run(folder, given.jobs, "--fresh", "scenario")
        starts += [bare_start(folder) for _ in range(BARE_STARTS)]
    start = statistics.median(starts)
    print(f"{given.scenarios} scenarios, --jobs {given.jobs}")
    row("bare start of the service", start * 1000, "ms")
    row("one service for all, the whole run", shared, "s")
    row("a fresh one for each, the whole run", fresh, "s", "under 60", kept=fresh < 60)
    ratio = fresh / given.scenarios / start
    row("a fresh scenario / bare start", ratio, "times", "at most 1.3", kept=ratio <= 1.3)


if __name__ == "__main__":
    main()
