"""The ledger under many writers, and its reading as it grows.

    python bench/ledger.py [--writers 50] [--entries 2000] [--runs 1000 10000 100000] [--quick]

Three measures: writers at once, writers killed at random, and `factory status` on ledgers of more
and more runs. The ledgers to read are made by git fast-import, one commit a run with seven entries,
chained as the factory chains them.
"""
# ruff: noqa: E402

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import log2
from pathlib import Path
from statistics import median

import msgspec

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "doubles")]

from messages_api.factory_of_runs import an_order
from processes import MISSED, interleaved, row, run

from factory import ledger
from factory.ledger import events
from factory.ledger.chain import COUNT, LAST
from factory.ledger.verify import verify
from factory.plan import Reserved, reserve
from factory.records import Budget, LedgerEntry

PYTHON = sys.executable
FACTORY = [PYTHON, "-m", "factory.cli"]
EVENTS = ("planned", "reserved", "built", "released", "held", "judged", "shipped")
START = datetime(2026, 1, 1, tzinfo=UTC)

# One writer: appends its share, and tells how long each append took.
WRITER = """
import json, sys, time
from factory import ledger
from factory.records import LedgerEntry, decode
repository, told = sys.argv[1:]
for line in sys.stdin.buffer:
    entry = decode(LedgerEntry, line)
    began = time.monotonic()
    ledger.append(entry, url=repository, env={})
    with open(told, "a") as stream:
        stream.write(f"{time.monotonic() - began:.4f}\\n")
"""


def entry(run_number: int, event: str, attempt: int = 1) -> LedgerEntry:
    """An event of one run of many, five minutes apart; its id is spread as a random one is."""
    spread = run_number * 2_654_435_761 % 2**32
    at = START + timedelta(minutes=5 * run_number, seconds=EVENTS.index(event))
    return LedgerEntry(
        at=f"{at:%Y-%m-%dT%H:%M:%SZ}",
        event=event,  # type: ignore[arg-type]
        run_id=f"{START + timedelta(minutes=5 * run_number):%Y%m%dt%H%M%S}-{spread:08x}",
        attempt=attempt,
        spec_id=f"spec-{run_number % 500}",
        spec_version=1 + run_number // 500,
        spec_digest="sha256:" + f"{run_number:064x}",
        product=f"product-{run_number % 7}",
        agent="builder" if event == "built" else "",
        verdict=("pass" if run_number % 3 else "fail") if event == "judged" else None,
        commit=f"{run_number:040x}" if event in ("held", "judged", "shipped") else None,
        usd=0.5 if event == "built" else 0.0,
        reserved_usd=2.0 if event == "reserved" else 0.0,
    )


def bare(folder: Path) -> Path:
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    return folder


class Writer:
    """A writer process, which is started again where it was killed, from its first entry on."""

    def __init__(self, repository: Path, entries: list[LedgerEntry], told: Path) -> None:
        self.repository, self.told = repository, told
        self.lines = b"".join(one.to_json() + b"\n" for one in entries)
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [PYTHON, "-c", WRITER, str(self.repository), str(self.told)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdin
        try:
            self.process.stdin.write(self.lines)
            self.process.stdin.close()
        except BrokenPipeError:
            pass


def writers(count: int, total: int, kills: int) -> None:
    print(f"\n{count} writers, {total} entries" + (f", {kills} kills" if kills else ""))
    rolls = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        repository = bare(Path(name) / "specs.git")
        share = total // count
        wanted = [[entry(who * share + n, "built") for n in range(share)] for who in range(count)]
        began = time.monotonic()
        told = [Path(name) / f"{who}.txt" for who in range(count)]
        running = [Writer(repository, *each) for each in zip(wanted, told, strict=True)]
        left = kills
        while any(one.process.poll() is None for one in running):
            time.sleep(0.05)
            alive = [one for one in running if one.process.poll() is None]
            if left and alive and rolls.random() < 0.5:
                left -= 1
                kill(alive[rolls.randrange(len(alive))].process, git_too=rolls.random() < 0.5)
            for one in running:
                if one.process.poll() == -signal.SIGKILL:
                    one.start()
                elif one.process.poll():
                    raise SystemExit(one.process.stderr.read().decode())
        seconds = time.monotonic() - began
        waits = [float(line) for path in Path(name).glob("*.txt") for line in path.open()]
        head = git(repository, "rev-parse", "factory/ledger")
        found = ledger.read(url=str(repository), env={})
        once = sorted(one.run_id for one in found) == sorted(
            one.run_id for entries in wanted for one in entries
        )
        verified = verify(repository, "own", head)
        sound = not verified.faults and verified.entries == total
        row("every entry is there once, and the chain holds", once and sound, "", "yes",
            kept=once and sound)  # fmt: skip
        row("the longest wait of one append", max(waits), "s", "at most 30", kept=max(waits) <= 30)
        row("entries a second, all together", total / seconds, "")
        row("commits", float(git(repository, "rev-list", "--count", "factory/ledger")), "")
        locks = list(repository.rglob("*.lock"))
        row("locks left", len(locks), "", "none", kept=not locks)


def kill(process: subprocess.Popen[bytes], *, git_too: bool) -> None:
    """SIGKILL a writer, and the git that it has started, in whatever that is doing."""
    below = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.send_signal(signal.SIGKILL)
    for child in below if git_too else ():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGKILL)


