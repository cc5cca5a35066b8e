"""A team's own template: what no spec could meet is told there, and what it marks is asked."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from factory.spec.finding import Finding
from factory.spec.gate import check_files
from factory.spec.start import start

ACCEPTANCE = "- R1: Given TODO, when TODO, then TODO\n"
TEMPLATE = """\
---
kind: feature
---

# Our feature

## Summary

TODO: what it is for

## Requirements{rules}

- R1: TODO

## Privacy

Which personal data it touches.

## Acceptance{evaluation}

{acceptance}"""
SPEC = """\
---
id: refund
title: Refund a payment
kind: feature
status: ready
version: 1
product: till
owner: "@acme/till"
stakes: normal
---

## Summary

A clerk pays the price of a returned thing back to the card it was paid with.

## Requirements{rules}

- R1: The till prints a receipt with the amount that it paid back.
- R2: The till pays back at most the amount of the receipt.

## Privacy

It stores the last 4 digits of the card, for 30 days.

## Acceptance{evaluation}

{acceptance}"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def checked(template: str, spec: str = SPEC) -> list[Finding]:
    for folder, name, text in (("spec-templates", "feature", template), ("specs", "refund", spec)):
        Path(folder).mkdir(exist_ok=True)
        Path(folder, f"{name}.md").write_text(text, "utf-8")
    return check_files([Path()])[0]


def rules(findings: Sequence[Finding]) -> list[tuple[str, int]]:
    return [(one.rule, one.line) for one in findings]


def marked(text: str, acceptance: str = ACCEPTANCE) -> str:
    return text.format(rules=" (Rules)", evaluation=" (Evaluation)", acceptance=acceptance)


def unmarked(text: str, acceptance: str = ACCEPTANCE) -> str:
    return text.format(rules="", evaluation="", acceptance=acceptance)


TRIED = "- R{}: Given a receipt of 5 EUR, when a clerk refunds it, then the card gets 5 EUR.\n"


def test_a_heading_that_says_what_it_is_gets_the_rules_of_that_section() -> None:
    whole = marked(SPEC, TRIED.format(1) + TRIED.format(2))
    assert checked(marked(TEMPLATE), whole) == []
    lacking = marked(SPEC, TRIED.format(1))
    line = (
        lacking.split("\n").index("- R2: The till pays back at most the amount of the receipt.") + 1
    )
    assert rules(checked(marked(TEMPLATE), lacking)) == [("evaluation-lacking", line)]


def test_a_section_that_is_missing_is_asked_for_by_the_team_s_heading() -> None:
    spec = marked(SPEC, "").replace("## Acceptance (Evaluation)\n", "")
    [finding] = checked(marked(TEMPLATE), spec)
    assert finding.rule == "section-missing"
    assert "## Acceptance (Evaluation)" in finding.mend
    ours = spec + "## Evaluation\n\n" + TRIED.format(1) + TRIED.format(2)
    assert checked(marked(TEMPLATE), ours) == []


def test_a_template_that_numbers_two_sections_alike_is_told_where_it_does() -> None:
    findings = checked(unmarked(TEMPLATE), unmarked(SPEC, TRIED.format(1)))
    template = [one for one in findings if one.path == "spec-templates/feature.md"]
    assert rules(template) == [("template", 21)]
    assert "## Acceptance (Evaluation)" in template[0].mend
    twice = [one for one in findings if one.rule == "requirement-twice"]
    assert len(twice) == 2 and all("(Evaluation)" in one.mend for one in twice)


@pytest.mark.parametrize(
    ("below", "found"),
    [
        ("## Summary\n\n## Acceptance\n", True),
        ("## Summary\n\n## Acceptance (Evaluation)\n\n- R1: Given TODO\n", True),
        ("## Summary\n\n## Duties (Constraints)\n", False),
        ("## Summary\n\n## Duties\n\n<!-- each as `- R1: …` -->\n", False),
        ("## Summary\n\n## Duties\n\n- E1: TODO\n", False),
    ],
)
def test_a_template_without_a_place_for_requirements_is_told(below: str, found: bool) -> None:
    findings = checked(f"---\nkind: feature\n---\n{below}")
    told = [one for one in findings if one.rule == "template"]
    assert rules(told) == ([("template", 4)] if found else [])


@pytest.mark.parametrize(
    ("front", "lines"),
    [
        ("kind: feature\nimpact: high\n", [3]),
        ("kind: feature\nlabels: [Not A Label]\nversion: x\n", [3]),
        ("kind: feature\nstakes: TODO # low, normal or high\nproduct: TODO\n", []),
        ("kind: feature\nid:\nowner:\nbudget: {usd: 3}\n", []),
    ],
)
def test_front_matter_that_no_spec_can_have_is_told(front: str, lines: list[int]) -> None:
    template = f"---\n{front}---\n\n## Rules\n"
    found = [one for one in checked(template) if one.rule == "template"]
    assert [one.line for one in found] == lines


def started(template: str) -> tuple[list[str], list[Finding]]:
    """The lines of a new spec from this template, and what the gate finds in its repository."""
    Path("factory.yml").write_text(
        "version: 1\nproducts:\n  till: {repository: ../p, subject: {command: x}}\n"
        "scenarios: {repository: ../s}\n",
        "utf-8",
    )
    checked(template, marked(SPEC, TRIED.format(1) + TRIED.format(2)))
    path = start(Path(), "feature", "own-two", title="Refund twice").path
    findings = [one for one in check_files([Path()])[0] if one.path != "specs/refund.md"]
    assert {one.path for one in findings} == {str(path)}
    return path.read_text("utf-8").split("\n"), findings


def test_of_a_new_spec_all_that_the_team_asks_is_open() -> None:
    lines, findings = started(marked(TEMPLATE))
    by_rule: dict[str, set[str]] = {}
    for one in findings:
        by_rule.setdefault(one.rule, set()).add(lines[one.line - 1])
    assert by_rule == {
        "open-question": {line for line in lines if "TODO" in line},
        "template-text": {"Which personal data it touches."},
    }


def test_the_template_on_the_first_page_of_the_documentation_can_be_met() -> None:
    page = (Path(__file__).parents[3] / "docs" / "start.md").read_text("utf-8")
    [template] = re.findall(r"```markdown\n(---\n.*?)```", page, re.DOTALL)
    lines, findings = started(template)
    assert {(one.rule, lines[one.line - 1]) for one in findings} == {
        ("open-question", line) for line in lines if "TODO" in line
    }
    assert len(findings) == 4
