"""The queue in GitHub jobs: claims, the rest in another plan, ends, against the double."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from factory import ledger
from factory.cli.main import main
from factory.cli.wiring import bookkeeper, ledger_of
from factory.ledger.accounts import Accounts, Used
from factory.ports.git.command import environment
from factory.records import (
    AgentOutcome,
    Candidate,
    LedgerEntry,
    PublicVerdict,
    RetryRequest,
    Spend,
    WorkOrder,
    decode,
    read,
)
from tests.contract.github_bench import APP_TOKEN, JOB
from tests.unit.pipeline.test_follow import CANDIDATE
from tests.unit.plan.made import FEATURE, order, public

CONFIGURATION = """version: 1
products:
  shortener: {repository: acme/shortener, subject: {start: run}}
scenarios: {repository: acme/scenarios}
agents: {cheap: {uses: replay, trajectories: x}, strong: {uses: replay, trajectories: x}}
routes: [{when: {attempt: "2+"}, agent: strong}]
"""


class Specs:
    """The specs repository on the double, its ledger, and `factory` as a job of it."""

    def __init__(self, double, folder: Path, monkeypatch, capsys) -> None:
        self.double, self.folder, self.capsys = double, folder, capsys
        self.bare = str(double.root / "acme/specs.git")
        self.env, self.plans = monkeypatch, 0
        self.git("init", "-q", "-b", "main", str(folder))
        (folder / "factory.yml").write_text(CONFIGURATION)
        given = {
            "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/specs", "GITHUB_TOKEN": JOB,
            "FACTORY_TOKEN": APP_TOKEN,
            "GITHUB_API_URL": double.url, "GITHUB_SERVER_URL": double.url,
            # An address that another test had before is another server's.
            "FACTORY_CACHE": str(folder.parent / "cache"),
        }  # fmt: skip
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        double.commit("acme/shortener")

    def git(self, *words: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        place = ["-C", str(self.folder)] if self.folder.exists() else []
        done = subprocess.run(
            ["git", *place, *who, *words], env=environment({}), check=True, capture_output=True,
            text=True,
        )  # fmt: skip
        return done.stdout.strip()

    def merge(self, **keys: str) -> None:
        """Merge a spec for each name, with these lines of front matter in place of `id`."""
        for name, lines in keys.items():
            text = FEATURE.replace("status: draft", "status: ready")
            text = text.replace("id: shorten-url", f"id: {name}\n{lines}".rstrip())
            (self.folder / "specs").mkdir(exist_ok=True)
            (self.folder / "specs" / f"{name}.md").write_text(text)
        self.git("add", "-A")
        self.git("commit", "-qm", "x")
        self.git("push", "-q", self.bare, "HEAD:main")
        self.env.setenv("GITHUB_SHA", self.git("rev-parse", "HEAD"))

    def factory(self, *words: str) -> tuple[int, dict]:
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*words, "--json"])
        return int(ended.value.code or 0), json.loads(self.capsys.readouterr().out)

    def judged(self, candidate: Candidate, said: PublicVerdict) -> None:
        """Enter a verdict, as the job verdict does before anything follows."""
        shop = bookkeeper(ledger_of(None))
        shop.tell(candidate.work_order, candidate.commit, lambda left: said)

    def plan(self, *words: str) -> tuple[list[str], dict]:
        self.plans += 1  # Each job is a machine of its own.
        out = str(self.folder.parent / f"out-{self.plans}")
        code, answer = self.factory("plan", "--claim", "--out", out, *words)
        assert code in (0, 3), answer
        return [row["spec"] for row in answer["orders"]], answer

    @property
    def entries(self) -> list[LedgerEntry]:
        return ledger.read(url=self.bare, env={})

    @property
    def dispatched(self) -> list[str]:
        return [one["event_type"] for one in self.double.state["dispatches"]]


@pytest.fixture
def specs(double, tmp_path, monkeypatch, capsys) -> Specs:
    return Specs(double, tmp_path / "specs", monkeypatch, capsys)


def test_every_spec_gets_its_turn_whatever_breaks_off(specs: Specs) -> None:
    specs.merge(one="area: a", two="area: b\npriority: high", three="area: a")
    first, answer = specs.plan("--limit", "1", "--explain")
    assert first == ["two"] and answer["later"] == ["one"]
    path_of_two = answer["orders"][0]["path"]
    assert "waits for one" in answer["waiting"]["three"]
    assert answer["orders"][0]["explain"]["order"].startswith("priority high")
    assert specs.dispatched == ["factory-plan"], "the rest is carried to another plan"

    assert specs.plan("--limit", "1")[0] == ["one"]
    none, answer = specs.plan()
    assert none == [] and "waits for one" in answer["waiting"]["three"]
    assert "is in flight" in answer["waiting"]["two"]
    assert specs.dispatched == ["factory-plan"]

    # `one` is never heard of again; `two` breaks off and says so.
    _, told = specs.factory("next", path_of_two, "--cause", "")
    assert told["follows"] == "stopped: it ended before there was a verdict"
    assert specs.dispatched == ["factory-plan", "factory-plan"]
    again, _ = specs.plan()
    assert again == ["two"]
    assert specs.plan()[0] == []
    specs.env.setattr("factory.cli.commands.plan.datetime", TwoDaysOn)
    assert specs.plan()[0] == ["two", "one"], "they were lost, and are found"


def test_a_spec_is_told_where_its_text_was_merged_however_late_it_is_planned(specs: Specs) -> None:
    specs.merge(one="area: a")
    merged = specs.git("rev-parse", "HEAD")
    specs.merge(two="area: b")
    _, answer = specs.plan()
    orders = {row["spec"]: read(WorkOrder, Path(row["path"])) for row in answer["orders"]}
    told = {name: order.spec.commit for name, order in orders.items()}
    assert told == {"one": merged, "two": specs.git("rev-parse", "HEAD")}


def run_of(specs: Specs, spec_id: str) -> str:
    return next(one.run_id for one in specs.entries if one.spec_id == spec_id)


class TwoDaysOn(datetime):
    """The clock of a plan that is made two days later."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(days=2)


