"""Processes that append to one ledger and are killed at any moment; bench/ledger.py has more."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from factory import ledger
from factory.ledger.verify import verify
from tests.unit.ledger.made import bare_repository, git, run

WRITER = """
import sys
from factory import ledger
from factory.records import LedgerEntry, decode
for line in sys.stdin.buffer:
    ledger.append(decode(LedgerEntry, line), url=sys.argv[1], env={})
"""
WRITERS, EACH, KILLS = 4, 8, 6


def start(repository: Path, who: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(repository)], stdin=subprocess.PIPE
    )
    assert process.stdin
    with contextlib.suppress(BrokenPipeError):
        for number in range(EACH):
            process.stdin.write(run(who * EACH + number).to_json() + b"\n")
        process.stdin.close()
    return process


def kill(process: subprocess.Popen[bytes], *, git_too: bool) -> None:
    below = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    for child in below if git_too else ():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGKILL)


def test_killed_at_random_and_started_again_every_entry_is_there_once(tmp_path: Path) -> None:
    repository = bare_repository(tmp_path / "specs.git")
    rolls = random.Random(5)
    running = [start(repository, who) for who in range(WRITERS)]
    kills = KILLS
    while any(one.poll() is None for one in running):
        time.sleep(0.1)
        for who, process in enumerate(running):
            if kills and process.poll() is None and rolls.random() < 0.2:
                kills -= 1
                kill(process, git_too=kills % 2 == 0)
                process.wait()
            if process.poll() == -signal.SIGKILL:
                running[who] = start(repository, who)
    assert [one.returncode for one in running] == [0] * WRITERS
    found = sorted(one.run_id for one in ledger.read(url=str(repository), env={}))
    assert found == sorted(run(number).run_id for number in range(WRITERS * EACH))
    told = verify(repository, "own", git("rev-parse", "factory/ledger", at=repository))
    assert (told.entries, told.faults) == (WRITERS * EACH, ())
    assert list(repository.rglob("*.lock")) == []
