"""The workflow files as users call them: a merged spec becomes judged, shipped software."""

from __future__ import annotations

import base64
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from factory import ledger
from factory.records import LedgerEntry

sys.path.insert(0, str(Path(__file__).resolve().parent / "github"))

import harness
import hub as github_hub
import specs_world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
# A spec's text passes through matrix, inputs and environment; it must stay text.
HOSTILE = (
    "Text such as `$(touch {planted})`, ';touch {planted};', "
    "${{{{ secrets.FACTORY_SCENARIOS_KEY }}}} and `EOF`\n::set-output name=verdict::pass\nis text."
)
TRAJECTORIES = specs_world.EXAMPLE / "trajectories"


@pytest.fixture(scope="session")
def venv(tmp_path_factory):
    return harness.factory_environment(tmp_path_factory.mktemp("venv") / "venv")


@pytest.fixture
def world(needs, tmp_path, venv):
    harness.require(needs)
    with specs_world.team(tmp_path, venv, TRAJECTORIES) as made:
        yield made


ON_THE_SPEC = f"factory / verdict ({specs_world.SPEC})"


def the_check(world, repository, commit):
    name = ON_THE_SPEC if repository == "acme/specs" else "factory / verdict"
    (run,) = [run for run in world.hub.checks(repository, commit) if run["name"] == name]
    return run


def events_of(world):
    """The events of the ledger, in their order, each with its attempt."""
    bare = world.hub.root / "acme/specs.git"
    listed = github_hub.git("ls-tree", "-r", "--name-only", "factory/ledger", cwd=bare)
    order = ["planned", "reserved", "built", "released", "held", "judged", "shipped", "stopped",
             "parked"]  # fmt: skip
    found = [name.removesuffix(".json").split("-")[-2:] for name in listed.splitlines()]
    ranked = sorted(found, key=lambda one: (one[1], order.index(one[0])))
    return ["-".join(one) for one in ranked]


def assert_nothing_hidden_is_public(world):
    assert leaks(world) == []
    planted = world.folder / "run-1" / "artifacts" / "planted.txt"
    planted.write_text("left over: " + sorted(specs_world.hidden_words())[0])
    assert len(leaks(world)) == 1  # What looks for leaks does find one.


def leaks(world):
    places = world.everything_public()
    assert len(places) > 5
    body = "".join(world.key.private_key.splitlines()[1:-1])
    needles = specs_world.hidden_words() | {
        *world.key.private_key.splitlines()[1:-1],
        base64.b64encode(body.encode()).decode()[:40],
        world.app_key.splitlines()[3],
        github_hub.JOB_TOKEN,
        github_hub.READ_TOKEN,
    }
    assert len(needles) > 40
    return [(place, word) for place, text in places.items() for word in needles if word in text]


