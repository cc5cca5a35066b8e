"""The JSON document is the contract's, and is printed piece by piece."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from made_findings import FINDINGS, finding

from factory.cli.findings import document
from factory.cli.output import json_text


@given(st.lists(FINDINGS, max_size=4), st.integers(0, 5))
def test_it_is_what_the_contract_says_and_holds_nothing_that_acts(findings, specs):
    out = "".join(document.render(findings, specs))
    data = {"findings": [one.to_data() for one in findings], "specs": specs}
    assert json.loads(out) == data
    assert out == json_text(data) + "\n"
    assert all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs") for char in out)


def test_what_asking_came_to_is_a_field_more():
    asked = {"model": "m", "usd": 0.01, "requests": 2, "notes": ["a\x1b"]}
    out = "".join(document.render([finding()], 1, asked=asked))
    assert json.loads(out)["asked"] == asked
    assert out == json_text({**json.loads(out)}) + "\n"


def test_notes_are_there_where_something_was_not_checked():
    out = "".join(document.render([], 1, notes=["a\x1b", "b"]))
    assert json.loads(out) == {"findings": [], "specs": 1, "notes": ["a\x1b", "b"]}
    assert "\x1b" not in out


def test_it_does_not_wait_for_the_last_finding():
    pieces = document.render(iter([finding()] * 2), 1)
    assert "findings" in next(pieces)
    assert "vague-word" in next(pieces)
