"""Decisions: a number and a title, four sections, a status that says whether they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.spec.context import check_context, read_context

LINES = """# {number}. A title

## Status

{status}

## Context

Why.

## Decision

What.

## Consequences

And so.
"""


def decision(status: str = "accepted", number: int = 1) -> str:
    return LINES.format(status=status, number=number)


def found(root: Path, *texts: str) -> list[tuple[str, int, int]]:
    """(number, line, column) of each finding in decisions 0001, 0002 …"""
    folder = root / "context/decisions"
    folder.mkdir(parents=True)
    for number, text in enumerate(texts, 1):
        (folder / f"{number:04}-a.md").write_text(text, "utf-8")
    findings = check_context(root)
    assert all((one.rule, one.severity) == ("context-decision", "error") for one in findings)
    return [(Path(one.path).name[:4], one.line, one.column) for one in findings]


@pytest.mark.parametrize(
    "status",
    ["proposed", "accepted", "Rejected", "ACCEPTED.", "superseded by 0002", "Superseded by 0002.",
     "Superseded by [0002](0002-a.md)", "superseded by 0002: Another title", "**accepted**",
     "accepted\n2026-11-22", "<!-- proposed -->\naccepted"],
)  # fmt: skip
def test_a_status(tmp_path: Path, status: str) -> None:
    assert found(tmp_path, decision(status), decision(number=2)) == []


@pytest.mark.parametrize(
    ("status", "column"),
    [
        ("maybe", 1),
        ("accepted by all", 1),
        ("not accepted", 1),
        ("superseded by two", 1),
        ("superseded", 1),
        ("  superseded by 0003", 17),
        ("superseded by 0001", 15),
    ],
)
def test_a_status_that_is_none(tmp_path: Path, status: str, column: int) -> None:
    assert found(tmp_path, decision(status), decision(number=2)) == [("0001", 5, column)]


def test_decisions_that_supersede_one_another(tmp_path: Path) -> None:
    texts = (decision("superseded by 0002"), decision("superseded by 0003", 2))
    assert found(tmp_path, *texts, decision("superseded by 0001", 3)) == [
        ("0001", 5, 15), ("0002", 5, 15), ("0003", 5, 15),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("# 1. A title", "", 1),
        ("# 1. A title", "#", 1),
        ("# 1. A title", "## A title", 1),
        ("## Context", "## Contexts", 3),
        ("## Consequences", "### Consequences", 11),
        ("## Status", "## State", 1),
        ("What.", "<!-- What. -->", 11),
        ("## Consequences", "## Context", 11),
    ],
)
def test_what_is_missing(tmp_path: Path, old: str, new: str, line: int) -> None:
    places = found(tmp_path, decision().replace(old, new, 1))
    assert places[0] == ("0001", line, 1), places


def test_an_empty_decision_is_one_finding(tmp_path: Path) -> None:
    assert found(tmp_path, "") == [("0001", 1, 1)]


def test_two_of_one_number(tmp_path: Path) -> None:
    (tmp_path / "context/decisions").mkdir(parents=True)
    for name in ("0007-b", "0007-a"):
        (tmp_path / f"context/decisions/{name}.md").write_text(decision())
    (one,) = check_context(tmp_path)
    assert one.path.endswith("0007-b.md") and "0007-a.md" in one.message


def test_a_successor_that_cannot_be_read_exists_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "context/decisions").mkdir(parents=True)
    (tmp_path / "context/decisions/0001-a.md").write_text(decision("superseded by 0002"))
    (tmp_path / "context/decisions/0002-a.md").write_bytes(b"\xff")
    assert [one.rule for one in check_context(tmp_path)] == ["context-unreadable"]


def test_only_what_holds_reaches_an_agent(tmp_path: Path) -> None:
    texts = (
        decision("superseded by 0002"),
        decision(number=2),
        decision("rejected"),
        decision("proposed"),
    )
    assert found(tmp_path, *texts) == []
    context = read_context(tmp_path, "builder")
    names = [one.path.rpartition("/")[2] for one in context.files]
    assert names == ["0002-a.md", "0004-a.md"]
    assert context.left_out == {
        "context/decisions/0001-a.md": "superseded by 0002",
        "context/decisions/0003-a.md": "rejected",
    }
