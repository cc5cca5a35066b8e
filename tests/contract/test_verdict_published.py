"""`factory verdict --publish`, as a process, against the double of GitHub's API on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import msgspec
import pytest

from factory.records import (
    AgentOutcome,
    AgentProfile,
    Budget,
    Candidate,
    Product,
    Requirement,
    SpecText,
    Subject,
    WorkOrder,
    digest_of,
)
from factory.verdict import word_bits
from tests import forked

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "tests" / "doubles" / "github_api" / "server.py"
JOB, PAT = "job" * 9, "pat" * 9
ORDER = WorkOrder(
    run_id="20261122t211008-0123abcd",
    nonce="ab" * 16,
    created_at="2026-11-22T21:10:08Z",
    spec=SpecText(
        id="link-expiry",
        title="Links expire",
        version=1,
        path="specs/link-expiry.md",
        commit="a" * 40,
        digest=digest_of("…"),
        text="…",
        requirements=(Requirement(id="R1", text="A link expires.", line=1),),
    ),
    product=Product(name="shortener", repository="acme/shortener", subject=Subject(start="x")),
    base_commit="b" * 40,
    agent=AgentProfile(name="builder", uses="replay"),
    budget=Budget(),
    brief="…",
)


class World:
    """The double, and the records of one order on a commit that it knows."""

    def __init__(self, folder: Path, url: str, commits: dict[str, str]) -> None:
        self.folder, self.url = folder, url
        spec = msgspec.structs.replace(ORDER.spec, commit=commits["acme/specs"])
        self.order = msgspec.structs.replace(ORDER, spec=spec)
        self.commits = commits

    @property
    def state(self) -> dict:
        with urllib.request.urlopen(f"{self.url}/_control/state", timeout=10) as answer:
            return json.load(answer)

    def candidate(self, **changes: object) -> Path:
        """A candidate on the product's commit; `changes` are of its order."""
        record = Candidate(
            work_order=msgspec.structs.replace(self.order, **changes),
            commit=self.commits["acme/shortener"],
            tree_id="e" * 40,
            branch=f"factory/hold/link-expiry/{ORDER.run_id}",
            changed_paths=1,
            agent=AgentOutcome(ended="finished"),
            spent_usd=1.0,
        )
        record.write(self.folder / "candidate.json")
        return self.folder / "candidate.json"

    def unbuilt(self) -> Path:
        self.order.write(self.folder / "work-order.json")
        return self.folder / "work-order.json"

    def verdict(self, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
        given = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.url,
            "GITHUB_SERVER_URL": self.url,
            "GITHUB_REPOSITORY": "acme/specs",
            "GITHUB_TOKEN": JOB,
        }
        return forked.run(
            [sys.executable, "-m", "factory.cli", "verdict",
             *map(str, words)],
            env=given | env, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip


@pytest.fixture
def world(tmp_path):
    write = {"contents": "write", "checks": "write"}
    state = {
        "repositories": {"acme/specs": {}, "acme/shortener": {}},
        "tokens": {
            JOB: {"kind": "actions", "repositories": ["acme/specs"], "permissions": write},
            PAT: {"kind": "pat", "login": "ann", "repositories": None},
        },
    }
    (tmp_path / "state.json").write_text(json.dumps(state))
    words = ["--root", tmp_path / "hub", "--state", tmp_path / "state.json"]
    process = subprocess.Popen(
        [sys.executable, SERVER, *words, "--parent", str(os.getpid())], stdout=subprocess.PIPE
    )
    try:
        url = json.loads(process.stdout.readline())["url"]
        commits = {name: commit(tmp_path / "hub" / f"{name}.git") for name in state["repositories"]}
        yield World(tmp_path, url, commits)
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def commit(bare: Path) -> str:
    """An empty commit on main of a repository."""
    git = ["git", "-C", bare, "-c", "user.name=a", "-c", "user.email=a@example.com"]

    def told(*words: str) -> str:
        done = subprocess.run(
            [*git, *words], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        return done.stdout.strip()

    made = told("commit-tree", told("mktree"), "-m", "one")
    told("update-ref", "refs/heads/main", made)
    return made


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ((), "No candidate was built"),
        (("--cause", "not-built"), "No candidate was built"),
        (("--cause", "guard-refused"), "What the agent left was refused"),
        (("--cause", "key-missing"), "No candidate was built"),  # cannot be: nothing was held
        (("--cause", "no-such-cause"), "No candidate was built"),
    ],
)
def test_an_order_without_a_candidate_is_told_on_the_specs_commit(world, cause, said):
    order = world.unbuilt()
    done = world.verdict("--work-order", order, *cause, "--publish", "--json")
    assert done.returncode == 5, done.stderr
    public = json.loads(done.stdout)
    assert (public["verdict"], public["candidate"], public["leak_bits"]) == (
        "inconclusive",
        None,
        0.0,
    )
    assert world.verdict("--work-order", order, *cause, "--publish").returncode == 5
    (check,) = world.state["check_runs"]  # Said twice, posted once.
    assert (check["name"], check["head_sha"]) == ("factory / verdict", world.commits["acme/specs"])
    assert (check["status"], check["conclusion"]) == ("completed", "action_required")
    summary = check["output"]["summary"]
    assert said in summary
    assert "To mend it:" in summary
    assert "Spend: not known" in summary
    assert world.state["dispatches"] == []
    assert world.state["violations"] == []


