"""The workflow of docs/holdout-gate.md as it is copied: under act, against GitHub's double."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "github"))

import deploy_key
import harness
import hub as github_hub

from tests.adversarial.outside_product import CONFIGURATION, GREETS, RUDE, lay_out, spec
from tests.adversarial.subject_bench import CANARY

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
JOB = "ghs_job-of-the-product-repository"
RIGHTS = {"contents": "read", "checks": "write", "actions": "read"}
FILE = "holdouts.yml"
# Against its own base this head would pass; what it brings along counts for nothing.
EVIL = {
    **RUDE,
    "factory.yml": CONFIGURATION.replace("../scenarios", "https://mallory.invalid/scenarios"),
    "specs/greeting.md": spec(status="retired"),
    f".github/workflows/{FILE}": "on: pull_request_target\njobs: {}\n",
    "conftest.py": "raise SystemExit(0)\n",
}


def documented() -> str:
    """The workflow that the page tells people to copy."""
    page = (harness.ROOT / "docs" / "holdout-gate.md").read_text()
    (block,) = [
        part.split("```")[0] for part in page.split("```yaml\n") if "name: Holdouts" in part
    ]
    return "\n".join(line.removeprefix("   ") for line in block.splitlines()) + "\n"


@pytest.fixture(scope="session")
def venv(tmp_path_factory):
    return harness.factory_environment(tmp_path_factory.mktemp("venv") / "venv")


def test_a_forks_head_that_fails_then_one_that_passes(needs, tmp_path, venv):
    harness.require(needs)
    outside = lay_out(tmp_path)
    bare = tmp_path / "scenarios.git"
    github_hub.git("clone", "-q", "--bare", str(tmp_path / "scenarios"), str(bare), cwd=tmp_path)
    _, public = github_hub.app_keys()
    release = harness.released_checkout(tmp_path / "release")
    with (
        deploy_key.served(bare, tmp_path / "sshd") as key,
        github_hub.github(tmp_path, public) as hub,
    ):
        token = {"kind": "actions", "repositories": ["acme/shortener"], "permissions": RIGHTS}
        hub.control("state", {"tokens": {JOB: token}})
        hub.control("repositories", {"full_name": "mallory/shortener", "private": False})
        product = outside.product
        (product / "factory.yml").write_text(CONFIGURATION.replace("../scenarios", key.url))
        (product / ".github" / "workflows").mkdir(parents=True)
        (product / ".github" / "workflows" / FILE).write_text(documented())
        outside.git("add", "--all")
        outside.git("commit", "-q", "-m", "Gate")
        outside.git("push", "-q", "-f", str(hub.root / "acme/shortener.git"), "main:main")
        outside.git("remote", "add", "origin", "https://github.com/acme/shortener")

        logs = []
        for turn, files in enumerate((EVIL, GREETS)):
            head = outside.push(files)
            fork = str(hub.root / "mallory/shortener.git")
            outside.git("push", "-q", "-f", fork, f"{head}:refs/heads/change")
            pull = {"full_name": "acme/shortener", "number": 7, "head": head}
            hub.control("pulls", {**pull, "source": "mallory/shortener"})
            run = harness.act(
                product,
                work=tmp_path / f"run-{turn}",
                release=release,
                event_name="pull_request_target",
                event=event(head),
                secrets={"GITHUB_TOKEN": JOB, "FACTORY_SCENARIOS_KEY": key.private_key},
                variables={},
                env={
                    "GITHUB_API_URL": hub.url,
                    "GITHUB_SERVER_URL": hub.url,
                    "GITHUB_WORKFLOW_REF": f"acme/shortener/.github/workflows/{FILE}@main",
                    "FACTORY_VENV": str(venv),
                    "FACTORY_SCENARIOS_KNOWN_HOSTS": key.known_hosts,
                },
                workflow=FILE,
            )
            logs.append(run.log)
            (check,) = hub.checks("acme/shortener", head)
            assert (check["name"], check["status"]) == ("factory / verdict", "completed"), run.log
            if files is EVIL:
                assert run.code != 0
                assert check["conclusion"] == "failure", check["output"]
                assert check["output"]["title"] == "1 of 3 requirements not met: not shippable"
            else:
                assert (run.code, run.jobs) == (0, {"holdouts": "succeeded"}), run.log
                assert check["conclusion"] == "success", check["output"]
                assert check["output"]["title"] == "3 of 3 requirements met: shippable"
        state = hub.state()
        assert state["violations"] == []
        told = json.dumps(state["check_runs"]) + "".join(logs)
    for secret in (CANARY, JOB, *key.private_key.splitlines()[1:-1]):
        assert secret not in told
    for left in tmp_path.glob("run-*/cache"):
        shutil.rmtree(left, ignore_errors=True)


def event(head: str) -> dict[str, object]:
    """What GitHub sends of a pull request from a fork."""
    return {
        "action": "synchronize",
        "number": 7,
        "pull_request": {
            "number": 7,
            "head": {"sha": head, "ref": "change"},
            "base": {"ref": "main"},
        },
        "repository": {
            "name": "shortener",
            "full_name": "acme/shortener",
            "owner": {"login": "acme"},
            "default_branch": "main",
        },
        "sender": {"login": "mallory"},
    }
