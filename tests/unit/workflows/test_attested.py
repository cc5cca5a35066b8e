"""Attestations: who asks for none is asked for no grant, and the line is the same in both."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import yaml

from factory.verdict import attestable
from factory.verdict.statement import PREDICATE_TYPE
from tests.unit.verdict.test_statement import COMMIT, stated

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = ROOT / ".github" / "workflows"
GRANTS = {"attestations": "write", "id-token": "write"}
OURS = "acme/dark-factory/.github/workflows/"


def read(name: str) -> dict:
    return yaml.safe_load((WORKFLOWS / name).read_text())


ATTEST, LINE = read("attest.yml"), read("line.yml")
(JOB,) = ATTEST["jobs"].values()


def test_no_other_workflow_asks_for_what_attesting_needs():
    asking = {
        name
        for name in ("answer.yml", "factory.yml", "line.yml", "spec-gate.yml")
        for job in read(name)["jobs"].values()
        if set(GRANTS) & set(job["permissions"])
    }
    assert asking == set()


def test_the_job_that_signs_runs_one_action_and_holds_nothing_else():
    assert JOB["permissions"] == GRANTS
    (step,) = JOB["steps"]
    assert step["uses"].startswith("actions/attest@")
    assert set(step) == {"name", "uses", "with"} and "environment" not in JOB
    assert set(ATTEST[True]["workflow_call"]) == {"inputs"}, "no secret is taken"


def test_what_is_signed_is_the_statement_that_it_was_given():
    """The expressions, read as GitHub reads them, name each part of the statement."""
    made, given = attestable(stated()), JOB["steps"][0]["with"]
    names = {
        "subject-name": made["subject"][0]["name"],
        "subject-digest": "sha256:" + made["subject"][0]["digest"]["sha256"],
        "predicate": made["predicate"],
    }

    def value(text: str) -> object:
        found = re.search(r"fromJSON\(inputs\.statement\)([.\w\[\]]+)", text)
        part: object = made
        for key, index in re.findall(r"\.(\w+)|\[(\d)\]", found[1]):
            part = part[key] if key else part[int(index)]
        return part if "toJSON" in text else re.sub(r"\$\{\{.+\}\}", str(part), text)

    assert {name: value(given[name]) for name in names} == names
    assert given["predicate-type"] == PREDICATE_TYPE == made["predicateType"]
    assert set(given) == {*names, "predicate-type"}
    assert COMMIT in names["subject-name"]


def test_the_attested_factory_is_the_other_one_but_for_the_line_that_it_calls():
    plain, attested = read("factory.yml"), read("factory-attested.yml")
    wanted = copy.deepcopy(plain)
    wanted["name"] = attested["name"]
    line = wanted["jobs"]["line"]
    line["permissions"] |= GRANTS
    assert line["uses"] == f"{OURS}line.yml@v1"
    line["uses"] = f"{OURS}line-attested.yml@v1"
    assert attested == wanted


def test_the_attested_line_hands_everything_to_the_line_and_no_grant_of_attest():
    attested, plain = read("line-attested.yml"), read("factory.yml")["jobs"]["line"]
    called = attested[True]["workflow_call"]
    of_line = LINE[True]["workflow_call"]
    assert (called["inputs"], called["secrets"]) == (of_line["inputs"], of_line["secrets"])
    line, attest = attested["jobs"]["line"], attested["jobs"]["attest"]
    assert line["with"] == {name: f"${{{{ inputs.{name} }}}}" for name in of_line["inputs"]}
    for same in ("uses", "secrets", "permissions"):
        assert line[same] == plain[same]
    assert attest["uses"] == f"{OURS}attest.yml@v1" and attest["permissions"] == GRANTS
    assert "secrets" not in attest


def test_only_a_verdict_that_was_published_is_attested_and_none_waits_for_it():
    attest = read("line-attested.yml")["jobs"]["attest"]
    statement = "${{ needs.line.outputs.statement }}"
    assert attest["with"]["statement"] == statement
    assert attest["if"] == "${{ always() && needs.line.outputs.statement != '' }}"
    outputs = LINE[True]["workflow_call"]["outputs"]
    assert outputs["statement"]["value"] == "${{ jobs.verdict.outputs.statement }}"
    told = LINE["jobs"]["verdict"]["outputs"]["statement"]
    assert told == "${{ steps.publish.outputs.statement }}"
    assert "statement" not in json.dumps([LINE["jobs"][name] for name in ("ship", "next")])


def test_what_the_page_adds_to_the_gate_fits_its_workflow(tmp_path):
    """The first job gets an output and no grant, the second the grants and no secret."""
    page = (ROOT / "docs" / "holdout-gate.md").read_text()
    blocks = [textwrap.dedent(part.split("```")[0]) for part in re.split("```yaml\n", page)[1:]]
    (gate,) = (one for one in blocks if "name: Holdouts" in one)
    (more,) = (one for one in blocks if one.startswith("holdouts:"))
    added = yaml.safe_load(more)
    assert set(added["holdouts"]) == {"outputs"}
    assert set(added["attest"]) == {"needs", "if", "permissions", "uses", "with"}
    assert added["attest"]["permissions"] == GRANTS
    first, second = textwrap.indent(more, "  ").split("  attest:\n")
    text = gate.replace("  holdouts:\n", first)
    text = text.replace("- name: Judge\n", "- id: judge\n        name: Judge\n")
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "holdouts.yml").write_text(f"{text}  attest:\n{second}")
    done = subprocess.run(
        [Path(sys.executable).parent / "actionlint", "-no-color", folder / "holdouts.yml"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
