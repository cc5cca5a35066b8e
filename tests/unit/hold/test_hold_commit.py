from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from factory.errors import BaseMoved, ConfigurationError, GuardError, InputError, RecordError
from factory.hold import hold, message
from factory.ports.git import tree
from factory.records import Candidate, Product, Subject, read

BRANCH = "factory/hold/shorten-url/20261122t211008-0123abcd"


def test_a_change_becomes_a_commit_on_the_holding_branch(product, repositories) -> None:
    candidate = product.held()
    git = repositories.run_git
    assert product.head(BRANCH) == candidate.commit
    assert product.head() == product.base
    assert git(product.origin, "rev-parse", f"{candidate.commit}^@") == product.base
    assert git(product.origin, "rev-parse", f"{candidate.commit}^{{tree}}") == candidate.tree_id
    assert git(product.origin, "show", f"{candidate.commit}:app.py") == "print('two')"
    assert candidate.changed_paths == 2
    assert candidate.branch == BRANCH
    assert read(Candidate, product.root / "held" / "candidate.json") == candidate
    assert sorted(os.listdir(product.root / "held")) == ["candidate.json"]
    said = git(product.origin, "log", "-1", "--format=%(trailers:only)", candidate.commit)
    assert said.split("\n") == [
        "Factory-Spec: shorten-url",
        "Factory-Spec-Version: 1",
        "Factory-Run: 20261122t211008-0123abcd",
        "Factory-Attempt: 1",
    ]
    assert git(product.origin, "log", "-1", "--format=%at %ct", candidate.commit) == (
        "1795381808 1795381808"
    )
    git(product.origin, "fsck", "--strict", "--no-dangling")


def test_held_twice_is_held_once(product) -> None:
    first = product.held()
    again = product.held()
    assert again == first
    assert product.branches() == [BRANCH, "main"]


def test_the_next_attempt_takes_the_place_of_the_one_before(product) -> None:
    first = product.held()
    second = product.held({"app.py": "print('three')\n"}, attempt=2, previous=first.commit)
    assert second.commit != first.commit
    assert product.head(BRANCH) == second.commit
    with pytest.raises(RecordError, match="attempt 2 of this run is held already"):
        product.held()
    assert product.head(BRANCH) == second.commit


def test_a_foreign_commit_on_the_holding_branch_stays(product, repositories) -> None:
    repositories.run_git(product.origin, "update-ref", f"refs/heads/{BRANCH}", product.base)
    with pytest.raises(InputError, match="which no attempt of this run made"):
        product.held()
    assert product.head(BRANCH) == product.base


def test_no_change_is_refused(product) -> None:
    attempt, folder = product.attempt()
    with pytest.raises(GuardError, match="the agent changed nothing"):
        product.hold(attempt, folder)
    assert product.branches() == ["main"]


def test_leftovers_are_not_a_change(product, repositories) -> None:
    attempt, folder = product.attempt()
    repositories.write(
        folder / "tree",
        {"run.log": "x", "__pycache__/app.pyc": b"\0", "node_modules/a/b.js": "x"},
    )
    (folder / "tree" / ".venv" / "bin").mkdir(parents=True)
    (folder / "tree" / ".venv" / "bin" / "python").symlink_to("/usr/bin/python3")
    with pytest.raises(GuardError, match="the agent changed nothing"):
        product.hold(attempt, folder)


def test_the_agents_own_gitignore_hides_nothing(product) -> None:
    candidate = product.held({".gitignore": "*\n", "kept.py": "x\n"})
    assert candidate.changed_paths == 2


def test_what_the_base_tracks_is_held_though_it_is_ignored(tmp_path, repositories) -> None:
    product = repositories.ProductRepository(
        tmp_path / "p", files={"node_modules/own.js": "1\n", "a.log": "1\n", ".gitignore": "*.log"}
    )
    candidate = product.held(
        {"node_modules/own.js": "2\n", "a.log": "2\n", "node_modules/other.js": "x", "b.log": "x"}
    )
    assert candidate.changed_paths == 2


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/ci.yml",
        ".GitHub/workflows/ci.yml",
        ".github",
        "CODEOWNERS",
        "docs/CODEOWNERS",
        "codeowners",
        ".gitmodules",
        "sub/.gitmodules",
        ".lfsconfig",
        "factory.yml",
        "deploy/prod.tf",
    ],
)
def test_protected_paths_cannot_be_added(product, path: str) -> None:
    guarded = Product(
        name="p",
        repository="x",
        subject=Subject(command="a"),
        protected=("deploy/**", "!deploy/README.md"),
    )
    with pytest.raises(GuardError, match="changed what is protected"):
        product.held({path: "x\n", "app.py": "2\n"}, product=guarded)
    assert product.branches() == ["main"]


def test_protected_paths_cannot_be_removed_or_made_executable(tmp_path, repositories) -> None:
    files = {".github/workflows/ci.yml": "on: push\n", "app.py": "1\n"}
    for change in (Path.unlink, lambda path: path.chmod(0o755)):
        product = repositories.ProductRepository(tmp_path / f"{id(change)}", files=dict(files))
        attempt, folder = product.attempt()
        change(folder / "tree" / ".github" / "workflows" / "ci.yml")
        (folder / "tree" / "app.py").write_text("2\n")
        with pytest.raises(GuardError, match=r"\.github/workflows/ci\.yml"):
            product.hold(attempt, folder)


