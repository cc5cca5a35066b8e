"""`factory scenarios` as people call it: exit codes, JSON, and what must not be printed."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.scenarios.made import CASES, FEATURE, SPECS, factory, repository

SECRET = "Secret name of a scenario"
SPEC = SPECS / "specs" / "parcels.md"
FAULTY = FEATURE.replace("404", "409")


def test_a_good_suite_passes(tmp_path):
    repository(tmp_path / "suite", a=FEATURE)
    done = factory(tmp_path, "check", "suite", "--specs", SPECS)
    assert (done.returncode, done.stdout) == (0, "1 scenario checked: 0 errors, 0 warnings\n")


def test_a_fault_is_shown_with_its_line_and_page(tmp_path):
    repository(tmp_path / "suite", a=FAULTY)
    done = factory(tmp_path, "check", "suite", "--specs", SPECS)
    assert done.returncode == 1
    first = "suite/scenarios/parcels/a.feature:9:33: error[scenario-unstated] the status '409' is"
    assert done.stdout.startswith(first)
    assert "docs/scenarios.md#scenario-unstated" in done.stdout
    as_json = factory(tmp_path, "check", "suite", "--specs", SPECS, "--json")
    assert as_json.returncode == 1
    data = json.loads(as_json.stdout)
    assert data["scenarios"] == 1 and [one["rule"] for one in data["findings"]] == [
        "scenario-unstated"
    ]
    assert set(data["findings"][0]) == {
        "rule", "severity", "path", "line", "column", "message", "mend",
    }  # fmt: skip


def test_warnings_alone_pass(tmp_path):
    case = (CASES / "invalid" / "scenario-copied.feature").read_text()
    repository(tmp_path / "suite", a=case)
    done = factory(tmp_path, "check", "suite", "--specs", SPECS)
    assert done.returncode == 0 and "1 warning" in done.stdout


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_in_a_github_job_only_counts_are_printed(tmp_path, as_json):
    repository(tmp_path / "suite", a=FAULTY)
    done = factory(tmp_path, "check", "suite", "--specs", SPECS, *as_json, GITHUB_ACTIONS="true")
    assert done.returncode == 1
    told = done.stdout + done.stderr
    for word in (SECRET, "409", "a.feature", "/parcels"):
        assert word not in told
    assert "scenario-unstated" in told and "1" in told


def test_what_cannot_be_read_tells_nothing_in_a_github_job(tmp_path):
    repository(tmp_path / "suite", a=FEATURE)
    (tmp_path / "suite" / "scenarios.yml").write_text(f"version: 1\n{SECRET}: [\n")
    for words in (("check",), ("coverage",)):
        done = factory(tmp_path, *words, "suite", "--specs", SPECS, GITHUB_ACTIONS="true")
        assert done.returncode == 2 and SECRET not in done.stdout + done.stderr
        assert "the scenarios have errors" in done.stderr


@pytest.mark.parametrize("words", [("check", "none"), ("coverage", "none"), ("check", "empty")])
def test_a_folder_without_scenarios_is_a_wrong_call(tmp_path, words):
    (tmp_path / "empty").mkdir()
    done = factory(tmp_path, *words, "--specs", SPECS)
    assert done.returncode == 2 and "scenarios/<spec-id>" in done.stderr


def test_specs_that_cannot_be_read_are_a_wrong_call(tmp_path):
    repository(tmp_path / "suite", a=FEATURE)
    done = factory(tmp_path, "check", "suite", "--specs", "nowhere")
    assert done.returncode == 2 and "error: nowhere" in done.stderr


@pytest.mark.parametrize("words", [("check",), ("coverage",), ("draft", SPEC)])
def test_beside_an_agent_every_command_is_refused(tmp_path, words):
    repository(tmp_path, a=FEATURE)
    specs = () if words[0] == "draft" else (".", "--specs", SPECS)
    done = factory(tmp_path, *words, *specs, FACTORY_STAGE="build")
    assert done.returncode == 2 and done.stdout == ""
    assert "scenarios are not to be seen here" in done.stderr


def test_coverage_counts_and_names_nothing(tmp_path):
    repository(tmp_path / "suite", a=FEATURE.replace("@E2", "@E2 @R2 @should @sealed"))
    done = factory(tmp_path, "coverage", "suite", "--specs", SPECS, "--json")
    assert done.returncode == 1 and SECRET not in done.stdout
    data = json.loads(done.stdout)
    parcels = next(one for one in data["specs"] if one["id"] == "parcels")
    rows = {one["id"]: one for one in parcels["requirements"]}
    assert rows["E2"] == {
        "id": "E2", "scenarios": 1, "must": 0, "should": 1, "sealed": 1, "quarantined": 0,
    }  # fmt: skip
    assert rows["R1"]["scenarios"] == 0
    assert parcels["uncovered"] == ["R1", "R3", "R4", "E1", "C1"]
    assert parcels["in_step"] is True and parcels["answers_version"] == parcels["version"] == 3
    # A ready feature without a suite is bare; a constraint of its own is no one's to cover.
    assert [one["id"] for one in data["specs"]] == ["board", "labels", "ledger", "parcels"]
    private = factory(tmp_path, "coverage", "suite", "--specs", SPECS, "--private")
    assert SECRET in private.stdout
    on_github = factory(
        tmp_path, "coverage", "suite", "--specs", SPECS, "--private", GITHUB_ACTIONS="true"
    )
    assert on_github.returncode == 2 and SECRET not in on_github.stdout + on_github.stderr


def test_coverage_is_complete_only_in_step(tmp_path):
    specs = tmp_path / "specs-repository"
    shutil.copytree(SPECS, specs)
    for name in ("board.md", "labels.md", "ledger.md"):
        (specs / "specs" / name).unlink()
    tags = "@R1 @R2 @R3 @R4 @E1 @E2 @C1"
    repository(tmp_path / "suite", a=FEATURE.replace("@E2", tags))
    done = factory(tmp_path, "coverage", "suite", "--specs", specs)
    assert done.returncode == 0, done.stdout
    (tmp_path / "suite" / "scenarios.yml").write_text(
        "version: 1\nspecs:\n  parcels: {answers-version: 2}\n"
    )
    done = factory(tmp_path, "coverage", "suite", "--specs", specs)
    assert done.returncode == 1 and "the scenarios answer version 2" in done.stdout


def test_coverage_counts_what_is_in_quarantine(tmp_path):
    until = datetime.now(UTC).date() + timedelta(days=60)
    entry = f'{{scenario: "scenarios/parcels/a.feature:{SECRET}", until: %s, reason: it drifts}}'
    repository(tmp_path / "suite", a=FEATURE)
    settings = tmp_path / "suite" / "scenarios.yml"
    bare = settings.read_text()
    settings.write_text(f"{bare}quarantine:\n  - {entry % until}\n")
    words = ("coverage", "suite", "--specs", SPECS)
    done = factory(tmp_path, *words)
    assert SECRET not in done.stdout and "1 with scenarios in quarantine alone" in done.stdout
    [parcels] = [
        one
        for one in json.loads(factory(tmp_path, *words, "--json").stdout)["specs"]
        if one["id"] == "parcels"
    ]
    assert parcels["quarantined"] == ["E2"]
    assert [one["quarantined"] for one in parcels["requirements"] if one["id"] == "E2"] == [1]
    checked = factory(tmp_path, "check", "suite", "--specs", SPECS)
    assert checked.returncode == 1 and "scenario-quarantine-alone" in checked.stdout
    # Yesterday's counts no more, and is told.
    settings.write_text(f"{bare}quarantine:\n  - {entry % (until - timedelta(days=61))}\n")
    checked = factory(tmp_path, "check", "suite", "--specs", SPECS)
    assert checked.returncode == 0 and "warning[scenario-quarantine-ends]" in checked.stdout
    assert "quarantine alone" not in factory(tmp_path, *words).stdout


def test_coverage_does_not_count_past_a_file_that_cannot_be_read(tmp_path):
    repository(tmp_path, a=FEATURE, b="Feature: B\n\n  Scenario: B\n    Then: x\n")
    done = factory(tmp_path, "coverage", ".", "--specs", SPECS)
    assert done.returncode == 2 and "b.feature" in done.stderr


def test_a_draft_is_written_once(tmp_path):
    done = factory(tmp_path, "draft", SPEC, "--out", tmp_path)
    path = tmp_path / "scenarios" / "parcels" / "draft.feature"
    assert done.returncode == 0 and done.stdout == "" and "to be written" in done.stderr
    before = path.read_bytes()
    path.write_bytes(before + b"# mine\n")
    again = factory(tmp_path, "draft", SPEC, "--out", tmp_path)
    assert again.returncode == 2 and "overwrites nothing" in again.stderr
    assert path.read_bytes() == before + b"# mine\n"


def test_what_is_left_to_write_of_a_draft_is_called_so(tmp_path):
    repository(tmp_path / "suite", a=FEATURE.replace("When I send", "When to be written: send"))
    done = factory(tmp_path, "check", "suite", "--specs", SPECS, "--json")
    messages = [one["message"] for one in json.loads(done.stdout)["findings"]]
    assert "a step of the draft is still to be written" in messages
    assert "nearest" not in done.stdout


def test_an_empty_mapping_is_called_empty(tmp_path):
    repository(tmp_path / "suite", a=FEATURE)
    (tmp_path / "suite" / "scenarios.yml").write_text("version: 1\nspecs:\n")
    done = factory(tmp_path, "check", "suite", "--specs", SPECS, "--json")
    told = json.loads(done.stdout)["findings"][0]
    assert (told["rule"], told["message"]) == ("scenario-settings", "specs is empty")
    assert told["mend"] == "write a mapping here, `{}` for none"


def test_a_draft_is_not_printed_in_a_github_job(tmp_path):
    done = factory(tmp_path, "draft", SPEC, GITHUB_ACTIONS="true")
    assert done.returncode == 2 and "parcel is registered" not in done.stdout
    data = json.loads(factory(tmp_path, "draft", SPEC, "--json").stdout)
    assert data["path"] is None and data["text"].startswith("# A draft from parcels, version 3.")
    assert 0 < data["unwritten"] < data["steps"]
