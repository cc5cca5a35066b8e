"""A spec that was parked is talked about under its issue, by the workflow that the page shows."""

from __future__ import annotations

import json
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent / "github"))

import harness
import specs_world

from factory import ledger
from factory.records import LedgerEntry

pytestmark = [pytest.mark.slow, pytest.mark.nightly, pytest.mark.timeout(900)]
PAGE = harness.ROOT / "docs" / "conversations.md"
PEOPLE = {"ann": "write", "eve": "read"}


def of_the_page() -> str:
    """The workflow that docs/conversations.md shows, whole."""
    blocks = [part.split("```")[0] for part in PAGE.read_text("utf-8").split("```yaml\n")[1:]]
    (block,) = [part for part in blocks if "name: Conversations" in part]
    return block


@pytest.fixture
def world(needs, tmp_path):
    harness.require(needs)
    venv = harness.factory_environment(tmp_path / "venv")
    with specs_world.team(tmp_path, venv, specs_world.EXAMPLE / "trajectories") as made:
        people = {login: {"permission": right} for login, right in PEOPLE.items()}
        tokens = {f"pat-of-{login}": {"kind": "pat", "login": login, "repositories": None}
                  for login in PEOPLE}  # fmt: skip
        made.hub.control("state", {"collaborators": {"acme/specs": people}, "tokens": tokens})
        (made.specs / ".github" / "workflows" / "conversations.yml").write_text(of_the_page())
        yield made


def parked(world) -> int:
    """Merge a spec whose money other runs have spent; the number of the issue about it."""
    factory_yml = world.specs / "factory.yml"
    configuration = yaml.safe_load(factory_yml.read_text())
    configuration["budget"] = {"spec": {"usd": 5}}
    configuration["agents"] = {"builder": {"uses": "anthropic", "model": "claude-sonnet-5-5"}}
    factory_yml.write_text(yaml.safe_dump(configuration, sort_keys=False))
    for facts in ({"event": "released", "usd": 5.0}, {"event": "stopped"}):
        entry = LedgerEntry(
            at="2026-11-22T21:10:08Z", attempt=1, run_id="20261122t211008-0123abcd",
            spec_version=1, spec_digest="sha256:" + "1" * 64, spec_id=specs_world.SPEC,
            product="shortener", **facts,
        )  # fmt: skip
        ledger.append(entry, url=str(world.hub.root / "acme/specs.git"), env={})
    run = world.act("push", world.merge())
    assert run.jobs["reserve"] == "failed", run.log
    (number,) = world.hub.state()["issues"]["acme/specs"]
    return int(number)


def says(world, number: int, login: str, body: str):
    """A comment, and the run that GitHub starts for it."""
    request = urllib.request.Request(
        f"{world.hub.url}/repos/acme/specs/issues/{number}/comments",
        json.dumps({"body": body}).encode(),
        {"Authorization": f"Bearer pat-of-{login}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        comment = json.load(answer)
    labels = world.hub.state()["issues"]["acme/specs"][str(number)]["labels"]
    event = {
        "action": "created",
        "issue": {"number": number, "labels": [{"name": label} for label in labels]},
        "comment": {"id": comment["id"], "body": body, "user": {"login": login, "type": "User"}},
        "sender": {"login": login},
        **world.facts(),
    }
    run = world.act("issue_comment", event, "conversations.yml")
    assert run.code == 0, run.log
    return run


def answers(world) -> list[str]:
    """What the factory wrote, oldest first."""
    return [one["body"] for one in world.hub.state()["comments"] if one["author"] not in PEOPLE]


def asked(world) -> list[str]:
    return [one["event_type"] for one in world.hub.state()["dispatches"]]


def test_who_may_write_is_answered_and_nobody_else(world):
    number = parked(world)
    before = asked(world)
    says(world, number, "ann", "/factory status")
    (status,) = answers(world)
    assert specs_world.SPEC in status and "parked" in status
    says(world, number, "eve", "/factory retry")
    assert (len(answers(world)), asked(world)) == (1, before), "she may read, and no more"
    says(world, number, "ann", "/factory retry")
    assert len(answers(world)) == 2
    assert asked(world) == [*before, "factory-plan"]
    assert world.hub.state()["violations"] == []
    run = says(world, number, "ann", "Thanks, that helps.")
    assert run.jobs == {}, "words to people start nothing"
