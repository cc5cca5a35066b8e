"""Killed with SIGKILL at random moments and resumed: is it the same as an unbroken run?

The build is a process of its own: the real agent, the real SDK against a scripted server on
loopback, the real sandbox. It is killed some times in each run, from its very start on, then goes
on to its end. Compared with one unbroken run: git's id of the tree, every step's words, calls and
results, and the spend, in which each request must be there exactly once.

What a snapshot of the workspace costs at each step, against two ways that were not taken: git with
a kept index, and a copy of everything.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from processes import MISSED, row

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "doubles"))

from messages_api import killed

from factory.agents.snapshot import Snapshots


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--kills-a-run", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=("kills", "snapshots"))
    options = parser.parse_args()
    if options.only != "kills":
        for files in (1000, 20_000):
            _snapshots(files)
    if options.only != "snapshots":
        _kills(options)
    sys.exit(1 if MISSED else 0)


def _snapshots(files: int) -> None:
    """Medians of a snapshot after one of so many files was changed."""
    found: dict[str, list[float]] = {"ours": [], "git add, git write-tree": [], "cp -a": []}
    with tempfile.TemporaryDirectory(prefix="snapshots-") as name:
        folder, work = Path(name), Path(name, "work")
        for number in range(files):
            place = work / f"d{number % 100}" / f"f{number}"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(f"{number}\n" * 100)
        repository = f"--git-dir={folder / 'kept.git'}"
        git = ["git", repository, f"--work-tree={work}"]
        subprocess.run(["git", "init", "-q", "--bare", folder / "kept.git"], check=True)
        subprocess.run([*git, "add", "-A"], check=True)
        snapshots = Snapshots(work, folder / "store")
        snapshots.begin()
        for number in range(5):
            (work / "d1" / "f1").write_text(f"changed {number}\n")
            begun = time.perf_counter()
            assert "d1/f1" in snapshots.take()
            found["ours"].append(time.perf_counter() - begun)
            begun = time.perf_counter()
            subprocess.run([*git, "add", "-A"], check=True)
            subprocess.run([*git, "write-tree"], check=True, stdout=subprocess.DEVNULL)
            found["git add, git write-tree"].append(time.perf_counter() - begun)
            begun = time.perf_counter()
            subprocess.run(["cp", "-a", work, folder / f"copy-{number}"], check=True)
            found["cp -a"].append(time.perf_counter() - begun)
    for way, seconds in found.items():
        row(f"a snapshot of {files} files, one changed: {way}", median(seconds) * 1000, "ms")


def _kills(options: argparse.Namespace) -> None:
    begun = time.perf_counter()
    unbroken = _run(None, 0, 0.0)
    seconds = time.perf_counter() - begun
    row("an unbroken run", seconds, "s")
    kills = runs = other_trees = other_steps = lost = 0
    while kills < options.kills:
        wanted = min(options.kills_a_run, options.kills - kills)
        ran = _run(options.seed + runs, wanted, seconds)
        runs += 1
        kills += ran.kills
        other_trees += ran.tree != unbroken.tree
        other_steps += ran.steps != unbroken.steps
        lost += ran.requests - unbroken.requests
        print(f"  run {runs}: {ran.kills} kills, ${ran.usd:.4f}, billed ${ran.billed_usd:.4f}")
    row("kills", kills, "")
    row("runs", runs, "")
    row("requests whose answer was lost, counted once at their worst", lost, "")
    row("runs that left another tree", other_trees, "", "= 0", kept=other_trees == 0)
    row("runs with another step", other_steps, "", "= 0", kept=other_steps == 0)


def _run(seed: int | None, kills: int, seconds: float) -> killed.Ran:
    with tempfile.TemporaryDirectory(prefix="resume-") as folder:
        return killed.run(Path(folder), seed=seed, kills=kills, seconds=seconds)


if __name__ == "__main__":
    main()
