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
    ExpectedScenario,
    Inventory,
    ObservedScenario,
    Product,
    Report,
    Requirement,
    SpecText,
    Subject,
    WorkOrder,
    digest_of,
)
from factory.verdict import unavailable, word_bits
from tests import forked

ROOT = Path(__file__).resolve().parents[2]
JOB, PAT, APP = "job" * 9, "pat" * 9, "app" * 9
FILES = {"acme/specs": "specs/link-expiry.md", "acme/shortener": "README.md"}
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
        return self.control("state")

    def control(self, what: str, body: object = None) -> dict:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.url}/_control/{what}", data, timeout=10) as answer:
            return json.load(answer)

    def checks(self, repository: str) -> list[dict]:
        return [one for one in self.state["check_runs"] if one["repository"] == repository]

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

    def judged(self, word: str = "fail", **changes: object) -> Path:
        """The public verdict on the candidate; a fail that names R1."""
        facts = {"failure_class": "behaviour", "requirements_not_met": ("R1",)}
        public = msgspec.structs.replace(
            unavailable(self.order, "key-missing"),
            candidate=self.commits["acme/shortener"],
            verdict=word, cause="", mend="", **((facts if word == "fail" else {}) | changes),
        )  # fmt: skip
        public.write(self.folder / "public-verdict.json")
        return self.folder / "public-verdict.json"

    def verdict(self, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
        given = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.url,
            "GITHUB_SERVER_URL": self.url,
            "GITHUB_REPOSITORY": "acme/specs",
            "GITHUB_TOKEN": JOB,
            "GITHUB_RUN_ID": "7",
            "HOME": str(self.folder),  # What is remembered of the ledger.
        }
        return forked.run(
            [sys.executable, "-m", "factory.cli", "verdict",
             *map(str, words)],
            env=given | env, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip


@pytest.fixture
def world(running, tmp_path):
    write = {"contents": "write", "checks": "write", "pull_requests": "write"}
    # The App may do as much in the specs repository, and must not: another job began it there.
    app = {"kind": "installation", "app_id": 7, "repositories": ["acme/specs", "acme/shortener"]}
    state = {
        "repositories": {"acme/specs": {}, "acme/shortener": {}},
        "tokens": {
            JOB: {"kind": "actions", "repositories": ["acme/specs"], "permissions": write},
            PAT: {"kind": "pat", "login": "ann", "repositories": None},
            APP: app | {"permissions": write},
        },
        "apps": {"7": {"slug": "acme-factory", "public_key": "", "installations": []}},
    }
    running.control("reset", state)
    commits = {
        name: commit(running.root / f"{name}.git", FILES[name]) for name in state["repositories"]
    }
    return World(tmp_path, running.url, commits)


def commit(bare: Path, path: str) -> str:
    """A commit on main of a repository, of one file."""
    git = ["git", "-C", bare, "-c", "user.name=a", "-c", "user.email=a@example.com"]

    def told(*words: str) -> str:
        done = subprocess.run(
            [*git, *words], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        return done.stdout.strip()

    blob = told("hash-object", "-w", "--stdin")
    told("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    made = told("commit-tree", told("write-tree"), "-m", "one")
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
    assert check["name"] == "factory / verdict (link-expiry)"
    assert check["head_sha"] == world.commits["acme/specs"]
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
        ["--begin"],
        ["CANDIDATE", "--work-order", "ORDER", "--begin"],
        ["CANDIDATE", "--begin", "--publish"],
        ["--work-order", "ORDER", "--begin", "--cause", "not-built"],
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


def merged(world: World, number: int = 7, **facts: object) -> None:
    """The pull request that merged the spec."""
    commit = world.commits["acme/specs"]
    where = {"full_name": "acme/specs", "number": number, "head": commit, "merged_as": commit}
    world.control("pulls", where | facts)


def test_it_is_in_progress_at_once_and_completed_as_the_same_check(world):
    order, candidate = world.unbuilt(), world.candidate()
    begun = world.verdict("--work-order", order, "--begin", "--json")
    assert (begun.returncode, json.loads(begun.stdout)) == (0, {"begun": True}), begun.stderr
    (on_spec,) = world.checks("acme/specs")
    assert (on_spec["status"], on_spec["conclusion"]) == ("in_progress", None)
    assert on_spec["details_url"] == f"{world.url}/acme/specs/actions/runs/7"
    assert on_spec["output"]["title"].startswith("In progress: building, attempt 1 of 3")
    assert world.verdict(candidate, "--begin", FACTORY_TOKEN=APP).returncode == 0
    (held,) = world.checks("acme/shortener")
    assert (held["status"], held["head_sha"]) == ("in_progress", world.commits["acme/shortener"])

    words = (candidate, "--public", world.judged(), "--publish", "--json")
    done = world.verdict(*words, FACTORY_TOKEN=APP)
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert told["check"]["title"] == on_spec_title(world)
    assert told["statement"]["predicate"]["dark-factory"]["verdict"] == told["verdict"]
    assert told["statement"]["subject"][0]["name"].endswith(f"@{told['candidate']}")
    assert world.verdict(*words, FACTORY_TOKEN=APP).returncode == 1  # Delivered twice.
    for before, repository in ((on_spec, "acme/specs"), (held, "acme/shortener")):
        (check,) = world.checks(repository)
        assert check["id"] == before["id"]
        assert (check["status"], check["conclusion"]) == ("completed", "failure")
        assert check["details_url"] == before["details_url"]
        assert check["changes"] == 1
    assert world.state["violations"] == []


SUITE = "hmac-sha256:" + "d" * 64


def judged_again(world: World, outcome: str) -> subprocess.CompletedProcess[str]:
    """The job evaluate, run again: its evidence is new."""
    ids = {
        "run_id": ORDER.run_id,
        "nonce": ORDER.nonce,
        "attempt": 1,
        "candidate": world.commits["acme/shortener"],
        "suite_digest": SUITE,
    }
    expected = tuple(ExpectedScenario(id=name, requirements=("R1",)) for name in "ab")
    seen = tuple(ObservedScenario(id=name, outcome=outcome) for name in "ab")
    folder = world.folder / "evidence"
    Inventory(**ids, scenarios=expected).write(folder / "inventory.json")
    report = Report(
        **ids, reached="ran", sandbox="x", scenarios=seen, subject_alive_after=True
    )  # fmt: skip
    report.write(folder / "report.json")
    words = ("--evidence", folder, "--out", folder / "out", "--json")
    return world.verdict(world.folder / "candidate.json", *words)


def test_jobs_run_again_tell_what_was_told_first(world):
    candidate = world.candidate()
    first = judged_again(world, "failed")
    assert first.returncode == 1, first.stderr
    public = world.folder / "evidence" / "out" / "public-verdict.json"
    publish = (candidate, "--public", public, "--publish", "--json")
    assert world.verdict(*publish, FACTORY_TOKEN=APP).returncode == 1
    before = (public.read_bytes(), world.checks("acme/shortener"))

    again = judged_again(world, "passed")
    assert (again.returncode, again.stdout) == (1, first.stdout), again.stderr
    assert public.read_bytes() == before[0]
    # And where a job could be made to say another all the same, nobody publishes it.
    public = world.judged("pass", suite_digest=SUITE)
    done = world.verdict(candidate, "--public", public, "--publish", "--json", FACTORY_TOKEN=APP)
    assert done.returncode == 1
    assert json.loads(done.stdout)["requirements_not_met"] == ["R1"]
    assert world.checks("acme/shortener") == before[1]


def on_spec_title(world: World) -> str:
    (check,) = world.checks("acme/specs")
    return check["output"]["title"]


def test_what_is_not_met_is_annotated_in_the_spec_and_nowhere_else(world):
    words = (world.candidate(), "--public", world.judged(), "--publish")
    for _ in range(2):
        assert world.verdict(*words, FACTORY_TOKEN=APP).returncode == 1
    (on_spec,), (held,) = world.checks("acme/specs"), world.checks("acme/shortener")
    (note,) = on_spec["annotations"]
    assert (note["path"], note["start_line"], note["end_line"], note["annotation_level"]) == (
        "specs/link-expiry.md", 1, 1, "failure",
    )  # fmt: skip
    assert held["annotations"] == []
    assert on_spec["output"]["summary"] == held["output"]["summary"]


def test_a_run_that_left_no_word_is_ended_by_the_next_one_of_its_spec(world):
    """All jobs of a run were killed: nobody completes its check, but another run begins."""
    assert world.verdict("--work-order", world.unbuilt(), "--begin").returncode == 0
    neighbour = msgspec.structs.replace(world.order.spec, id="link")
    mine = world.order
    world.order = msgspec.structs.replace(mine, spec=neighbour, run_id="20261122t211008-00000009")
    assert world.verdict("--work-order", world.unbuilt(), "--begin").returncode == 0
    world.order = msgspec.structs.replace(mine, run_id="20261123t000000-0123abcd")
    assert world.verdict("--work-order", world.unbuilt(), "--begin").returncode == 0
    lost, other, new = world.checks("acme/specs")
    assert (lost["status"], lost["conclusion"]) == ("completed", "action_required")
    assert "cut short" in lost["output"]["title"]
    assert (other["status"], new["status"]) == ("in_progress", "in_progress")


def test_a_check_that_nobody_may_begin_is_said_and_stops_nothing(world):
    done = world.verdict(world.candidate(), "--begin", "--json")  # No token for the product.
    assert (done.returncode, json.loads(done.stdout)) == (0, {"begun": False})
    assert "not shown as in progress: nobody may post a check in acme/shortener" in done.stderr
    assert world.state["check_runs"] == []


def test_with_a_personal_token_the_held_commit_has_a_status_from_pending_to_failure(world):
    words = (world.candidate(), "--public", world.judged(), "--publish")
    assert world.verdict(words[0], "--begin", FACTORY_TOKEN=PAT).returncode == 0
    for _ in range(2):
        assert world.verdict(*words, FACTORY_TOKEN=PAT).returncode == 1
    told = [(one["state"], one["context"]) for one in world.state["statuses"]]
    assert told == [("pending", "factory / verdict"), ("failure", "factory / verdict")]
    assert world.state["statuses"][1]["description"].startswith("1 of 1 requirements not met")
    assert world.state["statuses"][1]["target_url"].endswith("/actions/runs/7")
    (on_spec,) = world.checks("acme/specs")  # There the job's own token serves, of an App.
    assert on_spec["conclusion"] == "failure"


def test_the_pull_request_that_merged_the_spec_has_one_comment_that_is_edited(world):
    merged(world)
    assert world.verdict("--work-order", world.unbuilt(), "--publish").returncode == 5
    (first,) = world.state["comments"]
    assert (first["number"], first["author"]) == (7, "github-actions[bot]")
    assert "because of the build" in first["body"]
    words = (world.candidate(attempt=2), "--public", world.judged("pass", attempt=2), "--publish")
    for _ in range(2):
        assert world.verdict(*words, FACTORY_TOKEN=APP).returncode == 0
    (comment,) = world.state["comments"]
    assert (comment["id"], comment["changes"]) == (first["id"], 1)
    assert "1 of 1 requirements met: shippable" in comment["body"]
    assert comment["body"].endswith(f"[The run]({world.url}/acme/specs/actions/runs/7)")
    assert world.state["violations"] == []


@pytest.mark.parametrize("trouble", ["no-right", "locked", "busy"])
def test_without_a_comment_the_verdict_stands_and_that_is_said_once(world, trouble):
    merged(world, locked=trouble == "locked")
    if trouble == "no-right":
        job = world.state["tokens"][JOB] | {"permissions": {"contents": "write", "checks": "write"}}
        world.control("state", {"tokens": {JOB: job}})
    if trouble == "busy":
        fault = {"path": "comments$", "status": 403, "times": 9, "headers": {"Retry-After": "999"}}
        world.control("faults", fault)
    done = world.verdict(
        world.candidate(), "--public", world.judged(), "--publish", FACTORY_TOKEN=APP
    )
    assert done.returncode == 1
    assert [one["conclusion"] for one in world.state["check_runs"]] == ["failure", "failure"]
    (note,) = [line for line in done.stderr.splitlines() if line.startswith("note: ")]
    assert note.startswith("note: no comment on the spec's pull request: ")
    assert world.state["comments"] == []


@pytest.mark.parametrize(
    "fault",
    [
        {"method": "POST", "path": "check-runs$", "status": 502, "after": True},
        {"method": "PATCH", "path": "check-runs/", "status": 429, "headers": {"Retry-After": "0"}},
        {"method": "POST", "path": "comments$", "drop": True, "after": True},
    ],
)  # fmt: skip
def test_a_busy_github_gets_the_verdict_exactly_once(world, fault):
    merged(world)
    assert world.verdict("--work-order", world.unbuilt(), "--begin").returncode == 0
    world.control("faults", fault)
    words = (world.candidate(), "--public", world.judged(), "--publish")
    assert world.verdict(*words, FACTORY_TOKEN=APP).returncode == 1
    state = world.state
    assert state["faults"] == []
    assert [one["conclusion"] for one in state["check_runs"]] == ["failure", "failure"]
    assert [len(one["annotations"]) for one in world.checks("acme/specs")] == [1]
    assert len(state["comments"]) == 1


@pytest.mark.parametrize("trouble", ["expired", "limit"])
def test_what_could_not_be_posted_fails_and_says_so_and_the_job_again_mends_it(world, trouble):
    assert world.verdict("--work-order", world.unbuilt(), "--begin").returncode == 0
    job = world.state["tokens"][JOB]
    if trouble == "expired":
        world.control("state", {"tokens": {JOB: job | {"expires_at": 1}}})
    else:
        fault = {"path": "acme/specs/.*check-runs", "status": 429, "times": 9}
        world.control("faults", fault | {"headers": {"Retry-After": "3600"}})
    words = (world.candidate(), "--public", world.judged("pass"), "--publish", "--json")
    done = world.verdict(*words, FACTORY_TOKEN=APP)
    assert done.returncode not in (0, 1)
    assert "error" in json.loads(done.stdout)
    (on_spec,) = world.checks("acme/specs")
    assert on_spec["status"] == "in_progress"
    world.control("state", {"tokens": {JOB: job}, "faults": []})
    assert world.verdict(*words, FACTORY_TOKEN=APP).returncode == 0
    for repository in ("acme/specs", "acme/shortener"):
        (check,) = world.checks(repository)
        assert (check["status"], check["conclusion"]) == ("completed", "success")


def test_where_nobody_may_tell_the_product_the_spec_is_told_and_the_job_fails(world):
    done = world.verdict(world.candidate(), "--public", world.judged("pass"), "--publish")
    assert done.returncode == 2
    assert "nobody may post a check in acme/shortener" in done.stderr
    (on_spec,) = world.state["check_runs"]
    assert (on_spec["head_sha"], on_spec["conclusion"]) == (world.commits["acme/specs"], "success")


def test_a_verdict_that_the_ledger_does_not_take_is_not_told(world):
    """What it tells must count before anybody reads it; the check says what broke instead."""
    job = world.state["tokens"][JOB]
    readers = job["permissions"] | {"contents": "read"}
    world.control("state", {"tokens": {JOB: job | {"permissions": readers}}})
    assert world.verdict("--work-order", world.unbuilt(), "--begin").returncode == 0
    words = (world.candidate(), "--public", world.judged(), "--publish", "--json")
    done = world.verdict(*words, FACTORY_TOKEN=APP)
    assert done.returncode not in (0, 1)
    for repository in ("acme/specs", "acme/shortener"):
        (check,) = world.checks(repository)
        assert check["conclusion"] == "action_required"
        assert "no verdict because of the ledger" in check["output"]["title"]
        assert "not met" not in json.dumps(check)
    world.control("state", {"tokens": {JOB: job}})
    assert world.verdict(*words, FACTORY_TOKEN=APP).returncode == 1
    assert [one["conclusion"] for one in world.state["check_runs"]] == ["failure", "failure"]