def test_a_merged_spec_fails_once_then_passes_and_ships(world):
    product_main = world.hub.branch("acme/shortener", "main")
    planted = world.folder / "planted"
    event = world.merge(hostile=HOSTILE.format(planted=planted))
    spec_commit = event["after"]
    merged = {"full_name": "acme/specs", "number": 7, "head": spec_commit}
    world.hub.control("pulls", merged | {"merged_as": spec_commit})

    first = world.act("push", event)
    assert first.jobs == {
        "plan": "succeeded",
        "reserve": "succeeded",
        "build": "succeeded",
        "release": "succeeded",
        "hold": "succeeded",
        "announce": "succeeded",
        "evaluate": "succeeded",
        "verdict": "failed",
        "next": "succeeded",
    }, first.log
    assert first.code != 0
    assert f"$(touch {planted})" in specs_world.readable(first.log)  # It did come along.
    failed = world.candidate()
    assert the_check(world, "acme/shortener", failed)["conclusion"] == "failure"
    assert the_check(world, "acme/specs", spec_commit)["conclusion"] == "failure"
    assert [one["conclusion"] for one in world.hub.state()["check_runs"]] == ["failure"] * 2
    assert world.hub.branch("acme/shortener", "main") == product_main
    (dispatch,) = world.hub.state()["dispatches"]
    assert dispatch["event_type"] == "factory-attempt"
    request = dispatch["client_payload"]["request"]
    assert (request["attempt"], request["feedback"]["verdict"]) == (2, "fail")
    assert events_of(world) == [
        "planned-1", "reserved-1", "built-1", "released-1", "held-1", "judged-1",
    ]  # fmt: skip

    second = world.act("repository_dispatch", world.dispatch_event(dispatch))
    assert second.code == 0, second.log
    assert set(second.jobs) == {
        "plan", "reserve", "build", "release", "hold", "announce", "evaluate", "verdict", "ship",
        "next",
    }  # fmt: skip
    assert set(second.jobs.values()) == {"succeeded"}
    held = world.candidate()
    assert held != failed
    check = the_check(world, "acme/shortener", held)
    assert (check["status"], check["conclusion"]) == ("completed", "success")
    assert check["app"]["slug"] == "factory"
    on_spec = [
        run["conclusion"]
        for run in world.hub.checks("acme/specs", spec_commit)
        if run["name"] == ON_THE_SPEC
    ]
    assert on_spec == ["failure", "success"]
    assert [run["changes"] for run in world.hub.state()["check_runs"]] == [1] * 4  # Begun, ended.
    (comment,) = world.hub.state()["comments"]
    assert "requirements met: shippable" in comment["body"]
    assert "| 1 | fail |" in comment["body"]
    assert world.hub.branch("acme/shortener", "main") == held
    assert [one["event_type"] for one in world.hub.state()["dispatches"]] == [
        "factory-attempt", "factory-plan",
    ]  # fmt: skip
    assert events_of(world)[6:] == [
        "planned-2", "reserved-2", "built-2", "released-2", "held-2", "judged-2", "shipped-2",
    ]  # fmt: skip

    again = world.act("repository_dispatch", world.dispatch_event(dispatch))
    assert (again.code, again.jobs) == (0, {"plan": "succeeded"}), again.log
    assert world.hub.branch("acme/shortener", "main") == held
    assert world.hub.state()["violations"] == []
    assert world.hub.issues("acme/specs") == [], "another attempt followed, and it shipped"
    assert not planted.exists()
    assert_nothing_hidden_is_public(world)


MOVES_MAIN = """#!/bin/sh
# What others merge while a candidate is judged.
unset GIT_DIR GIT_QUARANTINE_PATH; cd {bare} || exit 1
export GIT_AUTHOR_NAME=o GIT_AUTHOR_EMAIL=o@example.org
export GIT_COMMITTER_NAME=o GIT_COMMITTER_EMAIL=o@example.org
blob=$(echo others | git hash-object -w --stdin)
tree=$( (git ls-tree main; printf '100644 blob %s\tOTHERS\n' "$blob") | git mktree)
git update-ref refs/heads/main "$(git commit-tree "$tree" -p main -m others)"
rm hooks/post-receive
"""


@pytest.mark.nightly
def test_a_pass_whose_base_moved_is_judged_again_where_it_lands(world):
    world.act("push", world.merge())
    (dispatch,) = world.hub.state()["dispatches"]
    bare = world.hub.root / "acme/shortener.git"
    hook = bare / "hooks" / "post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(MOVES_MAIN.format(bare=bare))
    hook.chmod(0o755)
    second = world.act("repository_dispatch", world.dispatch_event(dispatch))
    assert (second.jobs["verdict"], second.jobs["ship"]) == ("succeeded", "failed"), second.log
    passed, moved = world.candidate(), world.hub.branch("acme/shortener", "main")
    asked = world.hub.state()["dispatches"][-1]
    request = asked["client_payload"]["request"]
    assert (asked["event_type"], request["attempt"], request["rebased"]) == (
        "factory-attempt", 3, 1,
    )  # fmt: skip

    third = world.act("repository_dispatch", world.dispatch_event(asked))
    assert third.code == 0 and third.jobs["ship"] == "succeeded", third.log
    landed = world.candidate()
    assert landed != passed and world.hub.branch("acme/shortener", "main") == landed
    parent = github_hub.git("rev-parse", f"{landed}^", cwd=bare)
    assert parent == moved, "the one that was judged last, on what the others had merged"
    assert github_hub.git("show", f"{landed}:OTHERS", cwd=bare) == "others"
    assert the_check(world, "acme/shortener", landed)["conclusion"] == "success"
    assert events_of(world)[-7:] == [
        "planned-3", "reserved-3", "built-3", "released-3", "held-3", "judged-3", "shipped-3",
    ]  # fmt: skip
    assert world.hub.state()["violations"] == []
    assert_nothing_hidden_is_public(world)


