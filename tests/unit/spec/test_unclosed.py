"""A code block or a comment that is left open is told itself, once, where it begins."""

import pytest

from factory import resources
from factory.errors import InputError
from factory.spec.alone import check_text
from factory.spec.document import parse_spec
from factory.spec.surroundings import Surroundings

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def before(heading: str, *lines: str) -> str:
    """The template with these lines before one of its headings."""
    return FEATURE.replace(f"## {heading}\n", "\n".join([*lines, "", f"## {heading}", ""]))


def refusal(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        parse_spec(text, path="x.md")
    assert caught.value.path == "x.md"
    assert caught.value.mend
    return caught.value


@pytest.mark.parametrize(
    ("opening", "what", "ends"),
    [
        ("```", "code block", "```"),
        ("~~~~ json", "code block", "~~~~"),
        ("<!-- later", "comment", "-->"),
        ("> ```", "code block", None),
    ],
)
def test_what_is_left_open_is_told_where_it_begins(
    opening: str, what: str, ends: str | None
) -> None:
    text = before("Rules", opening, "some text")
    if ends is None:  # The quote ends it.
        assert parse_spec(text, path="x.md").section("Rules") is not None
        return
    error = refusal(text)
    assert error.line == line_of(text, opening)
    assert f"the {what} that begins here is not closed" in error.message
    assert f"`## Rules` in line {line_of(text, '## Rules')}" in error.message
    assert f"write {ends} " in error.mend


def test_it_is_the_only_finding() -> None:
    text = before("Who", "```", "some text")
    (one,) = check_text(text.encode(), "x.md", Surroundings()).findings
    assert (one.rule, one.line) == ("unreadable", line_of(text, "```\nsome"))


def test_the_one_that_was_forgotten_is_told_and_not_the_last() -> None:
    text = before("Rules", "```", "first").replace(
        "## Evaluation", "```\nsecond\n```\n\n## Evaluation"
    )
    assert refusal(text).line == line_of(text, "```\nfirst")
    text = before("Rules", "```", "first").replace(
        "## Evaluation", "```json\nsecond\n```\n\n## Evaluation"
    )
    assert refusal(text).line == line_of(text, "```\nfirst")
    text = before("Rules", "<!-- first").replace(
        "## Evaluation", "<!-- second -->\n\n## Evaluation"
    )
    assert refusal(text).line == line_of(text, "<!-- first")


@pytest.mark.parametrize("opening", ["```", "<!-- later"])
def test_one_that_takes_in_a_requirement_is_told_too(opening: str) -> None:
    head, _, last = FEATURE.rpartition("- C1:")
    text = f"{head}\n{opening}\n- C1:{last}"
    error = refusal(text)
    assert error.line == line_of(text, f"{opening}\n- C1")
    assert f"in line {error.line + 1}" in error.message


@pytest.mark.parametrize("opening", ["```", "<!-- the end"])
def test_one_that_takes_in_nothing_is_read_as_markdown_reads_it(opening: str) -> None:
    text = f"{FEATURE}\n{opening}\nGET /\n"
    assert len(parse_spec(text, path="x.md").sections) == 8


@pytest.mark.parametrize(
    "lines",
    [
        ("```", "## Not a heading", "```"),
        ("```` md", "```", "## Not a heading", "```", "````"),
        ("<!--", "## Not a heading", "-->"),
        ("<!-- one --> and <!-- two -->",),
        ("<!-- one", "two -->"),
        ("- an item", "  ```", "  code", "  ```"),
        ("- an item", "  ```", "  code in it, which ends with the item"),
        ("> ```", "> code", "> ```"),
        ("<pre>", "x", "</pre>"),
        ("<PRE>", "x", "</pre>"),
        ("A text that says `<!--` and ``` within.",),
        ("    ``` is code by its indentation",),
    ],
)
def test_what_is_closed_is_read(lines: tuple[str, ...]) -> None:
    names = [one.name for one in parse_spec(FEATURE, path="x.md").sections]
    read = parse_spec(before("Rules", "", *lines), path="x.md")
    assert [one.name for one in read.sections] == names
