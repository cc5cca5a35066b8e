"""A part with a comment is read by itself as it is read within the whole text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factory.spec.parts import parts_with_comments
from factory.spec.tokens import tokens_with_html

# What opens, closes or takes in something, and the headings that part a text.
PIECES = st.sampled_from(
    ["a", "b c", "## h\n", "# t\n", "- ", "1. ", "> ", "|", "a | b\n-|-\n", "---\n", "```\n", "~~~",
     "<b>", "<div>\n", "<!--", "-->", "<!-- x -->", "<!-- x\n## y\n-->", "<? ", "<![CDATA[", "<!D ",
     "`", "\\", "    ", "\t", " ", "\n", "\n\n"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=30).map("".join)


def with_comments(text: str, *, tables: bool) -> list[tuple[str, int, int, str]]:
    return [
        (token.type, token.map[0], token.map[1], token.content)
        for token in read(text, tables)
        if token.map and "<!--" in token.content
    ]


def read(text: str, tables: bool) -> list[Any]:
    return list(tokens_with_html(text, tables=tables))


@pytest.mark.parametrize("tables", [True, False])
@example("## h\n\n<!-- x -->\n\n## g\n\na <!-- y --> b\n")
@example("## h\n\n- a\n  <!-- x\n## g\n  -->\n")
@example("## h\n\n```\n<!-- x -->\n## g\n```\n")
@example("<div>\n## h\n<!-- x -->\n\n## g\n")
@example("a\n## h\n> <!-- x -->\n## g\n")
@given(TEXTS)
def test_as_within_the_whole(tables: bool, text: str) -> None:
    apart = [
        (kind, before + first, before + last, content)
        for before, part in parts_with_comments(text)
        for kind, first, last, content in with_comments(part, tables=tables)
    ]
    assert apart == with_comments(text, tables=tables)


def test_only_what_holds_a_comment_is_read() -> None:
    text = (
        "\n## What\n\nIt counts.\n\n## Rules\n\n<!-- gate: x -->\n- R1: a\n\n## Evaluation\n\n- b\n"
    )
    assert list(parts_with_comments(text)) == [(5, "## Rules\n\n<!-- gate: x -->\n- R1: a\n\n")]


@pytest.mark.parametrize(
    "text",
    [
        "## A\n\n```\n## B\n```\n<!-- x -->\n",
        "## A\n\n<!-- x\n## B\n",
        "## A\n\n<div>\n## B\n<!-- x -->\n",
    ],
)
def test_the_whole_where_a_part_may_go_on(text: str) -> None:
    assert list(parts_with_comments(text)) == [(0, text)]
