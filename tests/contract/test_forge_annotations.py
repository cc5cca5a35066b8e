"""Annotations of a check, labels and teams, against the double of GitHub's API."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from factory.errors import AuthenticationError, ForgeError
from factory.forge.protocol import Annotation, CheckOutput
from tests.contract.github_bench import APP_TOKEN, JOB, PAT

CHECK, RUN = "factory / gate", "gate-7"


def note(line: int, **changes: object) -> Annotation:
    given = {"path": "file", "level": "failure", "title": "a-rule", "message": f"on {line}"}
    return Annotation(start_line=line, end_line=line, **(given | changes))


def output(*notes: Annotation) -> CheckOutput:
    return CheckOutput(title="Failed", summary="Why.", annotations=notes)


@pytest.fixture
def specs(double):
    """`specs.commit`, and `specs.post(annotations…)` as the gate's job does it."""

    class Specs:
        commit = double.commit("acme/specs")

        def post(self, *notes: Annotation, conclusion: str = "failure", **env: str) -> None:
            forge = double.forge(**(env or {"GITHUB_TOKEN": JOB}))
            words = ("acme/specs", self.commit, CHECK)
            forge.begin_check(*words, "", external_id=RUN)
            forge.complete_check(*words, conclusion, output(*notes), "", external_id=RUN)

        def asked(self) -> list[str]:
            return [
                one["method"]
                for one in double.state["requests"]
                if "check-runs" in one["path"] and one["method"] != "GET"
            ]

        @property
        def runs(self) -> list[dict]:
            return double.state["check_runs"]

        def lines(self) -> list[list[int]]:
            return [[one["start_line"] for one in run["annotations"]] for run in self.runs]

    return Specs()


