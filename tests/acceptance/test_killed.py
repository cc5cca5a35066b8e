"""Killed with SIGKILL in each stage and started again: nothing lost, nothing shipped twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.acceptance.conftest import Repositories, git

pytestmark = pytest.mark.slow

# Stage → (the record whose appearance begins it, how long after that to strike, in seconds).
BEGINS = {
    "plan": (None, 0.4),
    "build": ("work-order.json", 0.4),
    "hold": ("attempt.json", 0.0),
    "evaluate": ("candidate.json", 0.6),
    "verdict": ("report.json", 0.0),
    "ship": ("public-verdict.json", 0.0),
}


def mounts() -> int:
    return len(Path("/proc/self/mounts").read_text().splitlines())


def processes_naming(text: str) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = process.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if text in words and str(os.getpid()) != process.parent.name:
            found.append(words)
    return found


def kill_when(repositories: Repositories, stage: str, attempt: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "factory.cli", "run", "link-expiry", "--json"],
        cwd=repositories.specs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    record, delay = BEGINS[stage]
    deadline = time.monotonic() + 120
    pattern = f".factory/runs/*/attempt-{attempt}/{record}"
    while record and not list(repositories.specs.glob(pattern)):
        assert process.poll() is None, f"it ended before {stage}"
        assert time.monotonic() < deadline
        time.sleep(0.002)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize(
    ("stage", "attempt"),
    [("plan", 1), ("build", 1), ("hold", 1), ("evaluate", 1), ("verdict", 1), ("build", 2),
     ("evaluate", 2), ("verdict", 2), ("ship", 2)],
)  # fmt: skip
def test_it_goes_on(
    shortener: Repositories, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stage: str,
    attempt: int,
) -> None:  # fmt: skip
    scratch = Path(tempfile.mkdtemp(prefix="kill-"))
    monkeypatch.setenv("TMPDIR", str(scratch))
    before = mounts()
    kill_when(shortener, stage, attempt)
    done = shortener.run("link-expiry")
    if done.code == 3:  # It was killed after all was done.
        assert stage == "ship"
    else:
        assert done.code == 0, done.err
        assert [one["verdict"] for one in done.data["attempts"]] == ["fail", "pass"]
        assert done.data["shipped"]["commit"] == shortener.main()
    assert git(shortener.product, "rev-list", "--count", "main") == "2"
    assert git(shortener.product, "status", "--porcelain") == ""
    holding = git(shortener.product, "for-each-ref", "--format=%(refname)", "refs/heads/factory")
    assert len(holding.split()) == 1
    time.sleep(0.3)
    assert processes_naming(str(shortener.folder)) == []
    assert mounts() == before
    assert [one.name for one in scratch.iterdir()] == []
    scratch.rmdir()
    assert shortener.run("link-expiry").code == 3
