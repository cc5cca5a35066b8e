"""Reading a spec: parts with their lines; bad input with file, line, column and mend."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory import resources
from factory.errors import InputError
from factory.spec.document import SpecDocument, parse_spec, read_spec
from factory.spec.gate import check_specs
from factory.spec.spoken import spoken

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")


def test_requirements_carry_their_lines() -> None:
    document = parse_spec(FEATURE, path="x.md")
    lines = FEATURE.split("\n")
    found = list(document.requirements())
    assert [one.id for one in found] == ["R1", "R2", "E1", "E2", "C1"]
    for one in found:
        assert lines[one.line - 1].startswith(f"- {one.id}:")


def test_a_requirement_may_run_over_lines_and_comments_are_not_requirements() -> None:
    text = FEATURE.replace("- R1: `POST", "<!-- - R9: hidden -->\n- R1: first\n  second `POST")
    found = {one.id: one.text for one in parse_spec(text, path="x.md").requirements()}
    assert "R9" not in found
    assert found["R1"].startswith("first second `POST /links`")


def test_the_highest_number_is_evaluated_as_every_other() -> None:
    text = FEATURE.replace("R2", "R999")
    assert check_specs([parse_spec(text, path="x.md")]) == []
    higher = parse_spec(FEATURE.replace("R2", "R1000"), path="x.md")
    assert "R1000" not in {one.id for one in higher.requirements()}
    assert all("R1000" not in ids for _, ids, _ in higher.coverage())


def test_a_comment_beside_the_ids_of_an_evaluation_hides_none_of_them() -> None:
    for ids in (
        "<!-- posts --> R1, R2",
        "R1<!-- posts -->, R2",
        "R1 <!-- posts -->, R2 <!-- opens -->",
    ):
        document = parse_spec(FEATURE.replace("- R1, R2", f"- {ids}"), path="x.md")
        _, covered, says = next(document.coverage())
        assert covered == ("R1", "R2") and says.startswith("Given a valid URL")


@pytest.mark.parametrize("between", [" —", " –", ":", " : ", "\n ", "\n  **", " "])
def test_an_evaluation_may_set_a_dash_or_a_new_line_behind_its_ids(between: str) -> None:
    written = FEATURE.replace("- R1, R2: Given", f"- R1, R2{between} Given".replace("** ", "**"))
    assert written != FEATURE or between == ":"
    document = parse_spec(written, path="x.md")
    _, covered, says = next(document.coverage())
    assert covered == ("R1", "R2") and says.lstrip("*").startswith("Given a valid URL")
    assert [one.rule for one in check_specs([document])] == []


TABLE = """
| Of | Given | When | Then |
| --- | --- | --- | --- |
| R1, R2 | a valid URL | a client posts it | the status is 302 |
| E1 | given an alias that no link has | a client opens it | the status is 404 |
| as above | a URL | a client posts it | the status is 302 |
"""


def test_an_evaluation_may_be_a_table_whose_head_names_the_steps() -> None:
    before, rest = FEATURE.split("## Evaluation\n")
    document = parse_spec(f"{before}## Evaluation\n{TABLE}{rest}", path="x.md")
    rows = [(ids, says) for block, ids, says in document.coverage() if block.kind == "row"]
    assert rows == [
        (("R1", "R2"), "Given a valid URL, When a client posts it, Then the status is 302"),
        (
            ("E1",),
            "given an alias that no link has, When a client opens it, Then the status is 404",
        ),
    ]
    assert [one.rule for one in check_specs([document])] == []


@pytest.mark.parametrize(
    ("data", "line", "column", "words"),
    [
        (b"no front matter\n", 1, 1, "front matter"),
        (b"---\nid: x\n", 1, 1, "not closed"),
        (b"---\nid: a\nid: b\n---\n", 3, 1, "twice"),
        (b"---\nid: &a x\ntitle: *a\n---\n", 2, None, "alias"),
        (b"---\nid: [\n---\n", 2, 5, "`[` is not closed"),
        (b'---\nid: x\nowner: "@acme\a/x"\n---\n', 3, 14, "U+0007"),
        (b"---\nid: x\n---\n\nbad \xff byte\n", 5, 5, "UTF-8"),
        (b"---\nid: x\n---\n\nnul \x00\n", 5, 5, "NUL"),
        (b"---\n\tid: x\n---\n", 2, 1, "a tab"),
        (b"---\n- a\n---\n", 2, 1, "mapping"),
    ],
)
def test_bad_input_is_answered_with_its_place(
    tmp_path: Path, data: bytes, line: int, column: int | None, words: str
) -> None:
    path = tmp_path / "bad.md"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_spec(path)
    assert words in caught.value.message
    assert caught.value.line == line
    assert column is None or caught.value.column == column
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    ("front", "place", "words", "mend"),
    [
        ("", (2, 1), "is empty", "`factory new feature ID`"),
        ("# later\n", (2, 1), "is empty", "`kind: feature`"),
        ("- id: x\n- kind: y\n", (2, 1), "is a list", "without `- `"),
        ("# mine\n\n  - x\n", (4, 3), "is a list", "without `- `"),
        ("count-bytes\n", (2, 1), "is one value", "`key: value` on each line"),
        ("id:x\nkind:feature\n", (2, 1), "is one value", "a space behind each colon"),
        ("12\n", (2, 1), "is one value", "`key: value` on each line"),
    ],
)
def test_front_matter_without_keys_is_told_with_what_to_write(
    front: str, place: tuple[int, int], words: str, mend: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse_spec(f"---\n{front}---\n", path="x.md")
    assert (caught.value.line, caught.value.column) == place
    assert words in caught.value.message
    assert mend in caught.value.mend


def test_bom_and_crlf_are_read(tmp_path: Path) -> None:
    path = tmp_path / "dos.md"
    path.write_bytes(b"\xef\xbb\xbf" + FEATURE.replace("\n", "\r\n").encode())
    document = read_spec(path)
    assert check_specs([document]) == []
    assert document.digest == parse_spec(FEATURE, path="x").digest


@given(st.binary(max_size=400))
def test_the_reader_never_crashes_and_names_only_lines_that_exist(data: bytes) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".md") as file:
        file.write(b"---\nid: x\n---\n" + data)
        file.flush()
        count = (b"---\nid: x\n---\n" + data).count(b"\n") + 1
        try:
            document = read_spec(Path(file.name))
        except InputError as error:
            assert error.line is not None and 1 <= error.line <= count
            return
        for found in check_specs([document]):
            assert 1 <= found.line <= count


@pytest.mark.parametrize(
    "row",
    [
        "| zebra | a zebra one |zebra|",
        "|  | zebra |  | zebra |",
        r"| x \| zebra | zebra \|\| y | \| zebra |",
        r"| `a\|b` zebra | “c\|d” zebra |",
        r"| zebra\\| zebra | zebra |",
        "zebra | zebra",
        r"| a | b | c | zebra | a zebra | x \| zebra |",
        "| | | | | zebra | zebra |",
        "| zebra <!-- a comment --> | zebra | a<!-- one --> zebra <!-- two --> zebra |",
    ],
)
@pytest.mark.parametrize("before", ["", "> ", "- It is:\n\n  "])
def test_each_word_of_a_table_stands_where_it_is_said_to(row: str, before: str) -> None:
    below = before if before == "> " else " " * len(before.rpartition("\n")[2])
    table = f"{before}| a | b | c | d |\n{below}|---|---|---|---|\n{below}{row}\n{below}{row}\n"
    text = FEATURE.replace("## Edge cases", f"{table}\n## Edge cases")
    document = parse_spec(text, path="x.md")
    assert told_zebras(document) == zebras(text)


@pytest.mark.parametrize(
    "said",
    [
        "A zebra.<!-- of -->",
        "<!-- of --> A zebra has a zebra.",
        "A <!-- of --> zebra, a<!-- of --> zebra, a zebra <!-- of -->; no zebra.",
        "A\n  zebra <!-- of\n  none --> zebra and a\n  zebra.",
    ],
)
def test_each_word_beside_a_comment_stands_where_it_is_said_to(said: str) -> None:
    text = FEATURE.replace("## Edge cases", f"- R3: {said}\n\n## Edge cases")
    assert told_zebras(parse_spec(text, path="x.md")) == zebras(text)


def told_zebras(document: SpecDocument) -> list[tuple[int, int]]:
    return sorted(
        document.place(one.passage, one.sentence.offset(at))
        for one in spoken(document)
        for at, word in enumerate(one.sentence.words)
        if word == "zebra"
    )


def zebras(text: str) -> list[tuple[int, int]]:
    return [
        (number, found.start() + 1)
        for number, line in enumerate(text.split("\n"), 1)
        for found in re.finditer("zebra", line)
    ]