@pytest.mark.parametrize("count", [0, 1, 50, 51, 120, 250])
def test_annotations_come_in_batches_of_fifty_and_the_last_one_completes(specs, count):
    specs.post(*map(note, range(1, count + 1)))
    (run,) = specs.runs
    assert specs.lines() == [list(range(1, count + 1))]
    assert (run["status"], run["conclusion"]) == ("completed", "failure")
    assert specs.asked() == ["POST", *["PATCH"] * max(-(-count // 50), 1)]


def test_without_a_beginning_the_first_batch_makes_the_run(double, specs):
    forge = double.forge(GITHUB_TOKEN=JOB)
    notes = output(*map(note, range(1, 121)))
    words = ("acme/specs", specs.commit, CHECK, "failure", notes, "")
    forge.complete_check(*words, external_id=RUN)
    assert specs.asked() == ["POST", "PATCH", "PATCH"]
    assert specs.lines() == [list(range(1, 121))]


def test_while_batches_are_missing_the_check_is_not_complete(double, specs):
    """GitHub fails in the middle: what is there so far is red for nobody and green for nobody."""
    double.fault(method="PATCH", path="check-runs/", status=422, times=1)
    forge = double.forge(GITHUB_TOKEN=JOB)
    notes = output(*map(note, range(1, 121)))
    words = ("acme/specs", specs.commit, CHECK, "success", notes, "")
    with pytest.raises(ForgeError):
        forge.complete_check(*words, external_id=RUN)
    (run,) = specs.runs
    assert (run["status"], run["conclusion"]) == ("in_progress", None)
    forge.complete_check(*words, external_id=RUN)
    (run,) = specs.runs
    assert (run["status"], run["conclusion"]) == ("completed", "success")
    assert sorted(specs.lines()[0]) == list(range(1, 121))


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_an_answer_that_got_lost_doubles_no_annotation(double, specs, method):
    double.fault(method=method, path="check-runs", status=502, after=True)
    specs.post(*map(note, range(1, 121)))
    assert sorted(specs.lines()[0]) == list(range(1, 121))
    assert len(specs.runs) == 1


def test_the_same_again_adds_nothing(specs):
    notes = [*map(note, range(1, 121)), note(5), note(5)]
    specs.post(*notes)
    before = specs.lines()
    specs.post(*notes)
    assert specs.lines() == before
    assert (specs.runs[0]["status"], specs.runs[0]["conclusion"]) == ("completed", "failure")


def test_what_is_new_is_added(specs):
    specs.post(note(1))
    specs.post(note(1), note(2), note(2, message="more"))
    assert specs.lines() == [[1, 2, 2]]


def test_what_no_longer_holds_goes_with_its_run(specs):
    """GitHub takes no annotation back."""
    specs.post(note(1), note(2))
    specs.post(note(2), conclusion="success")
    assert specs.lines() == [[1, 2], [2]]
    assert [(run["status"], run["conclusion"]) for run in specs.runs] == [
        ("completed", "failure"),
        ("completed", "success"),
    ]
    specs.post(note(2), conclusion="success")
    assert specs.lines() == [[1, 2], [2]]


def test_texts_are_cut_at_githubs_limits(specs):
    specs.post(note(1, title="t" * 300, message="é" * 70_000))
    (one,) = specs.runs[0]["annotations"]
    assert len(one["title"]) == 255
    assert len(one["message"].encode()) <= 64 * 1024


def test_an_annotation_on_no_file_of_the_commit_is_refused_aloud(specs):
    with pytest.raises(ForgeError, match="no file"):
        specs.post(note(1, path="elsewhere"))


def test_a_token_without_checks_posts_nothing_and_says_so(double, specs):
    reader = {"kind": "actions", "repositories": ["acme/specs"], "permissions": {"checks": "read"}}
    double.control("state", {"tokens": {"reader": reader}})
    with pytest.raises(AuthenticationError, match="403"):
        specs.post(note(1), GITHUB_TOKEN="reader")
    assert specs.runs == []


def label(double, number: int, name: str, *, off: bool = False, token: str = PAT) -> int:
    place = f"{double.url}/repos/acme/specs/issues/{number}/labels"
    request = urllib.request.Request(
        f"{place}/{name}" if off else place,
        None if off else json.dumps({"labels": [name]}).encode(),
        {"Authorization": f"Bearer {token}"},
        method="DELETE" if off else "POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture
def pull(double):
    """Pull request 7 of acme/specs, and the tokens of a job and of another person."""
    head = double.commit("acme/specs")
    double.control("pulls", {"full_name": "acme/specs", "number": 7, "head": head})
    job = {"kind": "actions", "repositories": ["acme/specs"]}
    double.control(
        "state",
        {
            "tokens": {
                "job": job | {"permissions": {"pull_requests": "read"}},
                "blind": job | {"permissions": {"contents": "read"}},
                "ben": {"kind": "pat", "login": "ben", "repositories": None},
            },
            "teams": {"acme/leads": ["ben"]},
        },
    )
    return lambda **env: double.forge(**(env or {"GITHUB_TOKEN": "job"}))


def test_who_set_a_label_last(double, pull):
    ask = pull().label_set_by
    assert ask("acme/specs", 7, "factory-config") is None
    assert label(double, 7, "factory-config") == 200
    assert ask("acme/specs", 7, "factory-config") == "ann"
    assert ask("acme/specs", 7, "other") is None
    assert label(double, 7, "factory-config", off=True) == 200
    assert ask("acme/specs", 7, "factory-config") is None
    assert label(double, 7, "factory-config", token="ben") == 200
    assert ask("acme/specs", 7, "factory-config") == "ben"


def test_the_last_one_is_found_behind_many_events(double, pull):
    for _ in range(60):
        label(double, 7, "noise")
        label(double, 7, "noise", off=True)
    label(double, 7, "factory-config")
    assert pull().label_set_by("acme/specs", 7, "factory-config") == "ann"


def test_who_may_not_ask_is_told_what_it_takes(double, pull):
    for forge in (pull(GITHUB_TOKEN="blind"), pull(FACTORY_TOKEN="unheard-of")):
        with pytest.raises(AuthenticationError, match="ask who set a label"):
            forge.label_set_by("acme/specs", 7, "factory-config")


def test_a_job_may_not_set_a_label(double, pull):
    assert label(double, 7, "factory-config", token="job") == 403
    assert label(double, 7, "factory-config", token=JOB) == 403


def test_teams(double, pull):
    person = pull(FACTORY_TOKEN="ben")
    assert person.in_team("acme/specs", "leads", "ben")
    for login in ("ann", "../../user"):
        with pytest.raises(AuthenticationError, match="404"):
            person.in_team("acme/specs", "leads", login)
    with pytest.raises(AuthenticationError, match="403"):
        pull().in_team("acme/specs", "leads", "ben")


def test_the_head_of_a_pull_request_is_fetched_and_never_pushed(double, tmp_path, pull):
    from factory.errors import FactoryError
    from factory.ports.git import tree

    head = double.state["pulls"]["acme/specs"]["7"]["head"]
    forge = double.forge(GITHUB_TOKEN=JOB)
    url, env = forge.clone_url("acme/specs"), forge.git_environment("acme/specs")
    bare = tree.mirror(url, tmp_path / "a.git", refs=["refs/pull/7/head"], env=env)
    assert tree.resolve(bare, "refs/pull/7/head") == head
    with pytest.raises(FactoryError):
        tree.push(bare, url, head, "refs/pull/8/head", expected=None, env=env)


def test_apps_see_teams_where_they_may(double, pull):
    bought = {"kind": "installation", "app_id": 7, "repositories": ["acme/specs"]}
    double.control("state", {"tokens": {APP_TOKEN: bought | {"permissions": {"members": "read"}}}})
    assert double.forge(FACTORY_TOKEN=APP_TOKEN).in_team("acme/specs", "leads", "ben")