def test_two_orders_of_one_commit_have_a_check_each(world):
    for run in ("20261122t211008-00000001", "20261122t211008-00000002"):
        world.order = msgspec.structs.replace(world.order, run_id=run)
        assert world.verdict("--work-order", world.unbuilt(), "--publish").returncode == 5
    assert len(world.state["check_runs"]) == 2


def test_without_a_place_to_tell_it_is_an_error(world):
    done = world.verdict("--work-order", world.unbuilt(), "--publish", GITHUB_REPOSITORY="")
    assert done.returncode == 2
    assert "GITHUB_REPOSITORY" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--publish"],
        ["CANDIDATE", "--work-order", "ORDER", "--publish"],
        ["--work-order", "ORDER"],
        ["--work-order", "ORDER", "--publish", "--public", "CANDIDATE"],
        ["--work-order", "ORDER", "--evidence", ".", "--out", "."],
        ["CANDIDATE"],
    ],
)
def test_a_candidate_or_an_order_and_never_both(world, words):
    files = {"CANDIDATE": world.candidate(), "ORDER": world.unbuilt()}
    done = world.verdict(*(files.get(word, word) for word in words))
    assert done.returncode == 2
    assert "mend:" in done.stderr
    assert world.state["check_runs"] == []


def test_what_is_no_work_order_is_told_nowhere(world):
    done = world.verdict("--work-order", world.candidate(), "--publish")
    assert done.returncode == 2
    assert world.state["check_runs"] == []


@pytest.mark.parametrize(
    ("cause", "left", "said"),
    [
        ("suite-invalid", 32.0, "The scenarios have errors"),
        ("suite-invalid", 1.0, "the leak budget of this spec version is spent"),
        ("key-missing", 0.0, "There is no deploy key"),
    ],
)
def test_a_cause_from_behind_the_scenarios_is_paid_for(world, cause, left, said):
    candidate = world.candidate(leak_left_bits=left)
    done = world.verdict(candidate, "--publish", "--cause", cause, "--json", FACTORY_TOKEN=PAT)
    assert done.returncode == 5, done.stderr
    public = json.loads(done.stdout)
    assert said in public["cause"]
    paid = {("suite-invalid", 1.0): word_bits(), ("key-missing", 0.0): 0.0}
    assert public["leak_bits"] == paid.get((cause, left), public["leak_bits"])
    assert (public["leak_bits"] > 0) == (cause == "suite-invalid")


def test_what_the_forge_remarks_is_said_on_stderr(world):
    done = world.verdict(world.candidate(), "--publish", "--json", FACTORY_TOKEN=PAT)
    assert done.returncode == 5
    json.loads(done.stdout)
    (note,) = [line for line in done.stderr.splitlines() if line.startswith("note: ")]
    assert "only GitHub Apps may" in note
    assert "acme/shortener" in note
    assert PAT not in done.stdout + done.stderr
    (status,) = world.state["statuses"]
    assert status["state"] == "error"
