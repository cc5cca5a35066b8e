"""A candidate whose base has moved is brought there by git alone, and only the one that is held."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from factory.build import build
from factory.errors import BaseMoved, GuardError, InputError
from factory.hold import hold
from factory.ports.git.command import environment
from factory.records import Attempt, Product, Subject, WorkOrder, read
from tests.unit.plan.made import order

WHO = {
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c",
    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c",
}  # fmt: skip
WORKFLOW = ".github/workflows/x.yml"


class Product_:
    """A product's repository whose base has moved under a candidate."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bare, self.work = folder, folder / "product.git", folder / "work"
        self.git("init", "-q", "--bare", "-b", "main", str(self.bare))
        self.git("clone", "-q", str(self.bare), str(self.work))
        self.base = self.commit("main", **{"one.txt": "one\n"})

    def git(self, *words: str, cwd: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *words], cwd=cwd or self.folder, env=environment(WHO), check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    def commit(self, branch: str, **files: str) -> str:
        for name, text in files.items():
            (self.work / name).parent.mkdir(parents=True, exist_ok=True)
            (self.work / name).write_text(text)
        self.git("add", "-A", cwd=self.work)
        self.git("commit", "-qm", "x", cwd=self.work)
        self.git("push", "-qf", "origin", f"HEAD:refs/heads/{branch}", cwd=self.work)
        return self.git("rev-parse", "HEAD", cwd=self.work)

    def moved(self, **theirs: str) -> str:
        """The base's new head, on top of the old one."""
        self.git("checkout", "-q", "--detach", self.base, cwd=self.work)
        return self.commit("main", **theirs)

    def order(self, candidate: str, head: str) -> WorkOrder:
        """Attempt 2, of attempt 1's candidate on the new base."""
        product = Product(name="shortener", repository=str(self.bare), subject=Subject(command="x"))
        return order(
            product=product, base_commit=head, attempt=2, rebased=1, merges=candidate,
            spent_usd=1.5,
        )  # fmt: skip

    def build(self, one: WorkOrder, out: Path) -> Attempt:
        return build(
            one, out=out, agent=Nobody(), sandbox=Nobody(), clone_url=str(self.bare),
            git_environment={}, progress=lambda _: None,
        )  # fmt: skip


class Nobody:
    """Neither an agent nor a sandbox has anything to do."""

    def __getattr__(self, name: str):
        raise AssertionError(f"{name} was asked for")


@pytest.fixture
def product(tmp_path: Path) -> Product_:
    return Product_(tmp_path)


HOLD = order().holding_branch


def test_both_changes_are_in_it_and_no_agent_works(product: Product_, tmp_path: Path) -> None:
    candidate = product.commit(HOLD, **{"new.txt": "new\n"})
    one = product.order(candidate, product.moved(**{"two.txt": "two\n"}))
    attempt = product.build(one, tmp_path / "out")
    assert attempt == read(Attempt, tmp_path / "out/attempt.json")
    names = {path.name for path in (tmp_path / "out" / attempt.tree).iterdir()}
    assert names == {"one.txt", "two.txt", "new.txt"}
    assert (attempt.spent_usd, attempt.agent.usd, attempt.tokens) == (1.5, 0, 0)
    assert product.build(one, tmp_path / "out") == attempt, "done again, it is as it was"


def test_what_both_changed_is_for_an_agent(product: Product_, tmp_path: Path) -> None:
    candidate = product.commit(HOLD, **{"one.txt": "mine\n"})
    one = product.order(candidate, product.moved(**{"one.txt": "theirs\n"}))
    with pytest.raises(BaseMoved, match="both changed the same lines"):
        product.build(one, tmp_path / "out")
    assert not (tmp_path / "out/attempt.json").exists()


def test_only_what_is_held_for_this_run_is_taken(product: Product_, tmp_path: Path) -> None:
    """A request may name any commit that the repository has, as that of a fork's pull request."""
    held = product.commit(HOLD, **{"new.txt": "new\n"})
    stranger = product.commit("stranger", **{"new.txt": "evil\n"})
    head = product.moved(**{"two.txt": "two\n"})
    with pytest.raises(InputError, match=f"holds {held}, not {stranger}"):
        product.build(product.order(stranger, head), tmp_path / "out")
    product.git("push", "-q", "origin", f":refs/heads/{HOLD}", cwd=product.work)
    with pytest.raises(InputError, match="has no branch"):
        product.build(product.order(held, head), tmp_path / "out")
    assert not (tmp_path / "out/attempt.json").exists()


def test_the_merge_goes_through_the_guard_of_the_new_base(
    product: Product_, tmp_path: Path
) -> None:
    candidate = product.commit(HOLD, **{WORKFLOW: "on: push\n"})
    one = product.order(candidate, product.moved(**{"two.txt": "two\n"}))
    attempt = product.build(one, tmp_path / "out")
    with pytest.raises(GuardError, match="protected"):
        hold(
            attempt, record_folder=tmp_path / "out", out=tmp_path / "held",
            clone_url=str(product.bare), git_environment={},
        )  # fmt: skip
