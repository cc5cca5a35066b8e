"""The issue's text: what happened, what to answer, what to do next."""

from __future__ import annotations

import re
from pathlib import Path

from factory.pipeline.conversation.text import Failure, mark_of, spec_of, text
from factory.spec.document import parse_spec
from tests.unit.plan.made import FEATURE, order, past, public

SPEC = parse_spec(FEATURE, path="specs/a b.md").as_record("a" * 40, "specs/a b.md")
ROOT = Path(__file__).resolve().parents[4]
PLACE = "https://github.example/acme/specs"


def told(
    *named: str,
    cause: str = "",
    spent: float = 4.2,
    history=(),
    spec=SPEC,
    reason="no gain",
    **facts,
) -> str:
    one = order(spec=spec, attempt=len(history) + 1, history=tuple(history))
    verdict = None if cause else public(one, *named, **facts)
    return text(
        Failure(order=one, reason=reason, cause=cause, public=verdict, spent_usd=spent, place=PLACE)
    )


def test_what_is_not_met_is_named_with_its_line_and_questions() -> None:
    found = told("R1", other=True)
    line = next(one.line for one in SPEC.requirements if one.id == "R1")
    where = f"{PLACE}/blob/{'a' * 40}/specs/a%20b.md?plain=1#L{line}"
    assert f"- **R1**, [line {line}]({where}): " in found
    assert "\n  - " in found.split("- **R1**")[1]
    assert "More is not met than can be named" in found
    assert "R2" not in found
    assert "Spent on this version: 4.20 of 15.00 USD." in found
    assert "Attempt 1 of 3 was the last." in found and "What ended it: no gain." in found


def test_whose_turn_it_is_says_what_comes_first() -> None:
    spec = told("R1", history=[past(1, "R1")])
    assert "Rather the spec" in spec and "1. Answer the questions in the spec" in spec
    code = told(failure_class="crash")
    assert "Rather the code: it crashed" in code and "1. Comment `/factory retry`" in code
    assert "### Not met" not in code
    machinery = told(cause="inconclusive")
    assert "It is not the author's turn" in machinery and "version` and merge" not in machinery


def test_a_version_whose_money_is_spent_is_not_to_be_tried_again() -> None:
    for found in (told("R1", spent=15.0), told(cause="spec-over-budget", spent=14.9)):
        assert "its budget is spent" in found
        assert "is built once more as it is" not in found


def test_any_id_of_a_spec_comes_back_from_its_marker_and_nothing_else_does() -> None:
    for spec_id in ("a1", "a--b", "a-", "a" * 63):
        assert spec_of(mark_of(spec_id)) == spec_id
    for mark in ("", "<!-- dark-factory spec A -->", f"{mark_of('aa')} x", mark_of("a/../b")):
        assert spec_of(mark) is None


def test_the_page_shows_what_an_issue_says() -> None:
    """Its example is the issue of a spec that is here, without links, escapes and the last line."""
    page = (ROOT / "docs" / "conversations.md").read_text()
    shown = re.findall(r"^> ?(.*)$", page, re.MULTILINE)
    path = ROOT / "tests/cases/specs/valid/sign-in-codes.md"
    spec = parse_spec(path.read_text(), path="x").as_record("a" * 40, "specs/sign-in-codes.md")
    history = [past(1, "R4"), past(2, "R4", "R6")]
    reason = "none of 3 attempts passed"
    found = told("R4", other=True, history=history, spec=spec, reason=reason)
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", found).replace("\\", "")
    assert shown == plain.split("\n\nWho may write")[0].split("\n")
