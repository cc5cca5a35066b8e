"""The queue on one machine: what failed is parked until somebody asks, plans explain themselves."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from factory import ledger
from factory.records import LedgerEntry
from tests.adversarial.subject_bench import ENVIRONMENT, feature, server
from tests.adversarial.tiny_line import Run, factory, lay_out
from tests.conftest import require

SERVER = server('if self.path == "/hello":\n    return self.answer(b"hello")')["server.py"]
# Unmet for ever, and in two scenarios, so that the verdict names it.
SUITE = feature(
    'When I send GET "/hello"\nThen the response status is 500',
    'When I send GET "/hello"\nThen the response status is 501',
)


@pytest.fixture(scope="module")
def failed(tmp_path_factory) -> Run:
    """A spec with three attempts, whose agent always leaves the same."""
    require("git", "bwrap")
    folder = lay_out(tmp_path_factory.mktemp("line"), server=SERVER, suite=SUITE, attempts=3)
    return factory(folder, "run", "--json")


def test_a_run_without_hope_stops_early_and_its_spec_is_parked(failed: Run) -> None:
    assert failed.code == 1 and len(failed.attempts) == 2, failed.err
    again = factory(failed.folder, "run", "--json")
    assert again.code == 3
    assert again.data["waiting"]["greeting"].startswith("is parked: the ")
    assert len(again.attempts) == 2


def test_a_plan_explains_itself_and_changes_nothing(failed: Run, tmp_path: Path) -> None:
    for _ in range(2):
        told = factory(failed.folder, "plan", "greeting", "--again", "--explain", "--out",
                       str(tmp_path))  # fmt: skip
        assert told.code == 0, told.err
        assert "  order: 1, priority normal; 0 merges old" in told.out
        assert "  agent: builder (command): the first agent" in told.out
        assert "3 attempts (factory.yml); 15 USD for all attempts" in told.out
        assert "  area: greeter" in told.out


def test_whoever_asks_gets_another_run(failed: Run) -> None:
    assert factory(failed.folder, "run", "--again").code == 2, "only of specs that are named"
    configuration = failed.folder / "specs" / "factory.yml"
    configuration.write_text(configuration.read_text().replace("attempts: 3", "attempts: 1"))
    subprocess.run(
        ["git", "commit", "-qam", "x"], cwd=configuration.parent, env=ENVIRONMENT, check=True
    )
    asked = factory(failed.folder, "run", "greeting", "--again", "--json")
    assert asked.code == 1, asked.err
    assert len(asked.attempts) == 3, "one of a new run"


def two_areas(folder: Path) -> None:
    """Two specs, each in another area; both leave the same server, and a file of their own."""
    suite = feature('When I send GET "/hello"\nThen the response status is 200')
    suite["scenarios/parting/parting.feature"] = suite["scenarios/greeting/greeting.feature"]
    lay_out(folder, server=SERVER, suite=suite, attempts=1)
    agent = folder / "agent" / "agent.py"
    own = 'open(("part" if "build: parting" in told else "greet") + ".txt", "w").write("x")'
    agent.write_text(agent.read_text().replace('open("told.txt", "a").write(told)', own))
    specs = folder / "specs" / "specs"
    text = (specs / "greeting.md").read_text()
    (specs / "greeting.md").write_text(text.replace("kind:", "area: greet\nkind:", 1))
    parting = text.replace("id: greeting", "id: parting\narea: part").replace("Greet", "Part")
    (specs / "parting.md").write_text(parting)
    for words in (["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=specs, env=ENVIRONMENT, check=True)


def test_two_areas_are_built_at_once_and_the_second_is_judged_on_what_the_first_left(
    tmp_path: Path,
) -> None:
    require("git", "bwrap")
    two_areas(tmp_path)
    run = factory(tmp_path, "run", "--jobs", "2", "--json")
    assert run.code == 0, run.err
    assert {one["verdict"] for one in run.data["runs"]} == {"pass"}
    counts = sorted(len(one["attempts"]) for one in run.data["runs"])
    assert counts == [1, 2], "one was brought onto what the other had shipped"
    assert "\n[parting]   ✓ attempt 1 · build" in run.err and "\n[greeting]" in run.err
    listed = subprocess.run(
        ["git", "ls-tree", "--name-only", "main"], cwd=tmp_path / "product", env=ENVIRONMENT,
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert {"greet.txt", "part.txt", "server.py"} <= set(listed.stdout.split())


def test_a_spec_whose_money_is_spent_holds_up_no_other_and_goes_on_with_more(
    tmp_path: Path,
) -> None:
    require("git", "bwrap")
    two_areas(tmp_path)
    specs = tmp_path / "specs"
    for event, usd in (("released", 15.0), ("stopped", 0.0)):
        ledger.append(spent_before(event, usd), url=str(specs), env={})
    run = factory(tmp_path, "run", "--jobs", "2", "--json")
    assert run.code == 4, run.err
    assert [(one["spec"], one["verdict"]) for one in run.data["runs"]] == [("parting", "pass")]
    assert run.data["refused"]["greeting"]["level"] == "spec"
    assert "$15.0000 spent, $0.0000 left" in run.data["refused"]["greeting"]["message"]
    configuration = specs / "factory.yml"
    more = configuration.read_text().replace("usd: 15", "usd: 30")
    configuration.write_text(more)
    subprocess.run(["git", "commit", "-qam", "x"], cwd=specs, env=ENVIRONMENT, check=True)
    again = factory(tmp_path, "run", "--jobs", "2", "--json")
    assert again.code == 0, again.err
    assert [(one["spec"], one["verdict"]) for one in again.data["runs"]] == [("greeting", "pass")]
    assert again.data["refused"] == {}


def spent_before(event: str, usd: float) -> LedgerEntry:
    """Of an earlier run of the spec `greeting`."""
    return LedgerEntry(
        at="2026-11-22T21:10:08Z", event=event, run_id="20261122t211008-0123abcd", attempt=1,
        spec_id="greeting", spec_version=1, spec_digest="sha256:" + "1" * 64, product="greeter",
        usd=usd,
    )  # fmt: skip