def test_the_next_attempt_is_routed_anew_and_ends_with_its_spec(specs: Specs, tmp_path) -> None:
    specs.merge(one="")
    first = read(WorkOrder, Path(specs.plan()[1]["orders"][0]["path"]))
    assert (first.agent.name, first.agents) == ("cheap", ("cheap", "strong", "strong"))
    candidate = Candidate(**{**fields(CANDIDATE), "work_order": first})
    files = {
        "--candidate": candidate.write(tmp_path / "candidate.json"),
        "--public": public(first, "R1", candidate=candidate.commit).write(tmp_path / "public.json"),
    }
    specs.judged(candidate, read(PublicVerdict, files["--public"]))
    words = [str(word) for pair in files.items() for word in pair]
    _, told = specs.factory("next", str(first.write(tmp_path / "o.json")), *words)
    assert told["follows"] == "attempt 2"
    (sent,) = specs.double.state["dispatches"]
    retry = tmp_path / "retry.json"
    retry.write_text(json.dumps(sent["client_payload"]["request"]))

    names, answer = specs.plan("--retry", str(retry))
    assert names == ["one"] and answer["orders"][0]["agent"] == "strong"
    second = decode(WorkOrder, Path(answer["orders"][0]["path"]).read_bytes())
    assert (second.attempt, second.run_id) == (2, first.run_id)
    assert len(second.history) == 1 and second.feedback is not None

    # The spec changes: no third attempt, and the new text is planned in the same go.
    text = (specs.folder / "specs" / "one.md").read_text()
    (specs.folder / "specs" / "one.md").write_text(text.replace("version: 1", "version: 2"))
    specs.merge()
    names, answer = specs.plan("--retry", str(retry))
    assert names == ["one"] and answer["orders"][0]["version"] == 2
    assert [one.event for one in specs.entries if one.run_id == first.run_id].count("stopped") == 1


def test_a_request_that_nobody_of_ours_sent_begins_nothing_and_ends_no_run(
    specs: Specs, tmp_path
) -> None:
    """Whoever may write to the specs repository can send one, with any commit in it."""
    specs.merge(one="")
    first = read(WorkOrder, Path(specs.plan()[1]["orders"][0]["path"]))
    stranger = specs.double.commit("acme/shortener")
    forged = RetryRequest(
        run_id=first.run_id, nonce=first.nonce, spec="one", attempt=2,
        base_commit=stranger, previous=stranger, spent_usd=0.0, leak_left_bits=32.0,
        feedback=public(first, "R1", candidate=stranger),
    )  # fmt: skip
    other_text = msgspec.structs.replace(forged.feedback, spec_version=9)
    fresh = "20261127t101010-0badcafe"
    for number, one in enumerate((
        forged,
        msgspec.structs.replace(forged, feedback=other_text),
        msgspec.structs.replace(forged, run_id=fresh,
                                feedback=msgspec.structs.replace(forged.feedback, run_id=fresh)),
    )):  # fmt: skip
        path = one.write(tmp_path / f"{number}.json")
        code, told = specs.factory(
            "plan", "--claim", "--out", str(tmp_path / f"forged-{number}"), "--retry", str(path)
        )
        assert (code, told["error"]["code"]) == (2, "record"), told
        assert "the ledger does not say" in told["error"]["message"]
    assert [one.event for one in specs.entries] == ["planned"], "its line goes on"


