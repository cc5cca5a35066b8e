"""The corpus: good suites have no finding, and each planted fault is found on its line."""

import os
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from factory.scenarios.catalogue import CATALOGUE
from factory.scenarios.check import check_repository, read_specs
from factory.scenarios.repository import read_repository

CORPUS = Path(__file__).parents[2] / "cases" / "scenarios"
VALID = sorted((CORPUS / "valid").iterdir())
INVALID = sorted((CORPUS / "invalid").iterdir())
TODAY = date(2026, 11, 22)
VERSIONS = {"parcels": 3, "ledger": 1, "board": 2}
_HEAD = re.compile(r"# ([a-z-]+): (none|scenario-[a-z-]+ \d+(?:, scenario-[a-z-]+ \d+)*)\n")


def named(path):
    return path.name


def laid_out(case, folder):
    """The case as a scenario repository, and what must be found: `rule path:line`."""
    if case.is_dir():
        shutil.copytree(case, folder, ignore=shutil.ignore_patterns("expect.txt"))
        return (case / "expect.txt").read_text().splitlines()
    head = _HEAD.match(case.read_text("utf-8"))
    assert head, f"{case}: the first line does not say what to expect"
    own = folder / "scenarios" / head[1] / "a.feature"
    own.parent.mkdir(parents=True)
    shutil.copy(case, own)
    (folder / "scenarios.yml").write_text(
        f"version: 1\nspecs:\n  {head[1]}: {{answers-version: {VERSIONS[head[1]]}}}\n"
    )
    pairs = [one.split() for one in head[2].split(", ") if one != "none"]
    return [f"{rule} scenarios/{head[1]}/a.feature:{line}" for rule, line in pairs]


def found_in(folder):
    findings = check_repository(read_repository(folder), read_specs(CORPUS / "specs"), TODAY)
    return findings, [
        f"{one.rule} {os.path.relpath(one.path, folder)}:{one.line}" for one in findings
    ]


@pytest.mark.parametrize("case", [*VALID, *INVALID], ids=named)
def test_what_is_planted_is_found_and_nothing_else(case, tmp_path):
    expected = laid_out(case, tmp_path / "repository")
    findings, found = found_in(tmp_path / "repository")
    assert sorted(found) == sorted(expected), [one.message for one in findings]
    for one in findings:
        assert one.severity == CATALOGUE[one.rule].severity
        assert one.column >= 1 and one.message and one.mend
    if case.parent.name == "invalid":
        assert expected and any(case.name.startswith(one.split()[0]) for one in expected)


def test_every_rule_has_a_case():
    planted = {rule for rule in CATALOGUE for case in INVALID if case.name.startswith(rule)}
    # Orders are compared by running a suite: test_order.py.
    assert set(CATALOGUE) - planted == {"scenario-order"}
    assert len(INVALID) >= 25


def test_a_finding_names_the_spec_and_the_words(tmp_path):
    laid_out(CORPUS / "invalid" / "scenario-unstated-code.feature", tmp_path / "repository")
    [one], _ = found_in(tmp_path / "repository")
    assert "'weight_invalid'" in one.message and "specs/parcels.md" in one.message
    line = (tmp_path / "repository/scenarios/parcels/a.feature").read_text().split("\n")[14]
    assert line[one.column - 1 :].startswith("weight_invalid")
