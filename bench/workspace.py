"""A workspace of 20,000 files from what is kept warm, and the push that holds what came of it.

    python bench/workspace.py [--files 20000] [--rounds 5]

All ways take turns; before each round the base has moved by 50 files. Peers of the workspace: a
full clone over git's own transport (`file://`), and, to show what other pools cost, a shallow
clone, a copy of a tree, and `git reset --hard` with `git clean` in a tree that an agent had. Peer
of holding: git's own commands from the same start, an agent's folder without a repository, without
and with a mirror that is kept. Processor time is of the process and all below it.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "doubles")]

from messages_api.factory_of_runs import an_order  # noqa: E402
from processes import MISSED, row  # noqa: E402

from factory import hold as stage  # noqa: E402
from factory.ports.git import warm  # noqa: E402
from factory.records import AgentOutcome, Attempt, Budget  # noqa: E402

CHANGED, HISTORY = 50, 30
Took = dict[str, list[tuple[float, float]]]


class Origin:
    """A product's repository; `move` puts a commit on top of its main branch."""

    def __init__(self, folder: Path, files: int) -> None:
        self.folder, self.files, self.commits = folder, files, 0
        self.dice = random.Random(1)
        git("init", "-q", "--bare", "-b", "main", folder)
        self.move(range(files))
        for _ in range(HISTORY):
            self.move()
        git("repack", "-adq", at=folder)

    @property
    def url(self) -> str:
        return f"file://{self.folder}"

    def move(self, numbers: range | None = None) -> str:
        parts = [
            b"commit refs/heads/main\n",
            b"committer b <b@example.org> %d +0000\ndata 1\n.\n" % (1767225600 + self.commits),
            *([b"from refs/heads/main^0\n"] if self.commits else []),
        ]
        self.commits += 1
        for number in numbers or self.dice.sample(range(self.files), CHANGED):
            data = "".join(
                f"def f{self.dice.randrange(10**6)}(value):\n    return value * {number}\n"
                for _ in range(30)
            ).encode()
            parts.append(b"M 100644 inline src/d%d/f%d.py\ndata %d\n%s\n" % (
                number % 200, number, len(data), data))  # fmt: skip
        subprocess.run(
            ["git", "-C", str(self.folder), "fast-import", "--quiet"],
            input=b"".join(parts), check=True,
        )  # fmt: skip
        return git("rev-parse", "main", at=self.folder)


def git(*words: object, at: Path | None = None) -> str:
    place = ["-C", str(at)] if at else []
    who = ["-c", "user.name=b", "-c", "user.email=b@example.org", "-c", "gc.auto=0"]
    argv = ["git", *who, *place, *map(str, words)]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@contextmanager
def timed(took: Took, name: str):
    began, before = time.perf_counter(), _processor()
    yield
    took.setdefault(name, []).append((time.perf_counter() - began, _processor() - before))


def _processor() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def workspaces(origin: Origin, folder: Path, rounds: int) -> Took:
    took: Took = {}
    head = origin.move()
    for number in range(2):  # The first keeps a mirror, the second lays a tree aside.
        lay_out(origin.url, head, folder / f"begin-{number}")()
    copied = folder / "begin-0" / "tree"
    used = folder / "used"
    git("clone", "-q", origin.url, used)
    for number in range(rounds):
        head = origin.move()
        mine = folder / f"round-{number}"
        mine.mkdir()
        with timed(took, "git clone"):
            git("clone", "-q", origin.url, mine / "clone")
        with timed(took, "ours"):
            tend = lay_out(origin.url, head, mine / "ours")
        with timed(took, "and beside the agent, for the next"):
            tend()
        assert git("status", "--porcelain", at=as_clone(mine, head)) == "", "not that commit"
        with timed(took, "git clone --depth 1"):
            git("clone", "-q", "--depth", "1", origin.url, mine / "shallow")
        with timed(took, "cp -a of a tree"):
            subprocess.run(["cp", "-a", copied, mine / "copy"], check=True)
        for name in range(CHANGED):
            (used / f"src/d{name}/f{name}.py").write_text("an agent was here")
        with timed(took, "git fetch, reset, clean of a used tree"):
            git("fetch", "-q", "origin", at=used)
            git("reset", "-q", "--hard", head, at=used)
            git("clean", "-qfdx", at=used)
        subprocess.run(["rm", "-rf", str(mine)], check=True)
    return took


