"""Inline Markdown written again: without emphasis, and never with another meaning."""

import pytest

from factory.spec.importing.hidden import Hidden
from factory.spec.importing.inline import Inline
from factory.spec.importing.words import escape, standing_alone


def read(content: str, document: str = "") -> str:
    return " ".join(Inline(document or content, {}, Hidden()).lines(content, 1))


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("System **MUST** greet _twice_", "System MUST greet twice"),
        ("`a * b`, 2 * 3 and snake_case", "`a * b`, 2 * 3 and snake_case"),
        (r"\*not\* and &lt;tag&gt;", r"\*not\* and &lt;tag&gt;"),
        ("see [here](/a 'secret') and <https://x.org>", "see [here](/a) and <https://x.org>"),
        ("![a **b**](c.png)", "![a b](c.png)"),
        ("[NEEDS CLARIFICATION: how?]", "[NEEDS CLARIFICATION: how?]"),
        ("`` a`b ``", "``a`b``"),
        ("`` `a` ``", "`` `a` ``"),
        ("GET /<alias> answers", "GET /<alias> answers"),
        ("shown <!-- not shown --> again", "shown again"),
        ("one<br>two", "onetwo"),
        ('<a href="x">y</a>', r'\<a href="x"\>y'),
        ("5 < 6 & 7", "5 < 6 & 7"),
    ],
)
def test_words_stay_and_emphasis_goes(source: str, written: str) -> None:
    assert read(source) == written


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("**1.** Goals", "1\\. Goals"),
        ("*# no heading*", "\\# no heading"),
        ("**- no item**", "\\- no item"),
        ("***---***", "\\---"),
        ("*> no quotation*", "\\> no quotation"),
        ("**```** no code", "\\`\\`\\` no code"),
        ("**<details> is a tag**", "\\<details> is a tag"),
        ("[a]*(b)*", "\\[a\\](b)"),
        ("&**lt;**", "\\&lt;"),
        ("a _*b_ c*", "a \\*b c\\*"),
    ],
)
def test_what_stands_bare_begins_nothing_new(source: str, written: str) -> None:
    assert read(source) == written


def test_no_comment_comes_to_be_where_emphasis_goes() -> None:
    assert "<!--" not in read("<**!**-- order -->").replace("\\<", "")
    assert "<!--" not in read("<!-*-* order -->").replace("\\<", "")


def test_halves_stay_halves() -> None:
    """Lines are joined with others: a comment, code or a link must not come to be."""
    assert read("a <!-- b") == "a \\<!-- b"
    assert read("a ` b") == "a \\` b"


def test_a_placeholder_stays_and_a_tag_that_is_closed_goes() -> None:
    assert read("send <summary> now") == "send <summary> now"
    assert read("<summary>How</summary>") == "How"


def test_standing_alone_and_escape() -> None:
    assert standing_alone("1. Goals") == "1\\. Goals"
    assert standing_alone("## What") == "\\## What"
    assert standing_alone("Goals") == "Goals"
    assert escape("- <b> `x`") == "\\- \\<b\\> \\`x\\`"
