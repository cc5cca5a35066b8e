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

# Each stage of each attempt, in order: the record whose appearance begins it, and how many
# seconds after that to strike.
STRIKES = (
    ("plan", 1, None, 0.4),
    ("build", 1, "work-order.json", 0.4),
    ("hold", 1, "attempt.json", 0.02),
    ("evaluate", 1, "candidate.json", 1.0),
    ("verdict", 1, "report.json", 0.0),
    ("build", 2, "work-order.json", 0.4),
    ("hold", 2, "attempt.json", 0.05),
    ("evaluate", 2, "candidate.json", 0.3),
    ("verdict", 2, "report.json", 0.05),
    ("ship", 2, "public-verdict.json", 0.02),
)


def processes_naming(*texts: str) -> list[str]:
    """The command lines of other processes that name one of these folders."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = process.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if any(text in words for text in texts) and str(os.getpid()) != process.parent.name:
            found.append(words)
    return found


def left_running(*texts: str) -> list[str]:
    """What of these still runs: a launcher that sees its parent gone needs a moment to clean up."""
    deadline = time.monotonic() + 20
    while (found := processes_naming(*texts)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def kill_in(
    repositories: Repositories,
    attempt: int,
    record: str | None,
    delay: float,
    strike: signal.Signals = signal.SIGKILL,
) -> int:
    """Start a run, end it `delay` seconds after `record` of `attempt` is there; its exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "factory.cli", "run", "link-expiry", "--json"],
        cwd=repositories.specs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # A background job of a shell ignores SIGINT, and its children would too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 120
    pattern = f".factory/runs/*/attempt-{attempt}/{record}"
    while record and not list(repositories.specs.glob(pattern)):
        assert process.poll() is None, f"it ended before {record} of attempt {attempt}"
        assert time.monotonic() < deadline
        time.sleep(0.002)
    time.sleep(delay)
    process.send_signal(strike)
    return process.wait(30)


@pytest.mark.nightly
def test_killed_in_every_stage_it_goes_on(
    shortener: Repositories, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = Path(tempfile.mkdtemp(prefix="kill-"))
    monkeypatch.setenv("TMPDIR", str(scratch))
    for stage, attempt, record, delay in STRIKES:
        kill_in(shortener, attempt, record, delay)
        left = left_running(str(shortener.folder), str(scratch))
        assert left == [], f"killed in {stage} of attempt {attempt}, this was left"
    done = shortener.run("link-expiry")
    if done.code != 3:  # 3: the last strike came after all was done.
        assert done.code == 0, done.err
        assert [one["verdict"] for one in done.data["attempts"]] == ["fail", "pass"]
        assert done.data["shipped"]["commit"] == shortener.main()
    assert git(shortener.product, "rev-list", "--count", "main") == "2"
    assert git(shortener.product, "status", "--porcelain") == ""
    runs = list((shortener.specs / ".factory" / "runs").iterdir())
    assert len(runs) == 1, "every strike went on with the same run"
    holding = git(shortener.product, "for-each-ref", "--format=%(refname)", "refs/heads/factory")
    assert len(holding.split()) == 1
    events = git(shortener.specs, "ls-tree", "-r", "--name-only", "factory/ledger").splitlines()
    shipped = [one for one in events if "-shipped" in one]
    assert len(shipped) == 1
    assert str(scratch) not in Path("/proc/self/mounts").read_text()
    assert [one.name for one in scratch.iterdir()] == [], "scratch folders were swept"
    scratch.rmdir()
    assert shortener.run("link-expiry").code == 3


def test_interrupted_it_ends_with_130_and_leaves_nothing(
    shortener: Repositories, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = Path(tempfile.mkdtemp(prefix="kill-"))
    monkeypatch.setenv("TMPDIR", str(scratch))
    assert kill_in(shortener, 1, "candidate.json", 1.0, signal.SIGINT) == 130
    assert left_running(str(shortener.folder), str(scratch)) == []
    assert [one.name for one in scratch.iterdir()] == []
    scratch.rmdir()
    assert git(shortener.product, "rev-list", "--count", "main") == "1"
