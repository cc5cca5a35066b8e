"""The loop: fail, next attempt, end; what the factory fails at is tried again, keys never."""

from __future__ import annotations

import subprocess
from pathlib import Path

import msgspec
import pytest

from factory import ledger
from factory.cli.summary import print_run
from factory.errors import (
    AgentError,
    AuthenticationError,
    ConfigurationError,
    ForgeError,
    ProcessFailed,
    ReplayMismatch,
    SandboxBreach,
)
from factory.forge.local import LocalForge
from factory.learn import summarise, write_report
from factory.pipeline import Equipment, line
from factory.pipeline.stages import Stage
from factory.pipeline.state import RunState
from factory.plan import next_order
from factory.records import AgentOutcome, Budget, Candidate, RetryRules, WorkOrder, read
from tests.unit.plan.made import order, public

VERDICT = "public-verdict.json"


class Line:
    """A run whose verdicts are scripted; `troubles` are raised by build, one a call."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.url = str(folder / "specs.git")
        subprocess.run(["git", "init", "--quiet", "--bare", self.url], check=True)
        self.run = RunState(folder / "run")
        self.built: list[int] = []
        self.pauses: list[float] = []
        self.troubles: list[Exception] = []
        self.says: list[tuple[str, ...]] = []
        self.granted: Budget | None = None
        stages = (
            Stage(name="build", writes="candidate.json", run=self._build),
            Stage(name="verdict", writes=VERDICT, run=self._judge),
        )
        monkeypatch.setattr(line, "STAGES", stages)

    def _build(self, shop: Equipment, folder: Path) -> None:
        one = read(WorkOrder, folder / "work-order.json")
        self.built.append(one.attempt)
        if self.troubles:
            raise self.troubles.pop(0)
        Candidate(
            work_order=msgspec.structs.replace(one, budget=self.granted or one.budget),
            commit=f"{one.attempt:040x}",
            tree_id=f"{one.attempt:040x}",
            branch=f"factory/hold/aa/{one.run_id}",
            changed_paths=1,
            agent=AgentOutcome(ended="finished", usd=1.0),
            spent_usd=one.spent_usd + 1.0,
        ).write(folder / "candidate.json")

    def _judge(self, shop: Equipment, folder: Path) -> None:
        one = read(WorkOrder, folder / "work-order.json")
        named = self.says.pop(0)
        said = public(one, *named) if named else public(one, verdict="pass")
        said.write(folder / VERDICT)

    def drive(self, *says: tuple[str, ...], reorder=next_order, **facts):
        self.says = list(says)
        order(**facts).write(self.run.attempt(1) / "work-order.json")
        shop = Equipment(
            forge=LocalForge(None), scenarios=None, ledger_url=self.url, pause=self.pauses.append
        )
        return line.drive(shop, self.run, announce=lambda *_: None, reorder=reorder)

    @property
    def events(self) -> list[str]:
        return [one.event for one in ledger.read(url=self.url, env={})]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(tmp_path, monkeypatch)


def test_a_fail_leads_on_and_a_pass_ends(made: Line) -> None:
    assert made.drive(("R1", "R2"), ("R2",), ()).verdict == "pass"
    assert made.built == [1, 2, 3] and made.run.ended
    assert made.events == ["planned", "planned"], "attempts 2 and 3; whoever plans enters the first"
    third = read(WorkOrder, made.run.attempt(3) / "work-order.json")
    assert [one.requirements_not_met for one in third.history] == [("R1", "R2"), ("R2",)]
    assert (third.previous, third.spent_usd) == (f"{2:040x}", 2.0)


def test_what_was_set_aside_for_an_attempt_is_no_limit_of_the_next(made: Line) -> None:
    made.granted = Budget(usd=0.5, minutes=1, spec_minutes=2, usd_level="day")
    made.drive(("R1", "R2"), ("R2",), (), budget=Budget(spec_minutes=180))
    orders = [read(WorkOrder, folder / "work-order.json") for folder in made.run.attempts()]
    assert [one.budget for one in orders] == [Budget(spec_minutes=180)] * 3


def test_a_run_without_hope_is_parked_with_its_reason(made: Line, capsys) -> None:
    assert made.drive(("R1",), ("R1",), budget=Budget(attempts=9)).verdict == "fail"
    assert made.built == [1, 2]
    (parked,) = [one for one in ledger.read(url=made.url, env={}) if one.event == "parked"]
    assert parked.attempt == 2 and parked.reason.startswith("the same failure twice")
    assert parked.reason in write_report(made.run.folder).read_text("utf-8")
    print_run(summarise(made.run.folder))
    assert f"nothing shipped; no attempt follows: {parked.reason}\n" in capsys.readouterr().out
    assert made.run.ended


def test_from_base_each_attempt_begins_there(made: Line) -> None:
    made.drive(("R1", "R2"), ("R2",), (), retries=RetryRules(start="base"))
    orders = [read(WorkOrder, folder / "work-order.json") for folder in made.run.attempts()]
    assert [one.previous for one in orders] == [None, None, None]
    assert orders[2].feedback is not None


def test_the_next_attempts_order_is_the_callers_to_write(made: Line) -> None:
    def another(candidate, request):
        agent = msgspec.structs.replace(candidate.work_order.agent, name="strong")
        return msgspec.structs.replace(next_order(candidate, request), agent=agent)

    made.drive(("R1",), (), reorder=another)
    assert read(WorkOrder, made.run.attempt(2) / "work-order.json").agent.name == "strong"


@pytest.mark.parametrize("kind", [ForgeError, ProcessFailed, AgentError])
def test_what_the_factory_fails_at_is_tried_again_and_costs_no_attempt(made: Line, kind) -> None:
    made.troubles = [kind("no answer"), kind("no answer")]
    assert made.drive(()).verdict == "pass"
    assert made.built == [1, 1, 1] and made.pauses == [1.0, 4.0]
    assert len(made.run.attempts()) == 1


def test_but_not_for_ever(made: Line) -> None:
    made.troubles = [ForgeError(str(n)) for n in range(9)]
    with pytest.raises(ForgeError, match="2"):
        made.drive(())
    assert made.built == [1, 1, 1] and not made.run.ended


@pytest.mark.parametrize(
    "kind", [AuthenticationError, ConfigurationError, SandboxBreach, ReplayMismatch]
)
def test_what_waits_for_people_is_tried_once(made: Line, kind) -> None:
    made.troubles = [kind("no")]
    with pytest.raises(kind):
        made.drive(())
    assert made.built == [1] and made.pauses == []
