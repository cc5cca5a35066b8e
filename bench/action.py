"""What the action's first step takes: a private environment with every package by its hash.

    python bench/action.py [--rounds 3] [--python python3]

Run as on a runner: `install.py` below a RUNNER_TEMP of its own each time, with pip's cache empty
(cold) and filled (warm), by the package index that pip is set to, and with the packages that a
runner which stays has kept. Its floor is what a job cannot
do without: an environment, and pip installing one package of the same file, warm as well.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from processes import MISSED, Took, row, run

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ".github/action/requirements.txt"
BOUND_SECONDS = 15.0
FLOOR = """
import subprocess, sys, venv
venv.create(sys.argv[1], with_pip=False)
pip = [sys.executable, "-I", "-m", "pip", "--python", sys.argv[1] + "/bin/python", "install"]
words = ["--quiet", "--no-compile", "--no-deps", "--require-hashes", "-r", sys.argv[2]]
sys.exit(subprocess.run([*pip, *words]).returncode)
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3, help="of what is warm; the median counts")
    options.add_argument("--python", default=sys.executable, help="the runner's python3")
    given = options.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "one.txt").write_text(one_package())
        step = [given.python, "-I", str(ROOT / ".github/action/install.py"), "factory",
                REQUIREMENTS]  # fmt: skip
        cold = timed(step, folder, "cold")
        timed(step, folder, "fills", runner="self-hosted")
        warm, kept, floor = [], [], []
        for number in range(given.rounds):
            warm.append(timed(step, folder, f"warm-{number}"))
            kept.append(timed(step, folder, f"kept-{number}", runner="self-hosted"))
            place = str(folder / f"floor-{number}")
            words = [given.python, "-I", "-c", FLOOR, place, str(folder / "one.txt")]
            floor.append(timed(words, folder, f"floor-{number}-temp"))
    least, least_cpu = middle(floor)
    row("cold, wall", cold.seconds, "s")
    row("cold, processor time", cold.cpu_seconds, "s")
    for what, found in (("warm cache of pip", warm), ("packages kept", kept)):
        seconds, cpu = middle(found)
        bound = f"under {BOUND_SECONDS:.0f}"
        row(f"{what}, wall", seconds, "s", bound, kept=seconds < BOUND_SECONDS)
        row(f"{what}, processor time", cpu, "s")
    row("an environment and one package, wall", least, "s")
    row("an environment and one package, processor time", least_cpu, "s")
    row("packages kept / that, processor time", cpu / least_cpu, "times")
    sys.exit(1 if MISSED else 0)


def one_package() -> str:
    """The lines of requirements.txt that name click."""
    lines = (ROOT / REQUIREMENTS).read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("click=="))
    end = start + 1
    while lines[end].startswith(" "):
        end += 1
    return "\n".join(lines[start:end]) + "\n"


def timed(words: Sequence[str], folder: Path, name: str, *, runner: str = "github-hosted") -> Took:
    """One process, as in a job of its own on such a runner."""
    temp = folder / name
    temp.mkdir()
    env = {"GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": str(temp),
           "PIP_CACHE_DIR": str(folder / "cache"), "FACTORY_CACHE": str(folder / "kept"),
           "RUNNER_ENVIRONMENT": runner}  # fmt: skip
    return run(words, folder=temp, env=env)


def middle(found: Sequence[Took]) -> tuple[float, float]:
    """The medians: wall seconds and seconds of processor time."""
    return median(one.seconds for one in found), median(one.cpu_seconds for one in found)


if __name__ == "__main__":
    main()
