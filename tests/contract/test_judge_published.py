"""`factory judge --publish`, as a process, against the double of GitHub's API and its git."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adversarial.outside_product import CONFIGURATION, GREETS, RUDE, lay_out
from tests.adversarial.subject_bench import CANARY
from tests.contract.github_bench import JOB

ROOT = Path(__file__).resolve().parents[2]
COUNTS = "counts" * 5
RIGHTS = {"contents": "read", "checks": "write"}
RUN = {"repository": "acme/shortener", "workflow": "holdouts.yml"}


class Gate:
    """acme/shortener on the double, with scenarios on this machine, and a job's token."""

    def __init__(self, double, folder: Path) -> None:
        self.double, self.folder = double, folder
        text = CONFIGURATION.replace("../scenarios", str(folder / "scenarios"))
        self.outside = lay_out(folder, configuration=text)
        self.place = str(double.root / "acme/shortener.git")
        self.outside.git("push", "-q", "-f", self.place, "main:main")

    def pull(self, files: dict[str, str], number: int = 7) -> str:
        """A pull request's newest commit; it is nowhere but in refs/pull."""
        commit = self.outside.push(files)
        self.outside.git("push", "-q", "-f", self.place, f"{commit}:refs/pull/{number}/head")
        return commit

    def run(self, commit: str, *words: str, token: str = JOB, **env: str):
        given = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.double.url,
            "GITHUB_SERVER_URL": self.double.url,
            "GITHUB_REPOSITORY": "acme/shortener",
            "GITHUB_RUN_ID": "4711",
            "GITHUB_WORKFLOW_REF": "acme/shortener/.github/workflows/holdouts.yml@refs/heads/main",
            "GITHUB_TOKEN": token,
        }
        done = subprocess.run(
            [sys.executable, "-m", "factory.cli", "judge", "--commit", commit,
             "--base", "refs/heads/main", "--publish", "--json", *words],
            env=given | env, cwd=self.folder, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert CANARY not in done.stdout + done.stderr + json.dumps(self.double.state)
        return done.returncode, json.loads(done.stdout)

    @property
    def checks(self) -> list[dict]:
        return self.double.state["check_runs"]

    def asked(self) -> list[tuple[str, str]]:
        """What was asked of check runs, in order."""
        return [
            (one["method"], one["path"].rpartition("/")[2].rstrip("0123456789"))
            for one in self.double.state["requests"]
            if "/check-runs" in one["path"] and one["method"] != "GET"
        ]


@pytest.fixture
def gate(needs, double, tmp_path):
    needs("git", "bwrap")
    repositories = {"acme/shortener": {"private": True}}
    tokens = {
        name: {"kind": "actions", "repositories": ["acme/shortener"], "permissions": rights}
        for name, rights in ((JOB, RIGHTS), (COUNTS, RIGHTS | {"actions": "read"}))
    }
    double.control("state", {"repositories": repositories, "tokens": tokens})
    return Gate(double, tmp_path)


def test_the_check_is_in_progress_at_once_then_completed_on_the_head(gate):
    head = gate.pull(GREETS)
    code, told = gate.run(head)
    assert (code, told["verdict"]) == (0, "pass")
    (check,) = gate.checks
    assert (check["name"], check["head_sha"]) == ("factory / verdict", head)
    assert (check["status"], check["conclusion"]) == ("completed", "success")
    assert check["output"]["title"] == "3 of 3 requirements met: shippable"
    assert check["details_url"].endswith("/acme/shortener/actions/runs/4711")
    assert [method for method, _ in gate.asked()] == ["POST", "PATCH"]
    newer = gate.pull(RUDE)
    assert gate.run(newer)[0] == 1
    assert {one["head_sha"]: one["conclusion"] for one in gate.checks} == {
        head: "success", newer: "failure",
    }  # fmt: skip
    assert gate.double.state["violations"] == []


def test_what_cannot_be_counted_is_told_in_a_word(gate):
    code, told = gate.run(gate.pull(RUDE))
    assert code == 1
    (public,) = told["specs"]
    assert (public["requirements_not_met"], public["other"]) == ([], False)
    assert public["leak_bits"] < 1.6
    (check,) = gate.checks
    assert check["output"]["title"] == "Not shippable: holdout scenarios did not pass"
    assert "Give the job `actions: read`" in check["output"]["summary"]


def test_each_run_since_the_spec_was_merged_counts_and_none_before(gate):
    def runs(count: int, at: str) -> None:
        made = [{**RUN, "id": 100 + n, "created_at": at} for n in range(count)]
        this = {**RUN, "id": 4711, "created_at": "2999-01-01T00:00:00Z"}
        gate.double.control("state", {"workflow_runs": [*made, this]})

    head = gate.pull(RUDE)
    runs(50, "2020-01-01T00:00:00Z")
    _, told = gate.run(head, token=COUNTS)
    assert told["specs"][0]["requirements_not_met"] == ["R1"]
    assert told["notes"] == []
    runs(5, "2998-01-01T00:00:00Z")
    _, told = gate.run(head, token=COUNTS)
    assert told["specs"][0]["requirements_not_met"] == []
    assert "The leak budget of `greeting` version 1 is spent" in told["notes"][0]
    assert len(gate.checks) == 1
    assert gate.double.state["violations"] == []


def test_a_check_on_some_specs_never_stands_for_the_whole(gate):
    """GitHub counts the newest of one name: a job for one spec may not hide another's fail."""
    head = gate.pull(GREETS)
    for words in (("greeting",), ("farewell", "greeting"), ()):
        assert gate.run(head, *words, "--cause", "cut-short")[0] == 5
        assert gate.run(head, *words, "--cause", "cut-short")[0] == 5
    assert [check["name"] for check in gate.checks] == [
        "factory / verdict (greeting)", "factory / verdict (farewell greeting)",
        "factory / verdict",
    ]  # fmt: skip


def test_a_check_that_was_begun_is_not_left_so(gate):
    head = gate.pull(GREETS)
    code, told = gate.run(head, "--cause", "cut-short")
    assert (code, told["verdict"]) == (5, "inconclusive")
    (check,) = gate.checks
    assert (check["status"], check["conclusion"]) == ("completed", "action_required")
    assert "cancelled, ran out of time" in check["output"]["summary"]


def test_without_a_key_the_check_says_so(gate):
    head = gate.pull(GREETS)
    code, told = gate.run(head, FACTORY_SCENARIOS_NEEDS_KEY="true")
    assert (code, told["cause"]) == (5, "key-missing")
    (check,) = gate.checks
    assert check["conclusion"] == "action_required"
    assert "FACTORY_SCENARIOS_KEY" in check["output"]["summary"]


def test_a_signed_verdict_is_one_that_verify_reads(gate, tmp_path):
    from cryptography.hazmat.primitives import serialization as to
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(to.Encoding.PEM, to.PrivateFormat.PKCS8, to.NoEncryption()).decode()
    public = key.public_key().public_bytes(to.Encoding.PEM, to.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "verdict.pub").write_bytes(public)
    head = gate.pull(GREETS)
    code, told = gate.run(head, FACTORY_SIGNING_KEY=pem)
    assert code == 0
    (check,) = gate.checks
    (tmp_path / "text").write_text(check["output"]["text"])
    done = subprocess.run(
        [sys.executable, "-m", "factory.cli", "verify", head, "--key", "verdict.pub",
         "--statement", "text", "--json"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": os.environ["PATH"],
             "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    statement = json.loads(done.stdout)["statement"]
    assert statement["predicate"]["dark-factory"]["agent"]["uses"] == "outside"
    assert told["statement"]["predicate"] == statement["predicate"]
