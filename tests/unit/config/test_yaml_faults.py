"""A text that is no YAML: the mistake itself is named, where it is, with a mend that works."""

import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from factory.config.yaml_faults import explain
from factory.config.yaml_source import parse_yaml
from factory.errors import InputError

LINES = [
    "id: count-bytes",
    "title: Count the bytes",
    "kind: feature",
    "status: ready",
    "version: 1",
    "product: counter",
    'owner: "@acme/owners"',
    "stakes: normal",
]
# The line, what it is made, where the mistake is, and what is said of it.
MISTAKES = [
    (7, 'owner: "@acme\a/owners"', 7, 14, "U+0007", "remove it"),
    (2, "title: a\u2028b", 2, 9, "U+2028", "remove it"),
    (7, '\towner: "@a"', 7, 1, "a tab stands at the beginning", "spaces"),
    (8, "budget:\n\tusd: 5", 9, 1, "a tab stands at the beginning", "spaces"),
    (8, "depends-on:\n  -\ta", 9, 4, "a tab stands before a value", "spaces"),
    (7, "owner: @acme/owners", 7, 8, "begins with `@`", '`owner: "@acme/owners"`'),
    (7, "owner:\t@acme/owners # us", 7, 8, "begins with `@`", '`owner: "@acme/owners"`'),
    (7, "owner: [@acme/owners, x]", 7, 9, "begins with `@`", '`"@acme/owners"`'),
    (2, "title: `wc` counts", 2, 8, "begins with a backtick", '`title: "`wc` counts"`'),
    (2, "title: %d bytes", 2, 8, "begins with `%`", '`title: "%d bytes"`'),
    (2, "title: **Count** it", 2, 8, "begins with `*`", '`title: "**Count** it"`'),
    (2, "title: > 5 bytes", 2, 8, "begins with `>`", '`title: "> 5 bytes"`'),
    (2, "title: , and more", 2, 8, "begins with `,`", '`title: ", and more"`'),
    (2, "title: Bytes: count", 2, 13, "a second colon", '`title: "Bytes: count"`'),
    (7, 'owner: "@acme/owners', 7, 8, '`"` is not closed', 'write `"`'),
    (2, 'title: "Count the bytes', 2, 8, '`"` is not closed', 'write `"`'),
    (2, "title: 'Count the bytes", 2, 8, "`'` is not closed", "write `'`"),
    (2, 'title: "Count" bytes', 2, 16, 'behind the closing `"`', "quotes around all"),
    (2, "title: 'The user's list'", 2, 18, "behind the closing `'`", "written twice"),
    (2, "title: [draft] Count", 2, 16, "behind the closing `]`", "quotes around all"),
    (3, "depends-on: [count", 3, 13, "`[` is not closed", "write `]`"),
    (8, "depends-on: [count", 8, 13, "`[` is not closed", "write `]`"),
    (8, "depends-on: [", 8, 13, "`[` is not closed", "write `]`"),
    (3, "budget: {usd: 5,", 3, 9, "`{` is not closed", "write `}`"),
    (3, "kind feature", 3, 1, "is no `key: value`", "`kind: feature`"),
    (1, "id count-bytes", 1, 1, "is no `key: value`", "`id: count-bytes`"),
    (8, "stakes normal", 8, 1, "is no `key: value`", "`stakes: normal`"),
    (3, "kind:feature", 3, 1, "is no `key: value`", "space behind the colon: `kind: feature`"),
    (2, "title: Count\nthe bytes", 3, 1, "`the bytes` is no `key: value`", "indent the line"),
    (3, "  kind: feature", 3, 3, "indented deeper", "below the first letter"),
    (1, "  id: count-bytes", 1, 1, "the first key is indented", "one column"),
    (8, "budget:\n  usd: 5\n minutes: 3", 10, 2, "another column", "indent it"),
    (3, "- kind: feature", 3, 1, "an item of a list", "`key:`"),
    (3, "...", 3, 1, "`...` ends the keys", "remove the line"),
    (3, ": feature", 3, 1, "begins with a colon", "a key"),
    (3, "@kind: feature", 3, 1, "the line begins with `@`", "a key"),
    (2, 'title: "C:\\quick"', 2, 11, "backslash", "single quotes"),
]  # fmt: skip