def lay_out(url: str, commit: str, folder: Path) -> Callable[[], None]:
    places = {"repository": folder / "product.git", "folder": folder / "tree"}
    return warm.lay_out(url, commit, **places, env={})


def as_clone(mine: Path, head: str) -> Path:
    """Our tree with the clone's repository beside it, so that git can compare it."""
    (mine / "clone" / ".git").rename(mine / "ours" / "tree" / ".git")
    git("reset", "-q", head, at=mine / "ours" / "tree")
    return mine / "ours" / "tree"


def holding(origin: Origin, folder: Path, rounds: int) -> Took:
    took: Took = {}
    head = git("rev-parse", "main", at=origin.folder)
    folder.mkdir()
    lay_out(origin.url, head, folder)
    tree, kept = folder / "tree", folder / "kept.git"
    git("init", "-q", "--bare", kept)
    git("fetch", "-q", "--depth=1", origin.url, head, at=kept)
    cache = os.environ["FACTORY_CACHE"]
    for number in range(rounds):
        (tree / "src/d1/f1.py").write_text(f"an agent was here {number}\n")
        with timed(took, "git's commands"):
            bare_commands(origin.url, head, tree, folder / f"bare-{number}", None)
        os.environ["FACTORY_CACHE"] = str(folder / "none")
        with timed(took, "ours"):
            ours(origin.url, head, folder, 2 * number)
        with timed(took, "git's commands, warm"):
            bare_commands(origin.url, head, tree, folder / f"bare-warm-{number}", kept)
        os.environ["FACTORY_CACHE"] = cache
        with timed(took, "ours, warm"):
            ours(origin.url, head, folder, 2 * number + 1)
    return took


def bare_commands(url: str, head: str, tree: Path, repository: Path, kept: Path | None) -> None:
    """Fetch the base, add the folder, commit, push a branch."""
    git("init", "-q", "--bare", repository)
    if kept:
        (repository / "objects/info/alternates").write_text(f"{kept / 'objects'}\n")
        (repository / "shallow").write_text((kept / "shallow").read_text())
    else:
        git("fetch", "-q", "--depth=1", url, head, at=repository)
    git(f"--git-dir={repository}", f"--work-tree={tree}", "add", "-A")
    found = git("write-tree", at=repository)
    git("diff-tree", "-r", "--name-only", head, found, at=repository)
    commit = git("commit-tree", found, "-p", head, "-m", repository.name, at=repository)
    git("ls-remote", url, f"refs/heads/{repository.name}")
    git("push", "-q", url, f"{commit}:refs/heads/{repository.name}", at=repository)


def ours(url: str, head: str, folder: Path, run: int) -> None:
    import msgspec

    order = msgspec.structs.replace(an_order(run, 1, Budget()), base_commit=head)
    attempt = Attempt(
        work_order=order, agent=AgentOutcome(ended="finished", message=""), spent_usd=0,
        tree="tree", sandbox="none",
    )  # fmt: skip
    out = folder / f"held-{run}"
    stage.hold(attempt, record_folder=folder, out=out, clone_url=url, git_environment={})


def told(took: Took, peer: str, mine: str, bound: float) -> None:
    for name, times in took.items():
        row(f"{name}: wall", median(wall for wall, _ in times) * 1000, "ms")
        row(f"{name}: processor time", median(cpu for _, cpu in times) * 1000, "ms")
    compared(took, peer, mine, bound)


def compared(took: Took, peer: str, mine: str, bound: float) -> None:
    for what, at in (("wall", 0), ("processor time", 1)):
        ratio = median(a[at] / b[at] for a, b in zip(took[mine], took[peer], strict=True))
        row(f"{mine} / {peer}, {what}", ratio, "times", f"at most {bound}", kept=ratio <= bound)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="workspace-") as name:
        os.environ["FACTORY_CACHE"] = f"{name}/cache"
        origin = Origin(Path(name) / "origin.git", asked.files)
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(f"\na workspace of {asked.files} files; the base has changed {CHANGED} of them since")
        told(workspaces(origin, Path(name), asked.rounds), "git clone", "ours", 0.1)
        print("\nholding it")
        held = holding(origin, Path(name) / "hold", asked.rounds)
        told(held, "git's commands", "ours", 1.2)
        compared(held, "git's commands, warm", "ours, warm", 1.2)
        print(f"load {os.getloadavg()[0]:.1f}")
    print("\nmissed: " + "; ".join(MISSED) if MISSED else "\nall kept")


if __name__ == "__main__":
    main()
