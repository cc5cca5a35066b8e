"""A candidate is judged on the base it lands on, and again where that has moved."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from factory.errors import BaseMoved
from factory.forge.local import LocalForge
from factory.pipeline import Equipment, line
from factory.pipeline.stages import STAGES, Stage
from factory.pipeline.state import RunState
from factory.ports.git.command import environment
from factory.records import (
    AgentOutcome,
    Attempt,
    Budget,
    Candidate,
    Product,
    RetryRules,
    Subject,
    WorkOrder,
    read,
)
from tests.unit.plan.made import order, public

WHO = {
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c",
    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c",
}  # fmt: skip


class World:
    """A product repository, and a line whose agent and scenarios are scripted.

    `moves` are called by evaluate, one a time: what others do to the base meanwhile.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.bare = folder, folder / "product.git"
        self.run = RunState(folder / "run")
        self.moves: list[Callable[[], object]] = []
        self.evaluated: list[str] = []
        self.built: list[str] = []
        self.files = {"new.txt": "new\n"}
        self.git("init", "-q", "--bare", "-b", "main", str(self.bare))
        self.git("clone", "-q", str(self.bare), str(folder / "work"))
        self.base = self.commit(**{"one.txt": "one\n"})
        fake = {"build": self._build, "evaluate": self._evaluate, "verdict": self._judge}
        stages = [
            Stage(name=one.name, writes=one.writes, run=fake.get(one.name, one.run))
            for one in STAGES
            if one.name != "plan"
        ]
        monkeypatch.setattr(line, "STAGES", stages)

    def git(self, *words: str, cwd: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *words], cwd=cwd or self.folder, env=environment(WHO), check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    def commit(self, **files: str) -> str:
        work = self.folder / "work"
        for name, text in files.items():
            (work / name).write_text(text)
        self.git("add", "-A", cwd=work)
        self.git("commit", "-qm", "x", cwd=work)
        self.git("push", "-q", "origin", "HEAD:main", cwd=work)
        return self.git("rev-parse", "HEAD", cwd=work)

    def main(self, *words: str) -> str:
        return self.git("--git-dir", str(self.bare), *words)

    def drive(self, *, attempts: int = 3, rebase: int = 3):
        product = Product(name="shortener", repository=str(self.bare), subject=Subject(command="x"))
        first = order(
            product=product,
            base_commit=self.base,
            budget=Budget(attempts=attempts),
            retries=RetryRules(rebase=rebase, infrastructure=0),
            created_at="2026-11-27T10:00:00Z",
        )
        first.write(self.run.attempt(1) / "work-order.json")
        return self.go_on()

    def go_on(self):
        shop = Equipment(forge=LocalForge(None), scenarios=None, ledger_url=None)
        return line.drive(shop, self.run, announce=lambda *_: None)

    def orders(self) -> list[WorkOrder]:
        return [read(WorkOrder, one / "work-order.json") for one in self.run.attempts()]

    def _build(self, shop: Equipment, folder: Path) -> None:
        one = read(WorkOrder, folder / "work-order.json")
        self.built.append(one.base_commit)
        tree = folder / "tree"
        tree.mkdir()
        names = self.main("ls-tree", "--name-only", one.base_commit).split()
        shown = {name: self.main("show", f"{one.base_commit}:{name}") + "\n" for name in names}
        for name, text in {**shown, **self.files}.items():
            (tree / name).write_text(text)
        outcome = AgentOutcome(ended="finished", usd=1.0)
        spent = one.spent_usd + 1.0
        Attempt(work_order=one, agent=outcome, spent_usd=spent, sandbox="none").write(
            folder / "attempt.json"
        )

    def _evaluate(self, shop: Equipment, folder: Path) -> None:
        self.evaluated.append(read(Candidate, folder / "candidate.json").commit)
        if self.moves:
            self.moves.pop(0)()
        (folder / "report.json").write_text("{}")

    def _judge(self, shop: Equipment, folder: Path) -> None:
        one = read(Candidate, folder / "candidate.json")
        said = public(one.work_order, verdict="pass", candidate=one.commit)
        said.write(folder / "public-verdict.json")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def test_a_base_that_stands_still_needs_one_judgement(world: World) -> None:
    assert world.drive().verdict == "pass"
    assert len(world.evaluated) == 1 and world.main("rev-parse", "main") == world.evaluated[0]


def test_a_candidate_whose_base_moved_is_judged_again_where_it_lands(world: World) -> None:
    world.moves = [lambda: world.commit(**{"two.txt": "two\n"})]
    assert world.drive(attempts=1).verdict == "pass"
    assert len(world.built) == 1, "no agent was paid twice"
    assert len(set(world.evaluated)) == 2
    landed = world.main("rev-parse", "main")
    assert landed == world.evaluated[-1], "exactly the commit that was judged last"
    assert (
        world.main("show", "main:two.txt") == "two" and world.main("show", "main:new.txt") == "new"
    )
    assert world.main("rev-list", "--count", "main") == "3"
    first, second = world.orders()
    assert (second.rebased, second.spent_usd, second.budget.attempts) == (1, 1.0, 2)
    assert second.base_commit == world.main("rev-parse", "main^") != first.base_commit


def test_it_is_brought_there_before_it_is_judged_at_all(world: World) -> None:
    build = world._build
    real = line.STAGES[0]

    def slow(shop: Equipment, folder: Path) -> None:
        build(shop, folder)
        world.commit(**{"two.txt": "two\n"})

    line.STAGES[0] = Stage(name="build", writes=real.writes, run=slow)
    assert world.drive().verdict == "pass"
    assert len(world.evaluated) == 1, "nothing was spent on judging it where it cannot land"


def test_what_cannot_be_merged_is_built_anew_and_told_why(world: World) -> None:
    world.files = {"one.txt": "mine\n"}
    world.moves = [lambda: world.commit(**{"one.txt": "theirs\n"})]
    assert world.drive(attempts=2).verdict == "pass"
    assert len(world.built) == 2 and world.main("show", "main:one.txt") == "mine"
    second = world.orders()[1]
    assert second.previous is None and "has moved" in second.feedback.cause
    assert second.feedback.leak_bits == 0 and second.spent_usd == 1.0


def test_without_an_attempt_left_it_ends(world: World) -> None:
    world.files = {"one.txt": "mine\n"}
    world.moves = [lambda: world.commit(**{"one.txt": "theirs\n"})]
    with pytest.raises(BaseMoved):
        world.drive(attempts=1)
    assert world.main("show", "main:one.txt") == "theirs" and not world.run.ended


def test_a_base_that_never_stands_still_is_not_chased_for_ever(world: World) -> None:
    world.moves = [lambda n=n: world.commit(**{f"n{n}.txt": "x\n"}) for n in range(9)]
    with pytest.raises(BaseMoved):
        world.drive(rebase=2)
    assert len(world.evaluated) == 3
    assert [one.rebased for one in world.orders()] == [0, 1, 2]


def test_killed_while_it_is_brought_there_it_goes_on(world: World, monkeypatch) -> None:
    world.moves = [lambda: world.commit(**{"two.txt": "two\n"})]
    written = Attempt.write

    def kill(self, path: Path) -> Path:
        if self.work_order.rebased:
            raise KeyboardInterrupt
        return written(self, path)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Attempt, "write", kill)
        world.drive()
    assert len(world.run.attempts()) == 1
    assert world.go_on().verdict == "pass"
    assert len(world.built) == 1 and world.main("show", "main:two.txt") == "two"
