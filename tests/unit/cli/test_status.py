"""`factory status`, `runs`, `logs` and `ledger verify`, from clones fresh and stale."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from factory import ledger
from factory.cli.main import group
from factory.records import LedgerEntry
from tests.unit.ledger.made import commit_files, git, run

TODAY = f"{datetime.now(UTC):%Y-%m-%d}T00:00:01Z"
EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "shortener" / "specs"


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """The specs repository of the example, with a cap in its factory.yml."""
    folder = tmp_path / "specs"
    shutil.copytree(EXAMPLE, folder)
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    git("add", "-A", at=folder)
    git("commit", "-qm", "first", at=folder)
    return folder


@pytest.fixture
def clone(specs: Path, tmp_path: Path) -> Path:
    """A clone of it, made after the first runs."""
    append(specs, *first_runs())
    git("clone", "-q", str(specs), str(tmp_path / "clone"), at=tmp_path)
    return tmp_path / "clone"


def first_runs() -> list[LedgerEntry]:
    shipped = {"commit": "c" * 40, "usd": 0.0}
    return [
        run(1, event="planned", spec_id="link-expiry", usd=0.0),
        run(1, event="built", spec_id="link-expiry", usd=1.5, at=TODAY, agent="builder"),
        run(1, event="judged", spec_id="link-expiry", verdict="pass", usd=0.0),
        run(1, event="shipped", spec_id="link-expiry", **shipped),
        run(2, event="reserved", spec_id="custom-aliases", usd=0.0, reserved_usd=5.0, at=TODAY),
        run(3, event="judged", spec_id="statistics", verdict="fail", usd=0.0),
        run(3, event="parked", spec_id="statistics", reason="3 attempts failed", usd=0.0),
    ]


def append(repository: Path, *entries: LedgerEntry) -> None:
    ledger.append_if(lambda _: entries, url=str(repository), env={})


def factory(*words: str, at: Path) -> Result:
    return CliRunner().invoke(group, [*words, "--specs", str(at)], standalone_mode=False)


def data(*words: str, at: Path, code: int = 0) -> dict[str, Any]:
    done = factory(*words, "--json", at=at)
    assert done.exception is None, done.exception
    assert done.return_value == code
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_before_the_first_run_it_says_how_to_begin(specs: Path) -> None:
    done = factory("status", at=specs)
    assert done.return_value == 0
    assert "no ledger yet" in done.stdout and "factory run" in done.stdout
    found = data("status", at=specs)
    assert found["ledger"] == {"heads": {}, "origin": None, "fetched-at": None, "runs": 0}
    assert found["queue"][0]["state"] == "ready"
    assert found["today"]["cap-usd"] == 100
    for words in (("runs",), ("ledger", "verify")):
        refused = factory(*words, at=specs).exception
        assert refused is not None and "no ledger" in refused.message  # type: ignore[attr-defined]


def test_the_queue_what_runs_verdicts_and_money(clone: Path) -> None:
    found = data("status", at=clone)
    assert [one["run_id"] for one in found["running"]] == [run(2).run_id]
    assert found["verdicts"] == {"pass": 1, "fail": 1}
    assert (found["today"]["usd"], found["today"]["reserved-usd"]) == (1.5, 5.0)
    assert {one["spec"]: (one["state"], one["reason"]) for one in found["queue"]} == {
        "custom-aliases": ("running", ""),
        "rate-limits": ("waiting", "waits for custom-aliases version 1, which has not shipped"),
        "statistics": ("parked", "3 attempts failed"),
    }
    text = factory("status", at=clone).stdout
    assert "1.50 of 100.00 USD, 5.00 set aside for 1 running" in text
    assert "parked: 3 attempts failed" in text and "1 pass" in text


def test_an_attempt_cut_short_on_another_day_is_no_money_of_today(clone: Path) -> None:
    append(clone, run(4, event="reserved", spec_id="statistics", usd=0.0, reserved_usd=3.0))
    found = data("status", at=clone)
    assert (found["today"]["reserved-usd"], found["ever"]["reserved-usd"]) == (5.0, 8.0)
    text = factory("status", at=clone).stdout
    assert "5.00 set aside for 1 running; ever 1.50 USD, 3.00 for attempts that were cut" in text


def test_caps_are_those_of_factory_yml_as_it_is_now(clone: Path) -> None:
    data("status", at=clone)
    settings = clone / "factory.yml"
    parsed = yaml.safe_load(settings.read_text())
    settings.write_text(yaml.safe_dump({**parsed, "budget": {"day": {"usd": 7}}}))
    assert data("status", at=clone)["today"]["cap-usd"] == 7
    settings.write_text("version: [\n")
    found = data("status", at=clone)
    assert found["today"]["usd"] == 1.5, "what can be told is told"
    assert any("factory.yml" in note for note in found["notes"])


def test_a_spec_that_cannot_be_read_is_named_and_the_others_are_told(clone: Path) -> None:
    (clone / "specs" / "broken.md").write_text("no front matter\n")
    found = data("status", at=clone)
    assert any("broken.md" in note for note in found["notes"])
    assert len(found["queue"]) == 3


def test_one_spec(clone: Path) -> None:
    found = data("status", "statistics", at=clone)
    assert [one["event"] for one in found["runs"]] == ["parked"]
    assert [one["state"] for one in found["queue"]] == ["parked"]
    assert data("status", "rate-limits", at=clone)["runs"] == []
    unknown = factory("status", "nothing", at=clone).exception
    assert "nothing" in unknown.message  # type: ignore[union-attr]
    a_run = factory("status", run(1).run_id, at=clone).exception
    assert "factory logs" in a_run.mend  # type: ignore[union-attr]


def test_it_says_how_fresh_it_is_and_asks_origin_when_told_to(clone: Path, specs: Path) -> None:
    append(specs, run(4, event="planned", spec_id="rate-limits"))
    assert data("status", at=clone)["ledger"]["runs"] == 3, "as it was fetched"
    assert "of origin, fetched" in factory("status", at=clone).stdout
    found = data("status", "--fetch", at=clone)
    assert found["ledger"]["runs"] == 4 and found["notes"] == []
    assert found["ledger"]["fetched-at"].startswith(TODAY[:2])


def test_without_a_network_it_tells_what_it_has_and_that(clone: Path, specs: Path) -> None:
    specs.rename(specs.with_name("away"))
    found = data("status", "--fetch", at=clone)
    assert found["ledger"]["runs"] == 3
    assert any("could not be asked" in note for note in found["notes"])


def test_runs_are_filtered(clone: Path) -> None:
    def ids(*words: str) -> list[str]:
        return [one["run_id"][-8:] for one in data("runs", *words, at=clone)["runs"]]

    assert ids() == ["00000003", "00000002", "00000001"]
    assert ids("--verdict", "pass") == ["00000001"]
    assert ids("--spec", "statistics") == ["00000003"]
    assert ids("--limit", "1") == ["00000003"]
    assert ids("--since", "2026-11-22") == ids()
    assert ids("--since", "2026-11-23") == []
    assert "no run fits" in factory("runs", "--spec", "x", at=clone).stdout


def test_logs_tell_a_run_in_order(clone: Path) -> None:
    found = data("logs", "00000001", at=clone)
    assert found["run"] == run(1).run_id
    assert [one["event"] for one in found["events"]] == ["planned", "built", "judged", "shipped"]
    text = factory("logs", run(1).run_id, at=clone).stdout
    assert "verdict pass" in text and "agent builder" in text
    several = factory("logs", "20261122", at=clone).exception
    assert run(2).run_id in several.mend  # type: ignore[union-attr]
    assert "no run" in factory("logs", "zzz", at=clone).exception.message  # type: ignore[union-attr]


def test_logs_name_no_file_that_holds_scenarios(clone: Path) -> None:
    attempt = clone / ".factory" / "runs" / run(1).run_id / "attempt-1"
    attempt.mkdir(parents=True)
    for name in ("work-order.json", "trajectory.jsonl", "inventory.json", "report.json",
                 "verdict.json", "private.jsonl", "public-verdict.json"):  # fmt: skip
        (attempt / name).write_text("the holdout says marmalade")
    (attempt.parent / "report.html").write_text("marmalade")
    files = data("logs", run(1).run_id, at=clone)["files"]
    assert [Path(one).name for one in files] == [
        "report.html", "work-order.json", "trajectory.jsonl", "public-verdict.json",
    ]  # fmt: skip
    assert "marmalade" not in factory("logs", run(1).run_id, at=clone).output
    assert "private" not in factory("logs", run(1).run_id, at=clone).output


def test_a_ledger_that_was_altered_is_said_first_and_exits_with_1(clone: Path) -> None:
    git("branch", "-q", "factory/ledger", "origin/factory/ledger", at=clone)
    name = git("ls-tree", "-r", "--name-only", "factory/ledger", at=clone).splitlines()[0]
    commit_files(clone, {name: b"{}"})
    found = data("status", at=clone, code=1)
    assert name in found["warnings"][0] and "ledger verify" in found["warnings"][0]
    told = data("ledger", "verify", at=clone, code=1)
    (fault,) = told["heads"]["own"]["faults"]
    assert (told["sound"], fault["kind"], fault["path"]) == (False, "altered", name)
    text = factory("ledger", "verify", at=clone).stdout
    assert name in text and "mend: put the branch back" in text


def test_a_rewrite_that_was_meant_is_accepted(specs: Path) -> None:
    append(specs, *first_runs())
    append(specs, run(4))
    assert data("ledger", "verify", at=specs)["sound"] is True
    git("update-ref", "refs/heads/factory/ledger", "refs/heads/factory/ledger^", at=specs)
    assert data("status", at=specs, code=1)["warnings"] != []
    (fault,) = data("ledger", "verify", at=specs, code=1)["heads"]["own"]["faults"]
    assert fault["kind"] == "rewritten"
    assert data("ledger", "verify", "--accept-rewrite", at=specs)["sound"] is True
    assert data("status", at=specs)["warnings"] == []
