"""Run whole processes and say what they took: seconds, and the peak of their memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Took:
    """One process and all below it: wall seconds, seconds of processor time, peak memory in MiB."""

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
    memory = _TreeMemory(process.pid)
    memory.start()
    said = process.stderr.read()
    peak_mib = memory.stop()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    seconds = time.perf_counter() - start
    if process.returncode not in codes:
        raise RuntimeError(f"{argv[0]} ended with {process.returncode}: {said.decode()[-500:]}")
    return Took(seconds, usage.ru_utime + usage.ru_stime, max(peak_mib, usage.ru_maxrss / 1024))


def interleaved(
    commands: Mapping[str, Sequence[str]], *, rounds: int, folder: Path | None = None,
    env: Mapping[str, str] | None = None, codes: Sequence[int] = (0,), warm: bool = True,
    of: Callable[[Iterable[float]], float] = median,
) -> dict[str, Took]:  # fmt: skip
    """The medians of several commands, run in turns so that noise meets them all alike.

    `warm`: a round that does not count comes first, and warms the disk's cache. `of`: min where
    others work on the machine, and may take it away for the whole of a round.
    """
    found: dict[str, list[Took]] = {name: [] for name in commands}
    for number in range(rounds + warm):
        for name, argv in commands.items():
            took = run(argv, folder=folder, env=env, codes=codes)
            if number >= warm:
                found[name].append(took)
    return {
        name: Took(
            of(one.seconds for one in took),
            of(one.cpu_seconds for one in took),
            of(one.peak_mib for one in took),
        )
        for name, took in found.items()
    }


class _TreeMemory(threading.Thread):
    """The most memory that a process and all below it held at one moment, asked ten times a second;
    what they share counts for each of them."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak_mib = 0.0
        self._pid = pid
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.1):
            now = sum(map(_resident_kib, _with_children(self._pid))) / 1024
            self.peak_mib = max(self.peak_mib, now)

    def stop(self) -> float:
        self._over.set()
        self.join()
        return self.peak_mib


def _with_children(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = task.read_text().split()
        except OSError:
            continue
        found += [each for child in below for each in _with_children(int(child))]
    return found


def _resident_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


MISSED: list[str] = []


def row(name: str, value: float, unit: str, bound: str = "", *, kept: bool = True) -> None:
    """Print one figure, with what it must keep to."""
    if bound and not kept:
        MISSED.append(f"{name}: {value:.3f} {unit}, {bound}")
    mark = "" if not bound else ("  ok" if kept else "  MISSED")
    print(f"  {name:<58} {value:>9.3f} {unit:<8} {bound}{mark}")
