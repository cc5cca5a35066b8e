"""An agent that was given a warm tree leaves nothing for the next attempt, or another spec."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest
from messages_api.bench import sandbox  # noqa: F401

from factory.agents.toolbox import Toolbox
from factory.build import build
from factory.ports.git import spares, tree
from factory.records import (
    AgentOutcome,
    AgentProfile,
    Budget,
    Product,
    Requirement,
    SpecText,
    Subject,
    WorkOrder,
    digest_of,
)
from factory.spec.brief import Brief, part_of

FILES = {
    "a.py": "print(1)\n",
    "b.py": "print(2)\n",
    "deep/c.py": "print(3)\n",
    "deep/er/d.py": "print(4)\n",
    ".gitignore": "build/\n",
}
ATTACKS = """
git init -q . && git config user.name a && git config user.email a@b.invalid
git add -A && git commit -qm x
for key in core.fsmonitor core.hooksPath core.sparseCheckout core.ignoreStat core.worktree; do
  git config $key "$PWD/evil"; done
printf '#!/bin/sh\\ntouch evil-ran\\n' > evil; chmod 755 evil
mkdir -p .git/hooks .git/info .git/objects/info; cp evil .git/hooks/post-checkout
echo /etc > .git/objects/info/alternates; echo '*' > .git/info/exclude
echo '* filter=evil' > .git/info/attributes; echo '/*' > .git/info/sparse-checkout
git update-index --assume-unchanged a.py; git update-index --skip-worktree b.py
touch .git/index.lock .git/shallow.lock
touch -r a.py stamp; printf 'evil(1)\\n' > a.py; touch -r stamp a.py; rm stamp
echo '*' > .gitignore; echo '* text eol=crlf' > .gitattributes; echo ignored > ignored.pyc
mkdir build; echo old > build/artefact; git -C build init -q .
rm -rf deep/er; ln -s /etc deep/er; ln -s ../.. deep/out; ln b.py hard; ln b.py deep/hard
chmod 6755 b.py; chmod 000 deep/c.py; chmod 1777 deep
mkfifo pipe; mkdir -p x/y/z; chmod 0 x/y
python3 -c "import os; os.setxattr('b.py', 'user.evil', b'1')"
(exec 3>>b.py; sleep 600 & )
"""


class Evil:
    """Runs the attacks in its tree, and remembers which tree that was and what it looked like."""

    def __init__(self, script: str) -> None:
        self.script = script
        self.inode = 0
        self.tree: dict[str, object] = {}

    def work(self, assignment, box):
        self.inode = assignment.workspace.stat().st_ino
        self.tree = seen(assignment.workspace)
        with Toolbox(box, assignment.workspace) as tools:
            tools.call("bash", {"command": self.script})
        return AgentOutcome(ended="finished", message="")


def seen(folder: Path) -> dict[str, object]:
    """Everything that a tree can hold: kinds, modes, owners, links, attributes, content."""
    found: dict[str, object] = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            status = path.lstat()
            content: object = None
            if stat.S_ISLNK(status.st_mode):
                content = os.readlink(path)
            elif stat.S_ISREG(status.st_mode):
                content = (status.st_nlink, path.read_bytes())
            found[str(path.relative_to(folder))] = (
                status.st_mode,
                status.st_uid == os.geteuid(),
                os.listxattr(path, follow_symlinks=False),
                content,
            )
    return found


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.invalid")
    done = subprocess.run(
        ["git", *who, "-C", str(folder), *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def product(tmp_path: Path) -> Path:
    folder = tmp_path / "product"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(tmp_path, "init", "-q", "-b", "main", str(folder))
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "one")
    return folder


@pytest.fixture
def attempt(tmp_path, product, sandbox, monkeypatch):  # noqa: F811
    """Build one attempt at a spec of its own; the agent's tree as it was left."""
    monkeypatch.setattr(spares, "SMALLEST", 3)
    monkeypatch.setenv("FACTORY_CACHE", str(tmp_path / "cache"))

    def built(number: int, agent: Evil) -> Path:
        out = tmp_path / f"run-{number}"
        spec = SpecText(
            id=f"spec-{number}", title="T", version=1, path="specs/x.md", commit="c" * 40,
            digest=digest_of("- R1: It greets."), text="- R1: It greets.",
            requirements=(Requirement(id="R1", text="It greets.", line=1),),
        )  # fmt: skip
        order = WorkOrder(
            run_id=f"20261122t211008-{number:08x}",
            nonce="0" * 32,
            created_at="2026-11-22T21:10:08Z",
            spec=spec,
            product=Product(name="p", repository=str(product), subject=Subject(command="x")),
            base_commit=git(product, "rev-parse", "HEAD"),
            agent=AgentProfile(name="builder", uses="replay"),
            budget=Budget(usd=2),
            brief=Brief(parts=(part_of(spec),)).text,
        )
        build(
            order, out=out, agent=agent, sandbox=sandbox, clone_url=str(product),
            git_environment={}, progress=lambda _: None,
        )  # fmt: skip
        return out / "tree"

    return built


def expected(product: Path, folder: Path) -> dict[str, object]:
    tree.materialise(product, git(product, "rev-parse", "HEAD"), folder)
    return seen(folder)


def test_whatever_it_does_to_its_tree_the_next_one_is_the_commit(
    attempt, product, tmp_path
) -> None:
    clean = expected(product, tmp_path / "expected")
    inodes = []
    for number in range(4):
        agent = Evil(ATTACKS)
        left = attempt(number, agent)
        assert agent.tree == clean
        inodes.append(agent.inode)
        found = seen(left)
        assert {".git", "ignored.pyc", "hard", "deep/out", "pipe", "build/.git"} <= found.keys()
        assert found["a.py"] != clean["a.py"], "the attacks do not work, so this test shows nothing"
    assert len(set(inodes)) == 4, "no tree is used twice"
    kept = list((tmp_path / "cache").glob("products/*/spare/*"))
    assert len(kept) == 1 and seen(kept[0]) == clean


def test_nor_is_anything_of_it_there_when_the_base_has_moved(attempt, product, tmp_path) -> None:
    for number in range(2):
        attempt(number, Evil(ATTACKS))
    (product / "a.py").write_text("moved\n")
    (product / "deep" / "c.py").unlink()
    git(product, "commit", "-qam", "two")
    clean = expected(product, tmp_path / "expected")
    for number in range(2, 4):
        agent = Evil(ATTACKS)
        attempt(number, agent)
        assert agent.tree == clean


def test_the_pool_is_not_there_for_an_agent(attempt, product, tmp_path) -> None:
    """It is looked for by its names, from where the agent is and through the kernel's own ways."""
    for number in range(2):
        attempt(number, Evil("true"))
    cache = tmp_path / "cache"
    before = seen(cache / "products")
    look = f"""
    ls -la {cache} ../.. /proc/1/root{cache} > found 2>&1
    find / -xdev -name mirror.git -o -name spare -o -name making >> found 2>/dev/null
    for n in /proc/[0-9]*/fd/*; do readlink $n; done >> found 2>/dev/null
    grep -s products /proc/self/mountinfo >> found; mkdir -p {cache}/products && touch {cache}/x
    """
    left = attempt(2, Evil(look))
    told = (left / "found").read_text()
    assert "mirror.git" not in told and "spare" not in told and "making" not in told
    assert not (cache / "x").exists()
    after = seen(cache / "products")
    mirrors = [{k: v for k, v in one.items() if "mirror.git/" in k} for one in (before, after)]
    assert mirrors[0] == mirrors[1]
