"""`factory gate`, as processes, against the double of GitHub's API and its git over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from factory.records import GateReport, read
from tests import forked
from tests.contract.github_bench import JOB
from tests.unit.spec.review.specs_repository import BAD, FACTORY_YML, Specs, spec

ROOT = Path(__file__).resolve().parents[2]
READER = "reader" * 5


class Gate:
    """acme/specs on the double, a clone of it, and `factory gate` with a job's token."""

    def __init__(self, double, folder: Path) -> None:
        self.double, self.folder, self.out = double, folder, folder / "out"
        self.clone = Specs(folder / "clone")
        self.clone.commit({"specs/first.md": spec("first"), "factory.yml": FACTORY_YML})
        self.push("main")

    def push(self, branch: str, ref: str | None = None) -> str:
        place = str(self.double.root / "acme/specs.git")
        self.clone.git("push", "-q", "-f", place, f"{branch}:{ref or f'refs/heads/{branch}'}")
        return self.clone.git("rev-parse", branch)

    def pull(self, files: dict[str, str | None], number: int = 7) -> str:
        """A pull request's newest commit; its branch is nowhere but in refs/pull."""
        branch = f"pull-{number}"
        if not self.clone.git("branch", "--list", branch):
            self.clone.git("checkout", "-q", "main")
        self.clone.commit(files, branch=branch)
        return self.push(branch, f"refs/pull/{number}/head")

    def run(self, *words: object, token: str = JOB) -> subprocess.CompletedProcess[str]:
        env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.double.url,
            "GITHUB_SERVER_URL": self.double.url,
            "GITHUB_REPOSITORY": "acme/specs",
            "GITHUB_TOKEN": token,
        }
        return forked.run(
            [sys.executable, "-m", "factory.cli", "gate", *map(str, words)],
            env=env, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def review(self, head: str, *words: object) -> subprocess.CompletedProcess[str]:
        base = ("--base", "refs/heads/main", "--head", head, "--pull", 7)
        return self.run("review", *base, *words, "--out", self.out, "--json")

    @property
    def report(self) -> Path:
        return self.out / "gate-report.json"

    def publish(self, head: str, *words: object, token: str = JOB, pull: int = 7):
        given = ("--head", head, "--pull", pull, "--json")
        done = self.run("publish", *words, *given, token=token)
        return done.returncode, json.loads(done.stdout), done.stderr

    @property
    def checks(self) -> list[dict]:
        return self.double.state["check_runs"]


@pytest.fixture
def gate(double, tmp_path):
    permissions = {"contents": "read", "checks": "read"}
    reader = {"kind": "actions", "repositories": ["acme/specs"], "permissions": permissions}
    double.control("state", {"tokens": {READER: reader}})
    return Gate(double, tmp_path)


def test_from_a_pull_request_to_its_check(gate):
    head = gate.pull({"specs/second.md": spec("second", BAD)})
    done = gate.review(head)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout) == {"record": str(gate.report), "passed": False}
    code, told, _ = gate.publish(head, gate.report)
    assert (code, told["verdict"], told["posted"]) == (1, "fail", True)
    (check,) = gate.checks
    assert (check["name"], check["head_sha"]) == ("factory / gate", head)
    assert (check["status"], check["conclusion"]) == ("completed", "failure")
    assert check["output"]["title"] == told["title"] == "Failed: 1 error to mend"
    (note,) = check["annotations"]
    assert (note["path"], note["title"]) == ("specs/second.md", "requirement-number")
    assert [one["start_line"] for one in told["annotations"]] == [note["start_line"]]
    page = f"{gate.double.url}/acme/dark-factory/blob/v1/docs/rules/requirement-number.md"
    assert note["message"].endswith(page) and f"[requirement-number]({page})" in told["summary"]
    assert gate.publish(head, gate.report)[0] == 1
    (again,) = gate.checks
    assert again["annotations"] == [note]


def test_a_pass_is_a_success(gate):
    head = gate.pull({"specs/second.md": spec("second")})
    assert gate.review(head).returncode == 0
    code, told, _ = gate.publish(head, gate.report)
    assert (code, told["verdict"]) == (0, "pass")
    assert [one["conclusion"] for one in gate.checks] == ["success"]


def test_a_head_that_has_moved_is_judged_and_told_as_it_was(gate):
    """A push while the gate works: the event's commit is looked at, and it alone gets a check."""
    head = gate.pull({"specs/second.md": spec("second", BAD)})
    newer = gate.pull({"specs/second.md": spec("second")})
    gate.clone.git("checkout", "-q", "main")
    gate.clone.git("branch", "-q", "-D", "pull-7")
    forced = gate.pull({"specs/third.md": spec("third")})
    assert len({head, newer, forced}) == 3
    assert gate.review(head).returncode == 1
    gate.publish(head, gate.report)
    assert [one["head_sha"] for one in gate.checks] == [head]