def test_a_pass_whose_base_moved_is_planned_on_it_without_an_agent(specs: Specs, tmp_path) -> None:
    specs.merge(one="")
    first = read(WorkOrder, Path(specs.plan()[1]["orders"][0]["path"]))
    candidate = Candidate(**{**fields(CANDIDATE), "work_order": first})
    head = specs.double.commit("acme/shortener")
    said = public(first, verdict="pass", candidate=candidate.commit)
    specs.judged(candidate, said)
    files = (
        "--candidate", str(candidate.write(tmp_path / "candidate.json")),
        "--public", str(said.write(tmp_path / "public.json")),
    )  # fmt: skip
    path = str(first.write(tmp_path / "o.json"))
    _, told = specs.factory("next", path, *files, "--cause", "base-moved")
    assert told["follows"].startswith("attempt 2: the same candidate")
    (sent,) = specs.double.state["dispatches"]
    retry = tmp_path / "retry.json"
    retry.write_text(json.dumps(sent["client_payload"]["request"]))

    _, answer = specs.plan("--retry", str(retry))
    second = read(WorkOrder, Path(answer["orders"][0]["path"]))
    assert (second.run_id, second.nonce, second.attempt) == (first.run_id, first.nonce, 2)
    assert (second.merges, second.base_commit) == (candidate.commit, head)
    assert (second.rebased, second.previous, second.feedback) == (1, None, None)
    assert second.agent.name == "cheap", "the one that built it, for whom no attempt is counted"
    assert second.agents == ("cheap", "cheap", "strong", "strong")
    assert second.budget.attempts == first.budget.attempts + 1
    code, told = specs.factory(
        "budget", "reserve", str(second.write(tmp_path / "s.json")), "--out", str(tmp_path / "r")
    )
    (reserved,) = [one for one in specs.entries if one.event == "reserved"]
    assert (code, reserved.reserved_usd, reserved.attempt) == (0, 0.0, 2)
    assert [one.event for one in specs.entries].count("stopped") == 0, "the run goes on"


@pytest.mark.parametrize("verdict_first", [True, False])
def test_what_an_attempt_used_counts_once_whatever_job_enters_it(
    specs: Specs, tmp_path, verdict_first
) -> None:
    specs.merge(one="")
    planned = read(WorkOrder, Path(specs.plan()[1]["orders"][0]["path"]))
    agent = msgspec.structs.replace(planned.agent, uses="anthropic", options={})
    path = msgspec.structs.replace(planned, agent=agent).write(tmp_path / "o.json")
    code, told = specs.factory("budget", "reserve", str(path), "--out", str(tmp_path / "r.json"))
    assert (code, told["usd"], told["level"]) == (0, 5.0, "attempt")
    order = read(WorkOrder, tmp_path / "r.json")

    commit = specs.double.commit("acme/shortener")
    outcome = AgentOutcome(ended="finished", usd=1.25, input_tokens=40, duration_seconds=9.0)
    candidate = Candidate(
        **{**fields(CANDIDATE), "work_order": order, "commit": commit, "agent": outcome,
           "spent_usd": 1.25}
    )  # fmt: skip
    candidate.write(tmp_path / "candidate.json")
    Spend(usd=1.25, tokens=40, seconds=9.0).write(tmp_path / "spent.json")
    release = (
        "budget",
        "release",
        str(tmp_path / "r.json"),
        "--spent",
        str(tmp_path / "spent.json"),
    )
    verdict = ("verdict", str(tmp_path / "candidate.json"), "--publish")
    for words in (verdict, release) if verdict_first else (release, verdict):
        assert specs.factory(*words)[0] == (0 if words is release else 5)

    accounts = Accounts(specs.entries)
    used = Used(nano=1_250_000_000, tokens=40, seconds=9.0)
    assert accounts.all == accounts.spec("one", 1) == used and accounts.open == []
    events = [one.event for one in specs.entries]
    assert sorted(events) == ["built", "held", "judged", "planned", "released", "reserved"]


def test_jobs_that_are_all_run_again_are_charged_again(specs: Specs, tmp_path) -> None:
    """As often as somebody chooses "Re-run all jobs": each build asks the model anew."""
    specs.merge(one="")
    planned = read(WorkOrder, Path(specs.plan()[1]["orders"][0]["path"]))
    agent = msgspec.structs.replace(planned.agent, uses="anthropic", options={})
    path = str(msgspec.structs.replace(planned, agent=agent).write(tmp_path / "o.json"))
    reserved, spent = str(tmp_path / "r.json"), str(tmp_path / "spent.json")
    Spend(usd=3.75, tokens=40, seconds=9.0).write(Path(spent))
    codes = []
    for _ in range(5):
        code, _ = specs.factory("budget", "reserve", path, "--out", reserved)
        codes.append(code)
        if code == 0:
            specs.factory("budget", "release", reserved, "--spent", spent)
    assert codes == [0, 0, 0, 0, 4], "15 USD are the limit of the spec"
    accounts = Accounts(specs.entries)
    assert accounts.all.nano == 15 * 10**9 and accounts.all.tokens == 160


def fields(record) -> dict:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def test_outside_of_a_job_nobody_is_asked_for_what_follows(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    path = order().write(tmp_path / "o.json")
    with pytest.raises(SystemExit) as ended:
        main(["next", str(path)])
    assert ended.value.code == 2
    assert "nobody to ask" in capsys.readouterr().err