@pytest.mark.parametrize("case", [pytest.param("missing", marks=pytest.mark.nightly), "wrong"])
def test_without_a_working_deploy_key_the_check_says_so(world, case):
    product_main = world.hub.branch("acme/shortener", "main")
    key = {"missing": None, "wrong": world.key.stranger}[case]
    run = world.act("push", world.merge(), FACTORY_SCENARIOS_KEY=key)
    assert run.code != 0
    assert run.jobs == {
        "plan": "succeeded",
        "reserve": "succeeded",
        "build": "succeeded",
        "release": "succeeded",
        "hold": "succeeded",
        "announce": "succeeded",
        "evaluate": "failed",
        "verdict": "failed",
        "next": "succeeded",
    }, run.log
    check = the_check(world, "acme/shortener", world.candidate())
    assert (check["status"], check["conclusion"]) == ("completed", "action_required")
    summary = check["output"]["summary"].replace("\\", "")  # Markdown escapes
    assert "deploy key" in summary
    assert "FACTORY_SCENARIOS_KEY" in summary
    assert world.hub.branch("acme/shortener", "main") == product_main
    # It waits for people: no further attempt, but whatever waited behind it may begin.
    assert [one["event_type"] for one in world.hub.state()["dispatches"]] == ["factory-plan"]
    assert events_of(world)[-1] == "parked-1"
    (issue,) = world.hub.issues("acme/specs")
    assert "It is not the author's turn." in issue["body"]
    assert world.hub.state()["violations"] == []
    assert_nothing_hidden_is_public(world)


@pytest.mark.nightly
def test_a_spec_that_cannot_be_built_holds_up_no_other(world):
    """Two specs in one push: one has no recording, so its build stops; the other goes its way.

    The build that stopped is told on the spec's commit, the only one there is.
    """
    other = world.specs / "specs" / "other.md"
    text = (specs_world.EXAMPLE / "specs" / "specs" / f"{specs_world.SPEC}.md").read_text()
    other.write_text(text.replace("id: link-expiry", "id: other\narea: elsewhere"))
    event = world.merge(area="links")
    run = world.act("push", event)
    assert run.code != 0
    assert run.lines["other"] == {
        "reserve": "succeeded", "build": "failed", "release": "succeeded", "not-built": "failed",
        "next": "succeeded",
    }, run.log  # fmt: skip
    assert "not-built" not in run.lines[specs_world.SPEC]
    assert run.lines[specs_world.SPEC]["verdict"] == "failed"
    assert run.lines[specs_world.SPEC]["evaluate"] == "succeeded"
    (held,) = [name for name in world.hub.branches("acme/shortener") if name.startswith("factory/")]
    assert held.startswith(f"factory/hold/{specs_world.SPEC}/")
    checks = world.hub.checks("acme/specs", event["after"])
    assert {check["name"] for check in checks} == {ON_THE_SPEC, "factory / verdict (other)"}
    judged, unbuilt = sorted(checks, key=lambda check: "`other`" in check["output"]["summary"])
    assert judged["conclusion"] == "failure"
    assert (unbuilt["status"], unbuilt["conclusion"]) == ("completed", "action_required")
    summary = unbuilt["output"]["summary"].replace("\\", "")  # Markdown escapes
    assert "No candidate was built" in summary
    assert "To mend it: Read the logs of the build and hold jobs" in summary
    # The next attempt of the one; the other is planned anew.
    assert sorted(one["event_type"] for one in world.hub.state()["dispatches"]) == [
        "factory-attempt", "factory-plan",
    ]  # fmt: skip
    assert "stopped-1" in events_of(world)
    assert world.hub.state()["violations"] == []
    assert_nothing_hidden_is_public(world)