NO_REPORT = "came to no end"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), NO_REPORT),
        (("--cause", "no-such-cause"), NO_REPORT),
        (("--cause", "other-base"), "into the default branch alone"),
        (("--cause", "unreadable"), "could not be fetched and compared"),
    ],
)
def test_without_a_report_the_check_is_not_green_and_says_why(gate, words, said):
    head = gate.pull({"specs/second.md": spec("second")})
    for missing in ((), (gate.folder / "nowhere.json",)):
        code, told, _ = gate.publish(head, *missing, *words)
        assert (code, told["verdict"]) == (5, "inconclusive")
        assert said in told["summary"]
    assert [one["conclusion"] for one in gate.checks] == ["action_required"]


def change(**changes: object):
    return lambda data: {**data, **changes}


@pytest.mark.parametrize(
    "garble",
    [
        change(head="a" * 40),
        change(pull=8),
        change(pull=None),
        change(record="gate-report/2"),
        change(record="verdict/1"),
        change(more=1),
        change(findings=[{"rule": "x"}]),
        lambda data: {key: value for key, value in data.items() if key != "head"},
        lambda data: [data],
        lambda data: "pass",
    ],
)
def test_a_report_that_is_garbled_or_of_another_is_none(gate, garble):
    head = gate.pull({"specs/second.md": spec("second")})
    assert gate.review(head).returncode == 0
    data = json.loads(gate.report.read_text())
    gate.report.write_text(json.dumps(garble(data)))
    code, told, said = gate.publish(head, gate.report)
    assert (code, told["verdict"]) == (5, "inconclusive")
    assert "no usable report" in said
    assert [one["conclusion"] for one in gate.checks] == ["action_required"]


def test_where_the_token_may_not_write_checks_all_is_told_to_the_caller(gate):
    head = gate.pull({"specs/second.md": spec("second", BAD)})
    gate.review(head)
    code, told, said = gate.publish(head, gate.report, token=READER)
    assert (code, told["verdict"], told["posted"]) == (1, "fail", False)
    assert [one["path"] for one in told["annotations"]] == ["specs/second.md"]
    assert "403" in said and READER not in said
    assert gate.checks == []


def test_a_github_that_fails_is_not_taken_for_a_posted_check(gate):
    head = gate.pull({"specs/second.md": spec("second")})
    gate.review(head)
    gate.double.fault(method="PATCH", path="check-runs/", status=422, times=9)
    done = gate.run("publish", gate.report, "--head", head, "--pull", 7, "--json")
    assert done.returncode == 5
    assert json.loads(done.stdout)["error"]["code"] == "forge"
    assert [one["conclusion"] for one in gate.checks] == [None]


def test_an_old_success_does_not_outlive_a_publication_that_fails(gate):
    head = gate.pull({"specs/second.md": spec("second")})
    gate.review(head)
    gate.publish(head, gate.report)
    gate.double.fault(method="PATCH", path="check-runs/", status=422, times=1, after=True)
    done = gate.run("publish", "--head", head, "--pull", 7, "--json")
    assert done.returncode == 5
    assert [one["conclusion"] for one in gate.checks] == [None]


def test_two_pull_requests_of_one_commit_have_a_check_each(gate):
    head = gate.pull({"specs/second.md": spec("second")})
    gate.publish(head, pull=7)
    gate.publish(head, pull=8)
    assert [one["external_id"] for one in gate.checks] == ["gate-7", "gate-8"]


def test_a_label_counts_as_the_api_tells_it(gate):
    gate.clone.commit({".github/CODEOWNERS": "* @ann\n"})
    gate.push("main")
    head = gate.pull({"specs/second.md": spec("second"), "factory.yml": FACTORY_YML + "\n"})
    assert gate.review(head, "--labelled-by", "ann").returncode == 1
    (refused,) = read(GateReport, gate.report).refused
    assert "cannot be verified" in refused.why  # This token may not ask.


def test_a_folder_on_this_machine_serves_as_well(gate):
    gate.clone.commit({"specs/second.md": spec("second", BAD)}, branch="change")
    done = forked.run(
        [sys.executable, "-m", "factory.cli", "gate", "review", "--base", "main", "--head",
         "change", "--out", gate.out],
        cwd=gate.clone.folder, capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "specs/second.md:" in done.stdout
    assert "1 spec changed: 1 error, 0 warnings, 0 protected files refused" in done.stdout
