"""A draft's front matter holds what the user said."""

from pathlib import Path

import pytest

from factory.spec.document import parse_spec
from factory.spec.importing import Answers, import_documents


@pytest.mark.parametrize("word", ["yes", "no", "null", "true", "off", "on", "nan", "boats"])
def test_an_answer_that_yaml_would_take_for_something_else_is_quoted(
    tmp_path: Path, word: str
) -> None:
    path = tmp_path / f"{word}.md"
    path.write_text("# Boats\n\n## Requirements\n\nIt counts boats.\n", encoding="utf-8")
    for id in (None, word):
        answers = Answers(id=id, product=word, owner=word)
        [draft], _ = import_documents([path], answers=answers)
        meta = parse_spec(draft.text, path="x.md").meta
        assert (meta["product"], meta["owner"]) == (word, word)
        assert meta["id"] == draft.id and isinstance(meta["id"], str)
        assert id is None or meta["id"] == id
