"""What passes between the jobs fits, whatever the authors wrote, and the counts stay whole."""

from __future__ import annotations

import importlib
import json
import random
import sys
from pathlib import Path

import pytest

from factory.records import GateFinding, GateReport, decode
from factory.spec.review.changes import Commits
from factory.spec.review.report import BYTES_LIMIT, FINDINGS_LIMIT, assemble

COMMITS = Commits(
    bare=Path("x"), head="a" * 40, base="b" * 40, branch="main", ancestors=("c" * 40,)
)


@pytest.fixture
def handover(monkeypatch):
    """The action's own script that packs records."""
    action = Path(__file__).resolve().parents[4] / ".github" / "action"
    monkeypatch.syspath_prepend(str(action))
    yield importlib.import_module("handover")
    sys.modules.pop("handover")


def finding(number: int, severity: str = "error", **changes: object) -> GateFinding:
    given = {"path": f"specs/{number:05}.md", "message": "m", "mend": "n", **changes}
    return GateFinding(rule="a-rule", severity=severity, line=number + 1, column=1, **given)


def noise(number: int, length: int) -> str:
    """Text that nothing compresses, three bytes a character."""
    pick = random.Random(number)
    return "".join(chr(pick.randrange(0x4E00, 0x9FFF)) for _ in range(length))


def test_few_are_all_there_errors_first():
    found = [finding(1, "warning"), finding(2), finding(0)]
    report = assemble(COMMITS, pull=7, findings=found, modes={"specs/00002.md": "100644"})
    assert [(one.path, one.in_commit) for one in report.findings] == [
        ("specs/00000.md", False),
        ("specs/00002.md", True),
        ("specs/00001.md", False),
    ]
    assert (report.errors, report.warnings) == (2, 1)
    assert (report.head, report.base, report.pull) == ("a" * 40, "c" * 40, 7)


def test_of_many_the_first_are_kept_and_all_counted():
    found = [finding(n) for n in range(1000)] + [finding(n, "warning") for n in range(1000)]
    report = assemble(COMMITS, pull=7, findings=found, known=found, modes={})
    assert len(report.findings) == FINDINGS_LIMIT
    assert {one.severity for one in report.findings} == {"error"}
    assert (report.errors, report.warnings) == (1000, 1000)
    assert (report.known_errors, report.known_warnings, len(report.known)) == (1000, 1000, 20)


@pytest.mark.parametrize("count", [1, 50, 1000])
def test_any_text_fits_between_two_jobs(handover, count):
    found = [
        finding(n, path="specs/" + noise(n, 1000), message=noise(-n, 500), mend=noise(n + 9, 500))
        for n in range(count)
    ]
    refused = {f".github/{noise(n, 1300)}": noise(n, 900) for n in range(count)}
    report = assemble(COMMITS, pull=7, findings=found, known=found, refused=refused, modes={})
    assert len(report.to_json()) <= BYTES_LIMIT
    assert report.findings and report.known and report.refused
    assert (report.errors, report.refused_count) == (count, count)
    text = json.dumps(report.to_data(), ensure_ascii=False, separators=(",", ":"))
    packed = handover.pack_text(text)
    assert len(packed.encode()) <= handover.TEXT_LIMIT_BYTES
    assert decode(GateReport, handover.unpack_text(packed).encode()) == report


def test_names_that_are_not_utf_8_do_not_break_it():
    refused = {".github/\udcff": "why" * 1000}
    report = assemble(COMMITS, pull=7, findings=[], refused=refused, modes={})
    assert decode(GateReport, report.to_json()) == report


@pytest.mark.parametrize(
    "changes",
    [
        {"errors": 1},
        {"refused_count": 1},
        {"findings": (finding(1),)},
        {"refused": ({"path": "x", "why": "y"},)},
    ],
)
def test_a_report_passes_only_if_neither_counts_nor_lists_speak_against_it(changes):
    data = {"record": "gate-report/1", "head": "a" * 40, "base": "b" * 40}
    assert decode(GateReport, json.dumps(data).encode()).passed
    if "findings" in changes:
        changes = {"findings": [json.loads(GateReport(head="a" * 40, base="b" * 40,
                                                      findings=changes["findings"]).to_json())
                                ["findings"][0]]}  # fmt: skip
    assert not decode(GateReport, json.dumps(data | changes).encode()).passed
