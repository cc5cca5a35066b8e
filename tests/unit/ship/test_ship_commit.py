from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest

from factory.errors import BaseMoved, FactoryError, Inconclusive, InputError, RecordError
from factory.ports.git import command, tree
from factory.records import Product, Shipment, Subject, read
from factory.ship import preflight, ship

NOW = "2026-11-22T22:00:00Z"
BRANCH = "factory/hold/shorten-url/20261122t211008-0123abcd"


def send(product, candidate, verdict, url: Path | None = None) -> Shipment:
    return ship(
        candidate,
        verdict,
        out=product.root / "shipped",
        clone_url=str(url or product.origin),
        git_environment={},
        now=NOW,
    )


@pytest.fixture
def pushes(monkeypatch) -> list[str]:
    """Every push made through the door."""
    seen: list[str] = []
    real = tree.push

    def counted(repository, url, commit, ref, **more):
        seen.append(ref)
        real(repository, url, commit, ref, **more)

    monkeypatch.setattr(tree, "push", counted)
    return seen


def test_a_pass_is_fast_forwarded(product, repositories) -> None:
    candidate = product.held()
    shipment = send(product, candidate, repositories.passed(candidate))
    assert product.head() == candidate.commit == shipment.commit
    assert product.head(BRANCH) == candidate.commit
    assert shipment == read(Shipment, product.root / "shipped" / "shipment.json")
    assert shipment.branch == "main"
    assert shipment.shipped_at == NOW
    assert os.listdir(product.root / "shipped") == ["shipment.json"]


def test_shipped_twice_is_pushed_once(product, repositories, pushes) -> None:
    candidate = product.held()
    pushes.clear()
    first = send(product, candidate, repositories.passed(candidate))
    assert send(product, candidate, repositories.passed(candidate)) == first
    assert pushes == ["refs/heads/main"]


def test_shipped_and_built_upon_is_shipped(product, repositories, pushes) -> None:
    candidate = product.held()
    send(product, candidate, repositories.passed(candidate))
    repositories.run_git(product.desk, "pull", "-q", str(product.origin), "main")
    above = product.advance()
    repositories.run_git(product.origin, "branch", "-D", BRANCH)
    pushes.clear()
    assert send(product, candidate, repositories.passed(candidate)).commit == candidate.commit
    assert pushes == []
    assert product.head() == above


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"verdict": "fail"}, Inconclusive),
        ({"verdict": "inconclusive"}, Inconclusive),
        ({"verdict": "inconclusive", "candidate": None, "suite_digest": None}, Inconclusive),
        ({"run_id": "20261122t211008-ffffffff"}, RecordError),
        ({"nonce": "f" * 32}, RecordError),
        ({"attempt": 2}, RecordError),
        ({"spec_id": "another-spec"}, RecordError),
        ({"spec_version": 2}, RecordError),
        ({"spec_digest": "sha256:" + "0" * 64}, RecordError),
        ({"candidate": "c" * 40}, RecordError),
        ({"candidate": None}, RecordError),
        ({"suite_digest": None}, RecordError),
        ({"failure_class": "crash"}, RecordError),
        ({"requirements_not_met": ("R1",)}, RecordError),
        ({"other": True}, RecordError),
    ],
)
def test_another_verdict_ships_nothing(product, repositories, pushes, changes, error) -> None:
    candidate = product.held()
    pushes.clear()
    with pytest.raises(error) as caught:
        send(product, candidate, repositories.passed(candidate, **changes))
    assert caught.value.mend
    assert pushes == []
    assert product.head() == product.base
    assert not (product.root / "shipped").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"tree_id": "d" * 40},
        {"branch": "factory/hold/shorten-url/20261122t211008-ffffffff"},
    ],
)
def test_a_doctored_candidate_ships_nothing(product, repositories, changes) -> None:
    candidate = msgspec.structs.replace(product.held(), **changes)
    with pytest.raises(RecordError):
        send(product, candidate, repositories.passed(candidate))
    assert product.head() == product.base


def test_a_commit_that_hold_did_not_make_ships_nothing(product, repositories) -> None:
    """Records, verdict and holding branch all name it, but it is not what they say."""
    held = product.held()
    git = repositories.run_git
    whole = git(product.origin, "log", "-1", "--format=%B", held.commit)
    beside = git(product.origin, "commit-tree", f"{product.base}^{{tree}}", "-m", "beside")
    for parents, text in (
        ([product.base], "no trailers"),
        ([product.base], whole.replace("Attempt: 1", "Attempt: 2")),
        ([product.base], whole.replace("Version: 1", "Version: 2")),
        ([product.base], whole.replace("0123abcd", "ffffffff")),
        ([product.base], whole.replace("Spec: shorten-url", "Spec: other")),
        ([product.base, beside], whole),
        ([held.commit], whole),
        ([], whole),
    ):
        above = [word for parent in parents for word in ("-p", parent)]
        other = git(product.origin, "commit-tree", held.tree_id, *above, "-m", text)
        git(product.origin, "update-ref", f"refs/heads/{BRANCH}", other)
        candidate = msgspec.structs.replace(held, commit=other)
        with pytest.raises(RecordError, match="is not what the candidate's record says"):
            send(product, candidate, repositories.passed(candidate))
        assert product.head() == product.base


