"""Run whole processes and say what they took: seconds, and the peak of their memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Took:
    """One process: wall seconds, seconds of its own processor time, peak memory in MiB."""

    seconds: float
    cpu_seconds: float
    peak_mib: float


def run(
    argv: Sequence[str], *, folder: Path | None = None, env: Mapping[str, str] | None = None,
    codes: Sequence[int] = (0,),
) -> Took:  # fmt: skip
    """Run one process to its end.

    Raises:
        RuntimeError: it ended with a code not in `codes`: what failed is not worth a figure.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        argv, cwd=folder, env={**os.environ, **(env or {})},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    seconds = time.perf_counter() - start
    if process.returncode not in codes:
        raise RuntimeError(f"{argv[0]} ended with {process.returncode}: {said.decode()[-500:]}")
    return Took(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def interleaved(
    commands: Mapping[str, Sequence[str]], *, rounds: int, folder: Path | None = None,
    env: Mapping[str, str] | None = None, codes: Sequence[int] = (0,), warm: bool = True,
) -> dict[str, Took]:  # fmt: skip
    """The medians of several commands, run in turns so that noise meets them all alike.

    `warm`: a round that does not count comes first, and warms the disk's cache.
    """
    found: dict[str, list[Took]] = {name: [] for name in commands}
    for number in range(rounds + warm):
        for name, argv in commands.items():
            took = run(argv, folder=folder, env=env, codes=codes)
            if number >= warm:
                found[name].append(took)
    return {
        name: Took(
            median(one.seconds for one in took),
            median(one.cpu_seconds for one in took),
            median(one.peak_mib for one in took),
        )
        for name, took in found.items()
    }


def row(name: str, value: float, unit: str, bound: str = "", *, kept: bool = True) -> None:
    """Print one figure, with what it must keep to."""
    mark = "" if not bound else ("  ok" if kept else "  MISSED")
    print(f"  {name:<58} {value:>9.3f} {unit:<8} {bound}{mark}")