def text_with(number: int, line: str) -> str:
    return "\n".join([*LINES[: number - 1], line, *LINES[number:]]) + "\n"


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", None)])
@pytest.mark.parametrize(("number", "wrong", "line", "column", "said", "mend"), MISTAKES)
def test_the_mistake_itself_is_named(
    loader: Any, number: int, wrong: str, line: int, column: int, said: str, mend: str
) -> None:
    text = text_with(number, wrong)
    with pytest.raises(yaml.YAMLError) as caught:
        yaml.compose(text, Loader=loader)
    found = explain(caught.value, text)
    assert (found.line, found.column) == (line, column), found
    assert said in found.message
    assert mend in found.mend


@pytest.mark.parametrize(("number", "wrong", "mend"), [
    (number, wrong, mend[1:-1]) for number, wrong, *_, mend in MISTAKES
    if re.fullmatch("`[a-z]+: .*`", mend)
])  # fmt: skip
def test_the_line_that_the_mend_writes_is_read(number: int, wrong: str, mend: str) -> None:
    found = parse_yaml(text_with(number, mend), path="x").data
    assert len(found) == len(LINES)
    key, value = re.split(r":?\s", wrong, maxsplit=1)
    assert found[key] == value.partition("#")[0].strip()


def test_a_text_of_several_lines_in_quotes_is_not_taken_for_an_open_quote() -> None:
    text = text_with(2, 'title: "Count\n  the bytes" # all\nsubtitle: it\'s one').replace(
        "stakes: normal", "stakes: @normal"
    )
    with pytest.raises(InputError, match="begins with `@`") as caught:
        parse_yaml(text, path="x")
    assert caught.value.line == 10


def test_places_count_from_the_file() -> None:
    with pytest.raises(InputError, match="`@`") as caught:
        parse_yaml("id: x\nowner: @a\n", path="x", line_offset=1)
    assert (caught.value.line, caught.value.column) == (3, 8)


def test_line_ends_of_windows_are_no_mistake() -> None:
    text = text_with(7, "owner: @acme/owners").replace("\n", "\r\n")
    with pytest.raises(InputError, match="`@`") as caught:
        parse_yaml(text, path="x")
    assert (caught.value.line, caught.value.column) == (7, 8)
    assert caught.value.mend.endswith('`owner: "@acme/owners"`')
    assert len(parse_yaml("\r\n".join(LINES), path="x").data) == len(LINES)


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\r"])
def test_what_ends_a_line_only_for_yaml_moves_no_line(end: str) -> None:
    source = parse_yaml(text_with(2, f"title: Count{end}the bytes"), path="x")
    assert source.data["title"] == "Count the bytes"
    assert source.place(("stakes",)) == (8, 9)
    with pytest.raises(InputError, match="U\\+") as caught:
        parse_yaml(text_with(2, f"title: Count{end}the").replace("kind: ", "kind "), path="x")
    assert (caught.value.line, caught.value.column) == (2, 13)


PIECES = st.lists(
    st.sampled_from(
        ["a", ": ", ":", "\n", "\n  ", "\n\t", "- ", "[", "]", "{", "}", '"', "'", "@", "#", " ",
         "|", "\\", "...", "---", "&a", "*a", "!t ", ", ", "\u2028", "\a", "?", "\r", "%"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(PIECES, st.sampled_from([yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]))
def test_whatever_is_refused_has_a_place_in_the_text_and_a_mend(text: str, loader: Any) -> None:
    try:
        yaml.compose(text, Loader=loader)
    except yaml.YAMLError as problem:
        found = explain(problem, text)
        assert 1 <= found.line <= text.count("\n") + 1
        assert found.column >= 1
        assert found.message and found.mend