def git(repository: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(repository), *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def chained(runs: int) -> Iterator[bytes]:
    """A ledger as input of fast-import."""
    last, count = None, 0
    for number in range(runs):
        files = []
        names = EVENTS if number < runs - 3 else EVENTS[:3]  # A few are still running.
        for event in names:
            linked = msgspec.structs.replace(entry(number, event), previous=last)
            data = events.file_of(linked)
            last = events.digest(data)
            count += 1
            files.append(b"M 100644 inline %s\ndata %d\n%s\n" % (
                events.path(linked).encode(), len(data), data))  # fmt: skip
        text = f"run {number}\n\n{COUNT}: {count}\n{LAST}: {last}\n".encode()
        who = f"bench <bench@example.org> {1767225600 + 300 * number} +0000\n".encode()
        yield b"commit refs/heads/factory/ledger\nauthor %scommitter %sdata %d\n%s" % (
            who, who, len(text), text)  # fmt: skip
        yield from files


def specs_repository(folder: Path, runs: int) -> Path:
    """A specs repository with one spec and a ledger of `runs`."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    source = Path(__file__).resolve().parents[1] / "examples" / "shortener" / "specs"
    subprocess.run(["cp", "-r", *map(str, source.iterdir()), str(folder)], check=True)
    importing = subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE
    )
    assert importing.stdin
    for piece in chained(runs):
        importing.stdin.write(piece)
    importing.stdin.close()
    if importing.wait():
        raise SystemExit("git fast-import failed")
    return folder


def reading(sizes: list[int], rounds: int) -> None:
    cold: dict[int, float] = {}
    warm: dict[int, float] = {}
    for runs in sizes:
        print(f"\n{runs} runs")
        with tempfile.TemporaryDirectory() as name:
            folder = specs_repository(Path(name) / "specs", runs)
            words = [*FACTORY, "status", "--json"]
            cold[runs] = run(words, folder=folder).seconds
            took = interleaved({"status": words}, rounds=rounds, folder=folder)["status"]
            warm[runs] = took.seconds
            row("factory status, first time (the index is made)", cold[runs], "s")
            row("factory status, median", took.seconds * 1000, "ms", "below 300 at 100,000",
                kept=runs < 100_000 or took.seconds < 0.3)  # fmt: skip
            row("processor time of it", took.cpu_seconds * 1000, "ms")
            more = msgspec.structs.replace(entry(runs, "built"))
            began = time.monotonic()
            ledger.append(more, url=str(folder), env={})
            row("one append", (time.monotonic() - began) * 1000, "ms")
            row("and with one entry more", run(words, folder=folder).seconds * 1000, "ms")
            deciding(folder, runs)
            size = sum(one.stat().st_size for one in (folder / ".git/factory").glob("index*"))
            row("the index", size / 2**20, "MiB")
    if len(sizes) > 1:
        print("\ngrowth, against n log n")
        small, large = sizes[0], sizes[-1]
        bound = large * log2(large) / (small * log2(small))
        for what, took in (("the first time", cold), ("from then on", warm)):
            grew = took[large] / took[small]
            row(f"{what}: {large} against {small} runs", grew, "times", f"at most {bound:.0f}",
                kept=grew <= bound)  # fmt: skip


def deciding(folder: Path, runs: int) -> None:
    """Decide on the budget of one attempt: by the entries that count, and by all."""
    now = START + timedelta(minutes=5 * runs)
    order = an_order(1, 1, Budget(day_usd=1e6, spec_usd=1e6, factory_usd=1e6))

    def by_what_counts(entries: ledger.Entries) -> Reserved:
        told = entries.counting(now, order.spec.id)
        return reserve(order, told.entries, now=now, besides=told.besides)

    def by_all(entries: ledger.Entries) -> Reserved:
        return reserve(order, list(entries), now=now)

    took: dict[str, list[float]] = {"what counts": [], "the whole ledger": []}
    for _ in range(5):
        for name, decide in zip(took, (by_what_counts, by_all), strict=True):
            began = time.perf_counter()
            ledger.ask(decide, url=str(folder), env={})
            took[name].append(time.perf_counter() - began)
    for name, seconds in took.items():
        row(f"an attempt's budget decided by {name}", median(seconds) * 1000, "ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--runs", type=int, nargs="*", default=[1000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--quick", action="store_true", help="a tenth of it")
    asked = parser.parse_args()
    scale = 10 if asked.quick else 1
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if asked.entries:
        writers(asked.writers // scale, asked.entries // scale, 0)
        writers(asked.writers // scale, asked.entries // scale, asked.kills // scale)
    if asked.runs:
        reading([one // scale for one in asked.runs], asked.rounds)
    print(f"load {os.getloadavg()[0]:.1f}")
    print("\nmissed: " + "; ".join(MISSED) if MISSED else "\nall kept")


if __name__ == "__main__":
    main()
