"""The corpus: good specs pass, and each planted fault is found on its line and nothing else is."""

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from factory.spec.finding import Finding
from factory.spec.gate import check_files

CORPUS = Path(__file__).parents[2] / "cases" / "specs"
VALID = sorted((CORPUS / "valid").iterdir())
INVALID = sorted((CORPUS / "invalid").iterdir())
# Rules that need a base branch or a model have tests of their own.
NEEDS_MORE_THAN_FILES = {
    "version-same",
    "version-lower",
    "requirement-renumbered",
    "requirement-reused",
    "question-differs",
    "question-open",
}

Planted = tuple[int, str]
_COMMENT = re.compile(rb"<!--(.*?)-->", re.DOTALL)
_YAML_COMMENT = re.compile(rb"# (expect:.*)")
_EXPECTATION = re.compile(r"expect: (none|[a-z-]+ [0-9]+(?:, [a-z-]+ [0-9]+)*)")


def named(path: Path) -> str:
    return path.name


def files_of(case: Path) -> list[Path]:
    if case.is_file():
        return [case]
    return sorted(path for path in case.rglob("*") if path.is_file())


def is_spec(path: Path, case: Path) -> bool:
    return path == case or path.relative_to(case).parts[0] == "specs"


def expectation(path: Path) -> str | None:
    """What the file's first comment says, or None where it says nothing of the kind."""
    data = path.read_bytes()
    found = (_YAML_COMMENT.match if path.suffix == ".yml" else _COMMENT.search)(data)
    text = found[1].decode("ascii").strip() if found else ""
    return text if text.startswith("expect:") else None


def planted(path: Path) -> list[Planted]:
    """(line, rule) of each fault planted in the file."""
    text = expectation(path)
    if text is None:
        return []
    found = _EXPECTATION.fullmatch(text)
    assert found, f"{path}: cannot read {text!r}"
    pairs = [one.split() for one in found[1].split(", ") if one != "none"]
    return [(int(line), rule) for rule, line in pairs]


def check(case: Path) -> list[Finding]:
    findings, _ = check_files([case])
    return findings


def by_file(findings: Iterable[Finding]) -> dict[Path, list[Finding]]:
    found: dict[Path, list[Finding]] = defaultdict(list)
    for one in findings:
        found[Path(os.path.realpath(one.path))].append(one)
    return found


def listed(findings: Iterable[Finding]) -> str:
    return "".join(f"\n  {one.path}:{one.line}: {one.rule}: {one.message}" for one in findings)


def difference(path: Path, wanted: list[Planted], findings: list[Finding]) -> list[str]:
    """A line for each planted fault that was not found and each finding that was not planted."""
    lines = path.read_bytes().decode("utf-8", "replace").split("\n") if path.is_file() else []

    def shown(line: int) -> str:
        return lines[line - 1].strip()[:90] if 0 < line <= len(lines) else "no such line"

    rest, surplus = list(wanted), []
    for one in findings:
        if (one.line, one.rule) in rest:
            rest.remove((one.line, one.rule))
        else:
            surplus.append(
                f"not planted  {one.line:4} {one.rule}: {one.message}\n      | {shown(one.line)}"
            )
    return [f"not found    {line:4} {rule}\n      | {shown(line)}" for line, rule in rest] + surplus


@pytest.mark.parametrize("case", VALID, ids=named)
def test_a_good_spec_passes(case: Path) -> None:
    findings = check(case)
    errors = [one for one in findings if one.severity == "error"]
    assert not errors, listed(errors)
    allowed = 2 if case.is_file() else 0
    assert len(findings) <= allowed, listed(findings)


@pytest.mark.parametrize("case", INVALID, ids=named)
def test_each_planted_fault_is_found_and_nothing_else(case: Path) -> None:
    found = by_file(check(case))
    files = {Path(os.path.realpath(path)) for path in files_of(case)}
    report = [
        f"\n{os.path.relpath(path, CORPUS)}\n    " + "\n    ".join(wrong)
        for path in sorted(files | found.keys())
        if (wrong := difference(path, planted(path) if path in files else [], found[path]))
    ]
    assert not report, "".join(report)


@pytest.mark.parametrize("case", INVALID, ids=named)
def test_a_case_says_what_it_plants(case: Path) -> None:
    faults = []
    for path in files_of(case):
        here = planted(path)
        assert here == sorted(here), f"{path}: not in the order of lines, then of rules"
        assert all(0 < line <= path.read_bytes().count(b"\n") for line, _ in here), path
        assert expectation(path) is not None or not is_spec(path, case), f"{path} says nothing"
        faults += [rule for _, rule in here]
    assert any(case.name.startswith(f"{rule}-") for rule in faults), (case.name, faults)


def test_there_are_enough_cases() -> None:
    assert len(VALID) >= 20
    assert len(INVALID) >= 80


def test_every_rule_of_the_catalogue_has_a_case() -> None:
    from factory.spec.catalogue import CATALOGUE

    rules = {rule for case in INVALID for path in files_of(case) for _, rule in planted(path)}
    assert rules <= set(CATALOGUE)
    assert set(CATALOGUE) - NEEDS_MORE_THAN_FILES <= rules