@pytest.mark.nightly
def test_a_tree_that_the_guard_refuses_is_told_on_the_specs_commit(world):
    factory_yml = world.specs / "factory.yml"
    configuration = yaml.safe_load(factory_yml.read_text())
    configuration["protected"] = ["shortener/**"]
    factory_yml.write_text(yaml.safe_dump(configuration, sort_keys=False))
    event = world.merge()
    run = world.act("push", event)
    assert run.jobs == {
        "plan": "succeeded", "reserve": "succeeded", "build": "succeeded",
        "release": "succeeded", "hold": "failed", "not-built": "failed", "next": "succeeded",
    }, run.log  # fmt: skip
    (check,) = world.hub.checks("acme/specs", event["after"])
    assert (check["status"], check["conclusion"]) == ("completed", "action_required")
    summary = check["output"]["summary"].replace("\\", "")  # Markdown escapes
    assert "What the agent left was refused" in summary
    assert world.hub.branches("acme/shortener") == ["main"]
    assert world.hub.state()["violations"] == []


def test_the_action_installs_itself_and_a_push_without_specs_does_nothing(world, tmp_path):
    """The one run that really installs; the others are given an environment to be quick."""
    world.venv, world.release = None, harness.released_checkout(tmp_path / "whole", "")
    before = github_hub.git("rev-parse", "HEAD", cwd=world.specs)
    (world.specs / "note.md").write_text("Not a spec.\n")
    after = specs_world.commit(world.specs, "Note")
    bare = str(world.hub.root / "acme/specs.git")
    github_hub.git("push", "--quiet", bare, "HEAD:main", cwd=world.specs)
    run = world.act("push", {"ref": "refs/heads/main", "before": before, "after": after})
    assert run.code == 0, run.log
    assert run.jobs == {"plan": "succeeded"}
    assert "Nothing to do" in run.log
    assert world.hub.state()["check_runs"] == []


def of_another_run(event, **facts):
    """An entry of another run, of now."""
    return LedgerEntry(
        at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", event=event, attempt=1,
        run_id="20261122t211008-0123abcd", spec_version=1, spec_digest="sha256:" + "1" * 64,
        **facts,
    )  # fmt: skip


def with_budget(world, **levels):
    """The specs with these limits, and an agent that costs money."""
    factory_yml = world.specs / "factory.yml"
    configuration = yaml.safe_load(factory_yml.read_text())
    configuration["budget"] = levels
    configuration["agents"] = {"builder": {"uses": "anthropic", "model": "claude-sonnet-5-5"}}
    factory_yml.write_text(yaml.safe_dump(configuration, sort_keys=False))


def enter(world, entry):
    """Put an entry into the ledger of the specs repository."""
    ledger.append(entry, url=str(world.hub.root / "acme/specs.git"), env={})


def test_where_the_day_is_set_aside_nothing_is_begun(world):
    """All of today's money is under way elsewhere: the plan waits for it to be settled."""
    with_budget(world, day={"usd": 5})
    enter(world, of_another_run("reserved", spec_id="other", product="other", reserved_usd=5.0,
                                reserved_seconds=1800.0))  # fmt: skip
    run = world.act("push", world.merge())
    assert (run.code, run.jobs) == (0, {"plan": "succeeded"}), run.log
    assert "Nothing is begun: the budget of the day or of the factory leaves nothing." in run.log
    assert events_of(world) == ["reserved-1"]


@pytest.mark.nightly
def test_where_a_budget_leaves_nothing_nothing_is_built_and_the_spec_is_told(world):
    """Other runs of this spec have spent its money; reserve refuses before any key is used."""
    with_budget(world, spec={"usd": 5})
    for facts in ({"event": "released", "usd": 5.0}, {"event": "stopped"}):
        enter(world, of_another_run(spec_id=specs_world.SPEC, product="shortener", **facts))
    event = world.merge()
    run = world.act("push", event)
    assert run.jobs == {
        "plan": "succeeded", "reserve": "failed", "not-built": "failed", "next": "succeeded",
    }, run.log  # fmt: skip
    assert "all attempts together is $5.0000: $5.0000 spent" in run.log
    (check,) = world.hub.checks("acme/specs", event["after"])
    assert check["conclusion"] == "action_required"
    summary = check["output"]["summary"].replace("\\", "")  # Markdown escapes
    assert "The budget of this spec leaves nothing" in summary
    assert events_of(world) == ["planned-1", "released-1", "stopped-1", "parked-1"]
    (issue,) = world.hub.issues("acme/specs")
    assert issue["body"].startswith(f"<!-- dark-factory spec {specs_world.SPEC} -->\n")
    assert "Neither: the money" in issue["body"] and "5.00 of 5.00 USD" in issue["body"]