def test_a_protected_pattern_without_meaning_stops_everything(product) -> None:
    odd = Product(name="p", repository="x", subject=Subject(command="a"), protected=("[a",))
    with pytest.raises(ConfigurationError, match="unclosed bracket"):
        product.held(product=odd)
    assert product.branches() == ["main"]


@pytest.mark.parametrize("relative", ["../tree", "/etc", "a/../../b", "", "tree/../.."])
def test_a_tree_outside_of_the_record_is_refused(product, relative: str) -> None:
    attempt, folder = product.attempt()
    with pytest.raises(RecordError):
        product.hold(msgspec.structs.replace(attempt, tree=relative), folder)


@pytest.mark.parametrize("relative", ["tree", "above/tree"])
def test_a_tree_that_is_a_link_is_refused(product, relative: str, tmp_path: Path) -> None:
    attempt, folder = product.attempt()
    (tmp_path / "elsewhere" / "tree").mkdir(parents=True)
    (folder / "tree").rename(folder / "old")
    (folder / "above").symlink_to(tmp_path / "elsewhere")
    (folder / "tree").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(GuardError, match="link or not a folder"):
        product.hold(msgspec.structs.replace(attempt, tree=relative), folder)


def test_missing_things_are_said(product, tmp_path: Path) -> None:
    attempt, folder = product.attempt()
    with pytest.raises(InputError, match="folder is missing"):
        product.hold(attempt, tmp_path)
    with pytest.raises(InputError, match="there is no repository"):
        product.hold(attempt, folder, clone_url=tmp_path / "nothing.git")
    with pytest.raises(InputError, match="has no commit"):
        product.held(base_commit="b" * 40)
    with pytest.raises(RecordError, match="created_at"):
        product.held(created_at="yesterday")


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Shorten a URL", "Shorten a URL"),
        ("a\n\nFactory-Run: forged", "a Factory-Run: forged"),
        ("a\r\x1b[31mred\x00\x07", "a (31mred"),
        ("\u202eevil\u200b\u2066\ufeff", "evil"),
        ("done [skip ci]", "done (skip ci)"),
        ("::add-mask::x", "add-mask::x"),
        ("##[command]x", "(command)x"),
        ("x" * 100, "x" * 71 + "…"),
        ("\u200b\n", "shorten-url"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_the_title_is_one_tame_line(product, repositories, title: str, line: str) -> None:
    candidate = product.held(spec=product.spec(title=title))
    raw = repositories.run_git(product.origin, "cat-file", "commit", candidate.commit)
    text = raw.split("\n\n", 1)[1]
    assert text.split("\n")[:2] == [line, ""]
    assert tree.trailers(text) == message.expected_trailers(candidate.work_order)


def test_a_race_on_the_holding_branch_loses_nothing(product, monkeypatch) -> None:
    first = product.held()
    winner: list[str] = []
    asked = tree.remote_head

    def late(url, branch, env):
        seen = asked(url, branch, env)
        if not winner:  # Another process pushes attempt 2 between our question and our push.
            winner.append("")
            monkeypatch.setattr(tree, "remote_head", asked)
            winner[0] = product.held({"app.py": "other\n"}, attempt=2).commit
        return seen

    monkeypatch.setattr(tree, "remote_head", late)
    attempt, folder = product.attempt("mine", attempt=3)
    (folder / "tree" / "app.py").write_text("mine\n")
    with pytest.raises(BaseMoved):
        product.hold(attempt, folder)
    assert product.head(BRANCH) == winner[0] != first.commit


KILLED = """
import sys
from pathlib import Path
from factory.hold import hold
from factory.records import Attempt, read
folder, out, url = sys.argv[1:]
attempt = read(Attempt, Path(folder) / "attempt.json")
hold(attempt, record_folder=Path(folder), out=Path(out), clone_url=url, git_environment={})
"""


def test_killed_anywhere_and_run_again_gives_the_same(product, tmp_path: Path) -> None:
    attempt, folder = product.attempt()
    for number in range(300):
        (folder / "tree" / f"f{number}.py").write_text(f"{number}\n")
    attempt.write(folder / "attempt.json")
    out = tmp_path / "out"
    argv = [sys.executable, "-c", KILLED, str(folder), str(out), str(product.origin)]
    started = time.monotonic()
    whole = hold(
        attempt,
        record_folder=folder,
        out=tmp_path / "whole",
        clone_url=str(product.origin),
        git_environment={},
    )
    lasts = time.monotonic() - started
    subprocess.run(
        ["git", "update-ref", "-d", f"refs/heads/{BRANCH}"], cwd=product.origin, check=True
    )
    for share in (0.2, 0.5, 0.8, 1.0, 1.3):
        running = subprocess.Popen(argv, env={**os.environ, "PYTHONPATH": os.getcwd()})
        time.sleep(0.1 + lasts * share)
        running.kill()
        running.wait()
        assert set(product.branches()) <= {BRANCH, "main"}
        if BRANCH in product.branches():
            assert product.head(BRANCH) == whole.commit
    done = subprocess.run(argv, env={**os.environ, "PYTHONPATH": os.getcwd()}, timeout=60)
    assert done.returncode == 0
    assert product.head(BRANCH) == whole.commit
    assert read(Candidate, out / "candidate.json") == whole
    assert os.listdir(out) == ["candidate.json"]
