"""How many mutants of the shipped examples their suites kill: every one of them is tried.

    python bench/strength.py [shortener|tally]…

Each example is built by its recorded agent and shipped, spec by spec; then
`factory scenarios strength --mutants all` tells what lives. Exits 1 below 90 %.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

EXAMPLES = ("shortener", "tally")
LEAST_RATE = 0.9


def main() -> int:
    rates = []
    with tempfile.TemporaryDirectory() as folder:
        for example in sys.argv[1:] or EXAMPLES:
            mutants = _tried(example, Path(folder) / example)
            rates.append(mutants["kill_rate"])
            print(
                f"{example}: {mutants['made']} mutants, {mutants['killed']} killed, "
                f"{mutants['timed_out']} timed out, {mutants['not_started']} did not start, "
                f"{len(mutants['equivalent'])} equivalent, {mutants['survived']} survived: "
                f"{mutants['kill_rate']:.1%}"
            )
            for one in mutants["survivors"]:
                print(f"  {one['path']}:{one['line']}  {one['operator']}  {one['digest']}")
            for one in mutants["mismarked"]:
                print(f"  marked as equivalent, but died: {one['digest']}")
    return 0 if all(rate >= LEAST_RATE for rate in rates) else 1


def _tried(example: str, folder: Path) -> dict[str, Any]:
    _factory("demo", "--product", example, "--all", "--folder", str(folder), "--json")
    jobs = str(max(1, (os.cpu_count() or 2) - 1))
    told = _factory(
        "scenarios", "strength", str(folder / "scenarios"), "--specs", str(folder / "specs"),
        "--product", str(folder / "product"), "--mutants", "all", "--jobs", jobs, "--json",
        codes=(0, 1),
    )  # fmt: skip
    found: dict[str, Any] = told["mutants"]
    return found


def _factory(*words: str, codes: tuple[int, ...] = (0,)) -> Any:
    done = subprocess.run([sys.executable, "-m", "factory.cli", *words], stdout=subprocess.PIPE)
    if done.returncode not in codes:
        raise SystemExit(f"factory {' '.join(words[:2])} ended with {done.returncode}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