@pytest.mark.parametrize("to", ["base", "gone"])
def test_a_moved_holding_branch_ships_nothing(product, repositories, to) -> None:
    candidate = product.held()
    arguments = ["update-ref", f"refs/heads/{BRANCH}", product.base]
    if to == "gone":
        arguments = ["update-ref", "-d", f"refs/heads/{BRANCH}"]
    repositories.run_git(product.origin, *arguments)
    with pytest.raises(Inconclusive, match="not at the judged"):
        send(product, candidate, repositories.passed(candidate))
    assert product.head() == product.base


def test_a_moved_base_ships_nothing(product, repositories) -> None:
    candidate = product.held()
    moved = product.advance()
    with pytest.raises(BaseMoved) as caught:
        send(product, candidate, repositories.passed(candidate))
    assert caught.value.mend == "plan and judge again on the new base"
    assert product.head() == moved


def test_a_base_that_moves_at_the_last_moment_wins(product, repositories, monkeypatch) -> None:
    candidate = product.held()
    real = command.attempt
    moved: list[str] = []

    def late(*arguments, **more):
        if arguments[0] == "push" and not moved:
            moved.append(product.advance())
        return real(*arguments, **more)

    monkeypatch.setattr(command, "attempt", late)
    with pytest.raises(BaseMoved):
        send(product, candidate, repositories.passed(candidate))
    assert product.head() == moved[0]


def test_a_replace_ref_does_not_change_what_is_shipped(product, repositories) -> None:
    candidate = product.held()
    git = repositories.run_git
    git(product.origin, "replace", candidate.commit, product.base)
    send(product, candidate, repositories.passed(candidate))
    raw = git(product.origin, "rev-parse", "main^{tree}", GIT_NO_REPLACE_OBJECTS="1")
    assert product.head() == candidate.commit
    assert raw == candidate.tree_id


def test_two_ships_at_once_ship_one(product, repositories) -> None:
    """Two runs of one base, both passed: exactly one arrives, the other is told."""
    first = product.held()
    run = "20261122t211008-ffffffff"
    second = product.held({"app.py": "other\n"}, run_id=run, spec=product.spec(version=2))
    ended: dict[str, object] = {}

    def go(candidate) -> None:
        try:
            ship(
                candidate,
                repositories.passed(candidate),
                out=product.root / candidate.commit,
                clone_url=str(product.origin),
                git_environment={},
                now=NOW,
            )
            ended[candidate.commit] = "shipped"
        except FactoryError as error:
            ended[candidate.commit] = error

    threads = [threading.Thread(target=go, args=(each,)) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shipped = [commit for commit, said in ended.items() if said == "shipped"]
    assert shipped == [product.head()]
    assert sum(isinstance(said, BaseMoved) for said in ended.values()) == 1


def test_missing_things_are_said(product, repositories, tmp_path: Path) -> None:
    candidate = product.held()
    verdict = repositories.passed(candidate)
    with pytest.raises(InputError, match="there is no repository"):
        send(product, candidate, verdict, url=tmp_path / "nothing")
    repositories.run_git(product.origin, "branch", "-m", "main", "trunk")
    with pytest.raises(InputError, match="has no branch main"):
        send(product, candidate, verdict)
    with pytest.raises(InputError, match="has no branch main"):
        preflight(str(product.origin), "main", {})
    with pytest.raises(InputError):
        preflight(str(tmp_path), "main", {})
    assert preflight(str(product.origin), "trunk", {}) == product.base


def test_a_refusing_hook_is_a_refusal(product, repositories) -> None:
    candidate = product.held()
    hook = product.origin / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'error: GH006: Protected branch update failed' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(FactoryError) as caught:
        send(product, candidate, repositories.passed(candidate))
    assert caught.value.code == "authentication"
    assert "GH006" in str(caught.value)
    assert product.head() == product.base


def test_another_base_branch(product, repositories) -> None:
    repositories.run_git(product.origin, "branch", "release/1", "main")
    candidate = product.held(
        product=Product(
            name="p", repository="x", base_branch="release/1", subject=Subject(command="a")
        )
    )
    assert send(product, candidate, repositories.passed(candidate)).branch == "release/1"
    assert product.head("release/1") == candidate.commit
    assert product.head() == product.base


KILLED = """
import sys
from pathlib import Path
from factory.records import Candidate, PublicVerdict, read
from factory.ship import ship
folder, url = sys.argv[1:]
ship(read(Candidate, Path(folder) / "candidate.json"),
     read(PublicVerdict, Path(folder) / "public-verdict.json"), out=Path(folder) / "out",
     clone_url=url, git_environment={}, now="2026-11-22T22:00:00Z")
"""


def test_killed_anywhere_and_run_again_ships_once(product, repositories, tmp_path: Path) -> None:
    candidate = product.held()
    candidate.write(tmp_path / "candidate.json")
    repositories.passed(candidate).write(tmp_path / "public-verdict.json")
    argv = [sys.executable, "-c", KILLED, str(tmp_path), str(product.origin)]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    for wait_seconds in (0.15, 0.2, 0.25, 0.3, 0.4):
        running = subprocess.Popen(argv, env=environment)
        time.sleep(wait_seconds)
        running.kill()
        running.wait()
        assert product.head() in (product.base, candidate.commit)
    assert subprocess.run(argv, env=environment, timeout=60).returncode == 0
    assert product.head() == candidate.commit
    assert os.listdir(tmp_path / "out") == ["shipment.json"]
    log = repositories.run_git(product.origin, "rev-list", "--count", "main")
    assert log == "2"
