"""A hundred specs merged in one push: each gets its verdict, where a person looks for it.

Runs each night and by `make test-all`; FACTORY_TEST_SPECS takes fewer.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent / "github"))

import harness
import hub as github_hub
import specs_world

pytestmark = [pytest.mark.slow, pytest.mark.nightly, pytest.mark.timeout(3600)]
COUNT = int(os.environ.get("FACTORY_TEST_SPECS", "100"))
# The last tenth is right at the first attempt; only one of those finds the base unmoved. What was
# recorded can be replayed on the base it was recorded on alone, so no other may ship before.
IDS = {f"links-{number:03}": number >= COUNT * 9 // 10 for number in range(COUNT)}
EXAMPLE = specs_world.EXAMPLE


def of_this_spec(folder: Path, spec_id: str, *, right: bool) -> None:
    """The example's spec under another id in an area of its own, with holdouts and recording."""
    text = (EXAMPLE / "specs" / "specs" / f"{specs_world.SPEC}.md").read_text()
    named = text.replace(f"id: {specs_world.SPEC}", f"id: {spec_id}\narea: {spec_id}")
    assert named != text
    (folder / "specs" / "specs" / f"{spec_id}.md").write_text(named)
    shutil.copytree(
        EXAMPLE / "scenarios" / "scenarios" / specs_world.SPEC,
        folder / "scenarios" / "scenarios" / spec_id,
    )
    target = folder / "trajectories" / spec_id / "attempt-1.jsonl"
    target.parent.mkdir(parents=True)
    target.write_text("\n".join(recorded(spec_id, right=right)) + "\n")


def recorded(spec_id: str, *, right: bool) -> Iterator[str]:
    """One attempt: the example's first, which fails, and to be right its second after it."""
    folder = EXAMPLE / "trajectories" / specs_world.SPEC
    first, second = (
        (folder / f"attempt-{number}.jsonl").read_text().splitlines() for number in (1, 2)
    )
    yield json.dumps(json.loads(first[0]) | {"spec_id": spec_id})
    # A run ends with the step that says so and a last line.
    yield from first[1:-2] + second[1:] if right else first[1:]


@pytest.fixture
def world(needs, tmp_path):
    harness.require(needs)
    venv = harness.factory_environment(tmp_path / "venv")
    with specs_world.team(tmp_path, venv, tmp_path / "trajectories", 3000) as made:
        yield made


def merge_all(world) -> dict:
    """Merge every spec in one push; the event that GitHub makes of it."""
    before = github_hub.git("rev-parse", "HEAD", cwd=world.specs)
    for spec_id, right in IDS.items():
        of_this_spec(world.folder, spec_id, right=right)
    clone, bare = world.folder / "scenarios", world.folder / "scenarios.git"
    settings = yaml.safe_load((clone / "scenarios.yml").read_text())
    settings["specs"] = {spec_id: {"answers-version": 1} for spec_id in IDS}
    (clone / "scenarios.yml").write_text(yaml.safe_dump(settings))
    specs_world.commit(clone, "Holdouts of a hundred specs")
    github_hub.git("push", "--quiet", str(bare), "HEAD:main", cwd=clone)
    after = specs_world.commit(world.specs, "A hundred specs")
    specs = str(world.hub.root / "acme/specs.git")
    github_hub.git("push", "--quiet", specs, "HEAD:main", cwd=world.specs)
    return {"ref": "refs/heads/main", "before": before, "after": after, **world.facts()}


def shown(world, repository, commit):
    """The checks that GitHub shows of a commit: of one name the newest alone."""
    found, page = [], 1
    while True:
        place = f"/repos/{repository}/commits/{commit}/check-runs?per_page=100&page={page}"
        headers = {"Authorization": f"Bearer {github_hub.JOB_TOKEN}"}
        request = urllib.request.Request(world.hub.url + place, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            rows = json.load(answer)["check_runs"]
        found += rows
        if len(rows) < 100:
            return found
        page += 1


def entries(world):
    """Event and spec of each entry of the ledger."""
    bare = world.hub.root / "acme/specs.git"
    listed = github_hub.git("ls-tree", "-r", "--name-only", "factory/ledger", cwd=bare)
    texts = [
        json.loads(github_hub.git("show", f"factory/ledger:{name}", cwd=bare))
        for name in listed.splitlines()
        if name.endswith(".json") and "/" in name
    ]
    return Counter((one["event"], one["spec_id"]) for one in texts if "event" in one)


def carried_on(world):
    """What does not fit into one matrix is planned by a dispatch of its own, and so on."""
    done = 0
    while True:
        asked = [
            one for one in world.hub.state()["dispatches"] if one["event_type"] == "factory-plan"
        ]
        if len(asked) == done:
            return
        # GitHub drops all but the newest of those that wait in one concurrency group.
        done = len(asked)
        world.act("repository_dispatch", world.dispatch_event(asked[-1]))


def test_each_of_a_hundred_specs_in_one_push_gets_its_verdict(world):
    event = merge_all(world)
    world.act("push", event)
    carried_on(world)
    checks = {one["name"]: one for one in shown(world, "acme/specs", event["after"])}
    told = {name: one["conclusion"] for name, one in checks.items()}
    assert told == {
        f"factory / verdict ({spec_id})": "success" if right else "failure"
        for spec_id, right in IDS.items()
    }
    branches = world.hub.branches("acme/shortener")
    assert len([name for name in branches if name.startswith("factory/hold/")]) == COUNT
    every = entries(world)
    for spec_id in IDS:
        for name in ("planned", "reserved", "built", "released", "held", "judged"):
            assert every[name, spec_id] == 1, (name, spec_id)
    # What did not pass, and what passed on a base that moved meanwhile, asks to be judged again.
    shipped = [spec_id for name, spec_id in every if name == "shipped"]
    asked = [
        one["client_payload"]["request"]["spec"]
        for one in world.hub.state()["dispatches"]
        if one["event_type"] == "factory-attempt"
    ]
    assert len(shipped) >= 1
    assert sorted(shipped + asked) == sorted(IDS)
    assert world.hub.state()["violations"] == []
