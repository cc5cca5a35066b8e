"""Reading a spec: parts with their lines; bad input with file, line, column and mend."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory import resources
from factory.errors import InputError
from factory.spec.document import parse_spec, read_spec
from factory.spec.gate import check_specs

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


@pytest.mark.parametrize(
    ("data", "line", "column", "words"),
    [
        (b"no front matter\n", 1, 1, "front matter"),
        (b"---\nid: x\n", 1, 1, "not closed"),
        (b"---\nid: a\nid: b\n---\n", 3, 1, "twice"),
        (b"---\nid: &a x\ntitle: *a\n---\n", 2, None, "alias"),
        (b"---\nid: [\n---\n", 3, None, "YAML"),
        (b"---\nid: x\n---\n\nbad \xff byte\n", 5, 5, "UTF-8"),
        (b"---\nid: x\n---\n\nnul \x00\n", 5, 5, "NUL"),
        (b"---\n\tid: x\n---\n", 2, 1, "YAML"),
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
