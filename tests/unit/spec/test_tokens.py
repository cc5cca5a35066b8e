"""Rules that a text holds nothing for are left out, and it is read as with all of them.

But for blocks of HTML, which are read as the text that stands between their tags.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from factory.spec import tokens

READ = ("type", "tag", "nesting", "map", "level", "content", "markup", "info", "hidden")
CASES = Path(__file__).parents[2] / "cases" / "specs"
# Whatever opens, closes or underlines something, between words, indented or in a list.
pieces = st.sampled_from(
    ["a", "b c", "#", "## h", "-", "- ", "* ", "+ ", "1. ", "2) ", "> ", ">", "|", "a | b", "--",
     "---", "-|-", "|-|", ":-:", "***", "* * *", "___", "- - -", "==", "=", "```", "~~~", "``` x",
     "<b>", "<!--", "-->", "[a]: b", "[a]:", "]", "    ", "\t", " ", "  ", "   ", "\\", "`", ":"]
)  # fmt: skip
texts = st.lists(st.one_of(pieces, st.just("\n"), st.just("\n\n")), max_size=30).map("".join)


def everything(body: str) -> list[object]:
    whole = MarkdownIt("commonmark").enable("table").disable(["inline", "html_block"])
    return list(map(read, whole.parse(body)))


def ours(body: str) -> list[object]:
    return list(map(read, tokens.parser_for(body).parse(body)))


def read(token: Any) -> list[object]:
    return [getattr(token, name) for name in READ]


@example("a\n==\n")
@example("a\n--\n")
@example("> a\n> =\n")
@example("- a\n  - - -\n")
@example("***\n")
@example("a\n\n___\n")
@example("a | b\n-|-\n")
@example("[a]: b\n\n<b>\n\n> c\n\n~~~\nd\n")
@given(texts)
def test_any_text_is_read_as_with_every_rule(body: str) -> None:
    assert ours(body) == everything(body)


@pytest.mark.parametrize("path", sorted(CASES.rglob("*.md")), ids=lambda path: path.name)
def test_each_spec_of_the_corpus_is(path: Path) -> None:
    body = path.read_text("utf-8", "replace")
    assert ours(body) == everything(body)


def test_most_specs_need_few_rules() -> None:
    plain = "## What\n\nIt counts boats.\n\n## Rules\n\n- R1: A boat has a number.\n"
    block = tokens.parser_for(plain).block.ruler.get_active_rules()
    assert set(block) == {"heading", "list", "paragraph"}
