"""Every rule has a page, and the examples on it are true: they are run through the gate."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from factory.spec.catalogue import CATALOGUE, Rule
from factory.spec.finding import Finding
from factory.spec.gate import check_files
from tests.unit.spec.rule_pages import PAGES, Example, Page, build, build_on_main, read_page

RULES = list(CATALOGUE.values())
# The gate alone cannot find these; that a model is asked is tested with a model's double.
NEEDS_A_MODEL = {"question-differs", "question-open"}
# Where a comment does nothing, what it names is found as well.
ALSO_FOUND = {"silence-reason": {("vague-word", "error")}}
LABELS = ["What", "Why", "Before", "After", "To silence it"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings name files relative to the current folder, which is put back afterwards."""
    monkeypatch.chdir(tmp_path)


def named(rule: Rule) -> str:
    return rule.id


def silences() -> Iterator[ParameterSet]:
    for rule in RULES:
        for place in ("behind", "above"):
            if rule.silenceable and rule.id not in NEEDS_A_MODEL:
                yield pytest.param(rule, place, id=f"{rule.id}-{place}")


def page_of(rule: Rule) -> Page:
    return read_page(PAGES.parents[1] / rule.page)


def check(folder: Path, example: Example, before: Example | None = None) -> list[Finding]:
    """What the gate finds in an example, on its base branch if it has one."""
    folder.mkdir()
    os.chdir(folder)
    folder = Path()
    main = example if example.on_main else before
    if main is not None and main.on_main:
        build_on_main(folder, main)
        commit(folder)
    build(folder, example, before)
    return check_files([folder])[0]


def commit(folder: Path) -> None:
    options = ("user.name=A", "user.email=a@example.org", "commit.gpgsign=false")
    git = ["git", *(word for one in options for word in ("-c", one))]
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "Base"]):
        subprocess.run([*git, *command], cwd=folder, check=True)


def listed(findings: list[Finding]) -> str:
    return "".join(f"\n  {one.path}:{one.line}: {one.rule}: {one.message}" for one in findings)


def line_of(one: Finding) -> str:
    return Path(one.path).read_text("utf-8").split("\n")[one.line - 1]


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    pages = {path.stem for path in PAGES.iterdir() if path.name != "README.md"}
    assert pages == set(CATALOGUE)


def test_the_index_lists_every_rule_as_the_catalogue_does() -> None:
    text = (PAGES / "README.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| \[`(.+?)`\]\((.+?)\) \| (.+?) \| (.+?) \| (.+?) \|$", text)
    wanted = [
        (one.id, f"{one.id}.md", one.severity, "yes" if one.silenceable else "no", one.summary)
        for one in RULES
    ]
    assert rows == wanted


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_page_says_what_the_catalogue_says(rule: Rule) -> None:
    page = page_of(rule)
    assert page.title == rule.id
    assert page.severity == rule.severity
    assert [one for one in page.labels if one != "Not flagged"] == LABELS
    assert bool(page.comment) == rule.silenceable
    assert not page.comment or f"allow {rule.id}: " in page.comment


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_the_gate_finds_the_rule_in_before_and_nothing_in_after(rule: Rule, tmp_path: Path) -> None:
    page = page_of(rule)
    found = check(tmp_path / "before", page.before)
    places = {line_of(one) for one in found}
    left = check(tmp_path / "after", page.after, page.before)
    assert not left, listed(left)
    if rule.id in NEEDS_A_MODEL:
        assert not found, f"not this rule, or the gate finds it now:{listed(found)}"
        return
    assert found, "nothing found"
    also = ALSO_FOUND.get(rule.id, set())
    kinds = {(one.rule, one.severity) for one in found}
    assert kinds == {(rule.id, rule.severity), *also}, listed(found)
    assert places <= page.before.lines, listed(found)


@pytest.mark.parametrize(("rule", "place"), list(silences()))
def test_the_comment_on_a_page_silences_the_rule(rule: Rule, place: str, tmp_path: Path) -> None:
    page = page_of(rule)
    comment = page.comment or ""
    if place == "above" and comment.startswith("#"):
        return  # In front matter a comment is about its own line.
    found = check(tmp_path / "before", page.before)
    for one in sorted(found, key=lambda one: -one.line):
        path = Path(one.path)
        lines = path.read_text("utf-8").split("\n")
        if place == "above" or lines[one.line - 1].startswith("## "):
            lines.insert(one.line - 1, comment)
        else:
            lines[one.line - 1] += f" {comment}"
        path.write_text("\n".join(lines), "utf-8")
    findings, _ = check_files([Path()])
    assert not findings, listed(findings)
