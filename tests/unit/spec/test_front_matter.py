"""Values set in front matter: the value changes, all else stays as it was written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factory.config.yaml_source import parse_yaml
from factory.errors import InputError
from factory.spec.document import parse_spec
from factory.spec.front_matter import as_yaml, with_values

BODY = "\n## What\n\n---\n\nid: stays\n"


@pytest.mark.parametrize(
    ("front", "after"),
    [
        ("id: old", "id: new"),
        ("id: old # why", "id: new # why"),
        ("id:   'old'", "id:   new"),
        ("id:", "id: new"),
        ("id: # why", "id: new # why"),
        ("a: 1\nid: old\nz: 2", "a: 1\nid: new\nz: 2"),
        ("id: >-\n  old\n  text\nz: 2", "id: new\nz: 2"),
        ("id: &name old", "id: new"),
        ("id: {PUT: yours}", "id: new"),
        ("z: 2", "z: 2\nid: new"),
        ("{id: old, z: 2}", "{id: new, z: 2}"),
    ],
)
def test_the_value_changes_and_nothing_else(front: str, after: str) -> None:
    changed = with_values(f"---\n{front}\n---\n{BODY}", {"id": "new"}, path="x.md")
    assert changed == f"---\n{after}\n---\n{BODY}"


def test_a_text_that_is_no_spec_is_refused() -> None:
    for text in ("no front matter\n", "---\nid: [\n---\n", "---\n- a\n---\n", "---\n---\n"):
        with pytest.raises(InputError):
            with_values(text, {"id": "new"}, path="x.md")


TEXTS = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60
)


@example("0E0")
@given(TEXTS)
def test_any_line_comes_back_as_it_was_given(text: str) -> None:
    written = as_yaml(text)
    assert "\n" not in written
    assert parse_yaml(f"value: {written} # why\n", path="x").data == {"value": text}
    changed = with_values(f"---\nid: x\n---\n{BODY}", {"id": text, "title": text}, path="x.md")
    meta = parse_spec(changed, path="x.md").meta
    assert (meta["id"], meta["title"]) == (text, text)


@pytest.mark.parametrize("text", ["no", "007", "~", "null", "2024-01-01", "- a", "a: b"])
def test_what_yaml_takes_for_something_else_is_quoted(text: str) -> None:
    assert as_yaml(text) == f'"{text}"'
