"""The issue about a spec that failed for good, and the comments on it, against the double."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from factory import ledger
from factory.cli.main import main
from factory.moment import moment_text
from factory.records import Candidate, LedgerEntry, WorkOrder, read
from factory.spec.document import parse_spec
from tests.contract.github_bench import APP_TOKEN, JOB
from tests.contract.test_queue_on_github import Specs, fields
from tests.unit.pipeline.test_follow import CANDIDATE
from tests.unit.plan.made import order, public

WRITE = {"contents": "write", "checks": "write", "issues": "write"}
PEOPLE = {"ann": {"permission": "write"}, "rob": {"permission": "read"}}


class Talk(Specs):
    """The specs repository on the double, its issues, and the jobs that keep and answer them."""

    def __init__(self, double, folder: Path, monkeypatch, capsys) -> None:
        super().__init__(double, folder, monkeypatch, capsys)
        job = {"kind": "actions", "repositories": ["acme/specs"], "permissions": WRITE}
        tokens = {
            JOB: job,
            **{
                name: {"kind": "pat", "login": name, "repositories": None}
                for name in ("ann", "rob")
            },
        }
        double.control("state", {"tokens": tokens, "collaborators": {"acme/specs": PEOPLE}})
        monkeypatch.setenv("GITHUB_RUN_ID", "77")
        monkeypatch.delenv("FACTORY_TOKEN")

    def plan(self, *words: str) -> tuple[list[str], dict]:
        """Only this job has a token for the product."""
        self.env.setenv("FACTORY_TOKEN", APP_TOKEN)
        try:
            return super().plan(*words)
        finally:
            self.env.delenv("FACTORY_TOKEN")

    def order(self, run: int) -> WorkOrder:
        """An order for the one spec, as a plan would make it."""
        text = (self.folder / "specs" / "one.md").read_text()
        spec = parse_spec(text, path="specs/one.md").as_record(self.git("rev-parse", "HEAD"),
                                                               "specs/one.md")  # fmt: skip
        return order("one", run=run, spec=spec)

    def end(self, one: WorkOrder, *named: str, attempt: int = 3, **ended: str) -> dict:
        """The job next of an attempt: a fail that names requirements, or a word for its end."""
        one = msgspec.structs.replace(one, attempt=attempt)
        candidate = Candidate(**{**fields(CANDIDATE), "work_order": one, "commit": "3" * 40})
        place = self.folder.parent
        words = [str(one.write(place / "o.json"))]
        words += ["--candidate", str(candidate.write(place / "candidate.json"))]
        if named:
            told = public(one, *named, candidate="3" * 40)
            words += ["--public", str(told.write(place / "public.json"))]
            self.judged(candidate, told)
        words += [f"--{key}={value}" if value else f"--{key}" for key, value in ended.items()]
        code, answer = self.factory("next", *words)
        assert code == 0
        return answer

    def say(self, text: str, who: str = "ann", issue: int = 1) -> dict:
        """Comment on an issue; the event that GitHub makes of it."""
        made = self.ask("POST", f"issues/{issue}/comments", who, {"body": text})
        return {
            "action": "created",
            "repository": {"full_name": "acme/specs"},
            "issue": {"number": issue},
            "comment": {"id": made["id"], "body": text},
        }

    def answer(self, event: object) -> dict:
        """The job answer."""
        path = self.folder.parent / "event.json"
        path.write_text(json.dumps(event))
        self.env.setenv("GITHUB_EVENT_PATH", str(path))
        code, told = self.factory("answer")
        assert code == 0, told
        return told

    def ask(self, method: str, place: str, token: str, body: object = None) -> dict:
        url = f"{self.double.url}/repos/acme/specs/{place}"
        data = None if body is None else json.dumps(body).encode()
        head = {"Authorization": f"Bearer {token}"}
        request = urllib.request.Request(url, data, head, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    @property
    def issues(self) -> dict[str, dict]:
        return self.double.state["issues"].get("acme/specs", {})

    @property
    def spoken(self) -> list[str]:
        """What our comments say, without their markers."""
        return [
            one["body"].partition("\n")[2]
            for one in self.double.state["comments"]
            if one["author"] == "github-actions[bot]"
        ]

    def events(self) -> list[str]:
        return [one.event for one in self.entries if one.event in ("paused", "resumed", "parked")]


@pytest.fixture
def talk(double, tmp_path, monkeypatch, capsys) -> Talk:
    made = Talk(double, tmp_path / "specs", monkeypatch, capsys)
    made.merge(one="")
    return made


def test_a_spec_that_failed_for_good_has_one_issue_until_it_passes(talk: Talk) -> None:
    first = talk.order(1)
    assert talk.end(first, "R1", attempt=1)["follows"] == "attempt 2"
    assert talk.issues == {}, "another attempt follows"

    told = talk.end(first, "R1", "R2")
    assert told["note"] is None and told["issue"].endswith("/acme/specs/issues/1")
    (issue,) = talk.issues.values()
    assert issue["title"] == "The spec one is not built"
    assert issue["body"].startswith("<!-- dark-factory spec one -->\n")
    assert "- **R1**, [line " in issue["body"] and "- **R2**" in issue["body"]
    assert "**R3**" not in issue["body"], "only what the verdict names"
    assert "none of 3 attempts passed" in issue["body"]
    assert f"{talk.double.url}/acme/specs/actions/runs/77" in issue["body"]
    talk.end(first, "R1", "R2")
    assert talk.issues["1"]["changes"] == 0 and talk.spoken == [], "the job run again"

    talk.end(talk.order(2), "R2")
    assert len(talk.issues) == 1 and "**R1**" not in talk.issues["1"]["body"]
    assert [text.partition(" in run")[0] for text in talk.spoken] == ["Version 1 failed for good"]

    talk.end(talk.order(3), shipped="")
    assert talk.issues["1"]["state"] == "closed"
    assert talk.spoken[1] == "Version 1 has passed, and has shipped as `333333333333`."
    assert talk.end(talk.order(4), shipped="")["issue"] is None
    talk.end(talk.order(5), "R1")
    assert talk.issues["1"]["state"] == "open" and len(talk.issues) == 1


def test_what_the_machinery_breaks_is_told_only_where_it_parks_the_spec(talk: Talk) -> None:
    for run in (1, 2):
        assert talk.end(talk.order(run), cause="evaluate-crashed")["issue"] is None
    assert talk.issues == {}
    talk.end(talk.order(3), cause="evaluate-crashed")
    (issue,) = talk.issues.values()
    assert "3 runs in a row came to no end" in issue["body"]
    assert "It is not the author's turn." in issue["body"]
    assert "### Not met" not in issue["body"]


@pytest.mark.parametrize("why", ["403", "410"])
def test_where_no_issue_can_be_it_is_said_and_the_line_goes_on(talk: Talk, why: str) -> None:
    if why == "403":
        job = {"kind": "actions", "repositories": ["acme/specs"], "permissions": {**WRITE}}
        del job["permissions"]["issues"]
        talk.double.control("state", {"tokens": {JOB: job}})
    else:
        off = {"acme/specs": {"has_issues": False, "id": 1, "private": True}}
        talk.double.control("state", {"repositories": off})
    told = talk.end(talk.order(1), "R1")
    assert told["follows"].startswith("parked") and told["issue"] is None
    assert ("issues: write" if why == "403" else "switched off") in told["note"]
    assert talk.dispatched[-1] == "factory-plan"


def test_a_retry_is_planned_once_whatever_is_delivered_twice(talk: Talk) -> None:
    talk.end(talk.order(1), "R1")
    asked, plans = talk.say("/factory retry\nplease"), len(talk.dispatched)
    # The first job is killed before it answers.
    talk.double.fault(method="POST", path="/comments$", status=404)
    with pytest.raises(AssertionError):
        talk.answer(asked)
    assert talk.spoken == []
    assert talk.answer(asked)["heard"] == "retry"
    assert talk.answer(asked) == {"heard": None, "why": "it has been answered"}
    assert talk.events() == ["parked", "resumed"] and len(talk.spoken) == 1
    assert talk.dispatched[plans:] == ["factory-plan"] * 2, "asking twice is planned once"
    assert "It is planned again" in talk.spoken[0] and "one 1 " in talk.spoken[0]
    assert talk.plan()[0] == ["one"]

    told = talk.answer(talk.say("/factory retry"))
    assert "is under way, so nothing new is begun" in told["why"]
    assert len(talk.dispatched) == plans + 2


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (2, "It is planned again"),
        pytest.param(12, "is under way", marks=pytest.mark.nightly),
    ],
)
def test_a_run_is_lost_after_the_hours_that_factory_yml_says(talk: Talk, hours, said) -> None:
    text = (talk.folder / "factory.yml").read_text()
    (talk.folder / "factory.yml").write_text(f"{text}retries: {{lost-after-hours: {hours}}}\n")
    talk.merge()
    talk.end(talk.order(1), "R1")
    silent = moment_text(datetime.now(UTC) - timedelta(hours=3))
    ledger.append(LedgerEntry.of(talk.order(2), "planned", at=silent), url=talk.bare, env={})
    assert said in talk.answer(talk.say("/factory retry"))["why"]


def test_a_pause_holds_for_a_new_version_and_ends_by_a_comment(talk: Talk) -> None:
    talk.end(talk.order(1), "R1")
    assert "Paused" in talk.answer(talk.say("/factory pause"))["why"]
    text = (talk.folder / "specs" / "one.md").read_text()
    (talk.folder / "specs" / "one.md").write_text(text.replace("version: 1", "version: 2"))
    talk.merge()
    none, answer = talk.plan()
    assert none == [] and answer["waiting"]["one"].startswith("is paused by @ann in comment ")
    assert talk.answer(talk.say("/factory resume"))["why"].startswith("The pause is over.")
    again = read(WorkOrder, Path(talk.plan()[1]["orders"][0]["path"]))
    assert again.spec.version == 2

    # Under way it comes to its end, and no attempt follows.
    assert "comes to its end" in talk.answer(talk.say("/factory pause"))["why"]
    assert talk.end(again, "R1", attempt=1)["follows"] == "attempt 2"
    retry = talk.folder.parent / "retry.json"
    payload = talk.double.state["dispatches"][-1]["client_payload"]
    retry.write_text(json.dumps(payload["request"]))
    assert talk.plan("--retry", str(retry))[0] == []
    assert talk.entries[-1].reason == "the spec was paused"


def test_the_status_is_one_comment_for_each_who_asks(talk: Talk) -> None:
    talk.end(talk.order(1), "R1")
    people = {**PEOPLE, "rob": {"permission": "write"}}
    talk.double.control("state", {"collaborators": {"acme/specs": people}})
    before = len(talk.dispatched)
    for who in ("ann", "rob", "ann"):
        assert talk.answer(talk.say("/factory status", who))["heard"] == "status"
    assert [text.partition(",")[0] for text in talk.spoken] == [
        "`/factory status` of ann", "`/factory status` of rob"
    ]  # fmt: skip
    assert "```text\nLedger   1 run," in talk.spoken[0]
    assert "parked: none of 3 attempts passed" in talk.spoken[0]
    assert len(talk.dispatched) == before and talk.events() == ["parked"]


def test_nobody_else_is_heard_and_nothing_else_is_said(talk: Talk) -> None:
    talk.end(talk.order(1), "R1")
    before = (talk.events(), talk.dispatched)

    def ignored(event: object) -> str:
        told = talk.answer(event)
        assert told["heard"] is None
        assert (talk.events(), talk.dispatched) == before
        assert not any("of ann" in text or "of rob" in text for text in talk.spoken)
        return told["why"]

    assert ignored(talk.say("/factory retry", "rob")) == "rob has no write access"
    forged = talk.say("/factory retry", "rob")
    forged["comment"] |= {"author_association": "OWNER", "user": {"login": "ann", "type": "User"}}
    assert ignored(forged) == "rob has no write access"
    assert ignored(talk.say("/factory retry", JOB)) == "a program wrote it"
    for text in (
        "please\n/factory retry", "/factory retry now", "/Factory retry", " /factory retry",
        "/factory", "/factory ship", "> /factory retry", "/factory retry; $(touch x)",
    ):  # fmt: skip
        assert ignored(talk.say(text)) == "its first line is no order"
    said = talk.say("/factory retry")
    for other in (
        said | {"action": "edited"},
        said | {"action": "deleted"},
        said | {"repository": {"full_name": "acme/other"}},
        said | {"issue": {"number": 1, "pull_request": {}}},
        said | {"comment": {"id": "1", "body": "/factory retry"}},
        {},
        [],
    ):
        assert ignored(other) == "no comment was made on an issue of this repository"
    changed = said | {"comment": said["comment"] | {"body": "never mind"}}
    assert ignored(changed) == "the comment was changed or deleted"
    gone = said | {"comment": said["comment"] | {"id": 999_999}}
    assert ignored(gone) == "the comment was changed or deleted"


def test_on_another_issue_nothing_is_heard(talk: Talk) -> None:
    talk.end(talk.order(1), "R1")
    body = talk.issues["1"]["body"]
    copied = {"title": "x", "body": body, "labels": ["dark-factory"]}
    number = talk.ask("POST", "issues", "ann", copied)["number"]
    told = talk.answer(talk.say("/factory retry", issue=number))
    assert told == {"heard": None, "why": "it is not on an issue of the factory's"}
    assert talk.events() == ["parked"] and talk.spoken == []


def test_outside_of_a_job_nobody_is_answered(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(["answer"])
    assert ended.value.code == 2
    assert "nobody to answer" in capsys.readouterr().err
