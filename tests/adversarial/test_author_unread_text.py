"""Spec author: text that reaches the agent, in a place where no rule of the gate reads it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factory import resources
from factory.errors import InputError
from factory.spec.alone import check_text
from factory.spec.document import parse_spec
from factory.spec.surroundings import Surroundings
from factory.spec.visible import body_of, without_comments

SPEC = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
# As a rule it gets `open-question`, `weak-word` and `vague-word`.
SMUGGLED = "The service should be user-friendly, fast and so on, TODO decide later"
READ = {"open-question", "weak-word", "vague-word"}
LAST_RULE = next(line for line in reversed(SPEC.split("\n")) if line.startswith("- R"))
TABLE = "\n\n| answer | status |\n| --- | --- |\n| gone | 410 |"


def found(text: str) -> set[str]:
    checked = check_text(text.encode(), "example.md", Surroundings())
    return {one.rule for one in checked.findings if one.severity == "error"}


def after_a_rule(text: str) -> str:
    assert LAST_RULE in SPEC
    return SPEC.replace(LAST_RULE, f"{LAST_RULE}{text}", 1)


def reaches_the_agent(text: str) -> bool:
    return SMUGGLED.split()[-1] in without_comments(body_of(text))


def test_the_template_passes() -> None:
    assert found(SPEC) == set()


@pytest.mark.parametrize(
    "text",
    [
        SPEC.replace("\n## What", f"\n# Shorten\n\n{SMUGGLED}\n\n## What", 1),
        SPEC.replace("\n## Who", f"\n## \n\n{SMUGGLED}\n\n## Who", 1),
        after_a_rule(f"\n\n<div>\n{SMUGGLED}\n</div>\n"),
        after_a_rule(f"\n\n<ul><li>R8: {SMUGGLED}</li></ul>\n"),
        after_a_rule(f"\n\n<!-- x --> {SMUGGLED}"),
        after_a_rule(f"\n<!-- x --> {SMUGGLED}"),
        after_a_rule(f" <!-- {SMUGGLED}"),
        after_a_rule(f" \\<!-- {SMUGGLED} -->"),
        after_a_rule(f" \\`{SMUGGLED}\\`"),
        after_a_rule(f' A 5" link: {SMUGGLED}, on a 3" one.'),
        after_a_rule(f"{TABLE[:-1]}| {SMUGGLED} |"),
        f"{SPEC}\n> {SMUGGLED}\n",
    ],
    ids=["above the first heading", "a heading without words", "html", "html list",
         "behind a comment", "behind a comment in an item", "a comment that is none",
         "an escaped comment", "escaped backticks", "inches", "a cell too many", "a quotation"],
)  # fmt: skip
def test_what_the_agent_gets_was_read(text: str) -> None:
    assert reaches_the_agent(text)
    assert found(text) & {*READ, "section-unnamed", "hidden-text"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"\n\n```json {SMUGGLED}\n{{}}\n```", "hidden-text"),
        (f'\n\nThe [form](/a "{SMUGGLED}") says so.', "hidden-text"),
        (f'\n\nThe [form][f] says so.\n\n[f]: /a "{SMUGGLED}"', "hidden-text"),
        (f'\n\nThe <b title="{SMUGGLED}">form</b> says so.', "hidden-text"),
        (f"{TABLE} {SMUGGLED} |", "hidden-text"),
        (f"\n\n  | a |\n  | --- |\n  | b | {SMUGGLED} |", "hidden-text"),
        (" It sh&#111;uld be quick.", "hidden-text"),
        (" It sh&#x6f;uld be quick.", "hidden-text"),
        *(
            (f" It sho{char}uld be quick.", "hidden-character")
            for char in "\u200c\u200d\u034f\ufe01\ufe0f\u3164\u1160\uffa0\u180b\u17b4\u2800\ufffc"
        ),
        (" It is quick.\U000e0101", "hidden-character"),
        (" It is quick.\U0001d173", "hidden-character"),
    ],
)
def test_what_no_page_shows_is_told(text: str, rule: str) -> None:
    assert rule in found(after_a_rule(text))


@pytest.mark.parametrize(
    "text",
    [
        "\n\n```json\n{}\n```",
        "\n\nThe [form](/a) shows 1 &lt; 2 &#8211; 3.",
        f"{TABLE}\n| too long | 414",
        "\n\n| an alias \\| a name | 404 |\n| --- | --- |\n| `a \\| b` | 404 |",
        " Its page says “न\u200dनमस्ते 👩\u200d🚀 ❤\ufe0f 1\ufe0f\u20e3”.",
        "\n\nThe [form][f] says so.\n\n[f]: /a",
    ],
)
def test_what_a_page_shows_is_no_hidden_text(text: str) -> None:
    assert not found(after_a_rule(text)) & {"hidden-text", "hidden-character", "section-unnamed"}


@pytest.mark.parametrize("deep", ["".join(f"{'  ' * n}- a\n" for n in range(9)), "> " * 21 + "a"])
def test_what_is_too_deep_for_the_parser_is_not_lost(deep: str) -> None:
    assert "unreadable" in found(f"{SPEC}\n\n{deep}\n- C9: {SMUGGLED}\n")


# Whatever opens, closes or hides something around a word that nobody else writes.
MARK = "zqxj"
pieces = st.sampled_from(
    [MARK, MARK, "a", "# ", "## ", "## What", "### ", "- ", "1. ", "> ", "| ", " | ", "|-|-|",
     "---", "```", "``` x ", "~~~", "<div>", "</div>", "<!-- ", " -->", "<!", "<?", "?>",
     "<![CDATA[", "]]>", "[a]: b ", "[a]", "](", ")", "    ", "  ", "\\", "`", '"', "R1: "]
)  # fmt: skip
texts = st.lists(st.one_of(pieces, st.just("\n"), st.just("\n\n")), max_size=40).map("".join)


@example(f"| a | b |\n|-|-|\n| a | b | {MARK}")
@example(f"<!-- a --> {MARK}")
@example(f"> > - <div>\n{MARK}")
@given(texts)
def test_any_word_that_reaches_the_agent_stands_in_a_block(body: str) -> None:
    text = SPEC[: SPEC.index("\n## What")] + "\n" + body
    shown = without_comments(body_of(text))
    try:
        document = parse_spec(text, path="example.md")
    except InputError:
        return  # Refused as a whole: too deep, or never closed.
    told = [section.name for section in document.sections]
    told += [block.text for section in document.sections for block in section.blocks]
    for line in shown.split("\n"):
        hidden = any(mark in line for mark in ("]:", "```", "~~~"))  # Told by `hidden-text`.
        if MARK in line and not hidden:
            assert sum(one.count(MARK) for one in told) >= line.count(MARK)
