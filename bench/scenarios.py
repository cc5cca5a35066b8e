"""Scenarios a second: scenario-runner, its peers, and a bare client, against one HTTP service.

    python bench/scenarios.py [--quick] [--peers FOLDER]

Five steps a scenario, one request in it, over a connection that is kept alive. `--peers` is a
folder in which `npm install @cucumber/cucumber` was run, with behave in its `venv/`; pytest-bdd,
pytest-xdist and requests are taken from this environment. What is missing is left out, and it
says so.
"""

from __future__ import annotations

import argparse
import http.client
import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import scenarios_peers as peers
from processes import MISSED, Took, interleaved, row

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
TOGETHER = 32  # How many scenarios run side by side against the service that takes its time.


@dataclass(frozen=True)
class Bench:
    """Where suites are written, what is compared, and how often each is run."""

    folder: Path
    rounds: int
    node: Path | None
    behave: Path | None
    bdd: bool
    xdist: bool

    def suite(self, count: int) -> Path:
        """`count` scenarios, a hundred a file, and every runner's own steps beside them."""
        made = self.folder / f"suite-{count}"
        if not made.exists():
            peers.write_suite(made, count)
        return made


@contextmanager
def service(delay_milliseconds: float = 0) -> Iterator[str]:
    """A service in a process of its own; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen([PYTHON, "-c", peers.SERVICE, str(port), str(delay_milliseconds)])
    try:
        for _ in range(500):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/things/0")
                connection.getresponse().read()
                connection.close()
                break
            except OSError:
                time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def ours(suite: Path, url: str, *more: str) -> list[str]:
    report = suite / "report"
    words = ["run", str(suite / "features"), "--subject", url, "--report", str(report)]
    return [PYTHON, "-m", "scenario_runner", *words, *more]


def in_turns(commands: Mapping[str, list[str]], url: str, rounds: int) -> dict[str, Took]:
    """The best of several rounds, of runners that are told where the service is."""
    return interleaved(commands, rounds=rounds, env={"SUBJECT": url}, warm=False, of=min)


def runners(bench: Bench, count: int, url: str) -> dict[str, list[str]]:
    suite = bench.suite(count)
    found = {
        "bare http.client": [PYTHON, "-c", peers.BARE, str(count)],
        "scenario-runner": ours(suite, url),
    }
    if bench.bdd:
        found["pytest-bdd"] = peers.pytest_bdd(suite)
    if bench.behave:
        found["behave"] = peers.behave(bench.behave, suite)
    if bench.node:
        found["cucumber-js"] = peers.cucumber(bench.node, suite)
    return found


def speed(bench: Bench, counts: list[int]) -> None:
    each: dict[int, float] = {}
    for count in counts:
        print(f"\n{count:,} scenarios")
        with service() as url:
            took = in_turns(runners(bench, count, url), url, bench.rounds)
        mine = took["scenario-runner"]
        each[count] = mine.seconds / count
        for name, one in took.items():
            row(f"{name} ({count / one.seconds:,.0f} a second)", one.seconds / count * 1000, "ms")
        ratio = mine.seconds / took["bare http.client"].seconds
        bound = "at most 2.5" if count >= 1000 else ""
        row("scenario-runner / bare http.client", ratio, "times", bound, kept=ratio <= 2.5)
        for name in ("bare http.client", "scenario-runner"):
            each_ms = took[name].cpu_seconds / count * 1000
            row(f"processor time of {name}, all its processes", each_ms, "ms")
        for name, least in (("pytest-bdd", 5.0), ("behave", 1.0), ("cucumber-js", 1.0)):
            if name in took:
                ratio = took[name].seconds / mine.seconds
                bound = f"at least {least:g}" if count >= 1000 else ""
                row(f"{name} / scenario-runner", ratio, "times", bound, kept=ratio >= least)
        if "pytest-bdd" in took:
            ratio = mine.peak_mib / took["pytest-bdd"].peak_mib
            row(f"peak memory ({mine.peak_mib:.0f} MiB, both its processes) / pytest-bdd's", ratio,
                "times", "below 1", kept=ratio < 1)  # fmt: skip
    if 1000 in each and 5000 in each:
        ratio = each[5000] / each[1000]
        row("time a scenario, 5,000 against 1,000", ratio, "times", "at most 1.1",
            kept=ratio <= 1.1)  # fmt: skip


def more_definitions(bench: Bench, count: int) -> None:
    print(f"\n300 step definitions more, {count:,} scenarios")
    plain, more = bench.suite(count), bench.folder / f"more-{count}"
    peers.write_suite(more, count, definitions=301)
    few = bench.folder / f"few-{count}"
    peers.write_suite(few, count, definitions=1)
    with service() as url:
        took = in_turns(
            {"none": ours(plain, url), "one": ours(few, url), "301": ours(more, url)},
            url,
            max(3, bench.rounds),
        )
    ratio = took["301"].seconds / took["one"].seconds
    # Loading them is a cost of the run, not of a scenario: it says little of a small suite.
    bound = "at most 1.1" if count >= 1000 else ""
    row("301 definitions of the suite's own / one", ratio, "times", bound, kept=ratio <= 1.1)
    ratio = took["301"].seconds / took["none"].seconds
    row("301 definitions of the suite's own / none", ratio, "times")


def side_by_side(bench: Bench, count: int) -> None:
    print(f"\na service that takes 20 ms to answer, {count:,} scenarios")
    suite, many = bench.suite(count), str(TOGETHER)
    with service(20) as url:
        quick = {
            f"bare client, {many} at once": [PYTHON, "-c", peers.BARE, str(count), many],
            f"scenario-runner --jobs {many}": ours(suite, url, "--jobs", many),
        }
        commands: dict[str, list[str]] = {}
        if bench.bdd:
            commands["pytest-bdd"] = peers.pytest_bdd(suite)
        if bench.bdd and bench.xdist:
            commands["pytest-bdd -n 8"] = [*peers.pytest_bdd(suite), "-p", "xdist", "-n", "8"]
        if bench.node:
            parallel = [*peers.cucumber(bench.node, suite), "--parallel", "8"]
            commands["cucumber-js --parallel 8"] = parallel
        took = in_turns(quick, url, max(3, bench.rounds))
        took |= in_turns(commands, url, 1)  # half a minute each
    for name, one in took.items():
        row(name, one.seconds, "s")
    names = list(took)
    mine = took[names[1]].seconds
    ratio = mine / took[names[0]].seconds
    row("scenario-runner --jobs / bare concurrent client", ratio, "times", "at most 3",
        kept=ratio <= 3)  # fmt: skip
    for name in names[2:]:
        least = 10.0 if name == "pytest-bdd" else 1.0
        ratio = took[name].seconds / mine
        row(f"{name} / scenario-runner --jobs", ratio, "times", f"at least {least:g}",
            kept=ratio >= least)  # fmt: skip


def prepared(folder: Path, options: argparse.Namespace) -> Bench:
    node = behave = None
    if options.peers:
        found = options.peers / "node_modules" / ".bin" / "cucumber-js"
        node = found if found.exists() else None
        found = options.peers / "venv" / "bin" / "behave"
        behave = found if found.exists() else None
    has = {name: importlib.util.find_spec(name) is not None for name in ("requests", "xdist")}
    for name, there in (("cucumber-js", node), ("behave", behave), ("requests", has["requests"])):
        if not there:
            print(f"{name}: not found, its rows are left out")
    return Bench(
        folder=folder,
        rounds=1 if options.quick else options.rounds,
        node=node,
        behave=behave,
        bdd=has["requests"],
        xdist=has["xdist"] and not options.quick,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="200 scenarios, one round, no xdist")
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT / "scenario-runner")
    with tempfile.TemporaryDirectory() as name:
        bench = prepared(Path(name), options)
        speed(bench, [200] if options.quick else [100, 1000, 5000])
        more_definitions(bench, 200 if options.quick else 1000)
        side_by_side(bench, 200 if options.quick else 1000)
    print(f"\n{len(MISSED)} bounds missed", *MISSED, sep="\n  ")


if __name__ == "__main__":
    main()
