"""Which files of a folder are documents."""

from pathlib import Path

import pytest

from factory.errors import InputError
from factory.spec.importing.collect import collect
from tests.unit.spec.importing.reading import CASES


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# T\n", encoding="utf-8")


def found_in(folder: Path) -> list[str]:
    return [str(one.path.relative_to(folder)) for one in collect(folder)[0]]


def test_spec_kit_s_folder_holds_a_spec_in_each_folder(tmp_path: Path) -> None:
    write(tmp_path, "001-a/spec.md", "001-a/plan.md", "001-a/tasks.md", "002-b/spec.md")
    assert found_in(tmp_path) == ["001-a/spec.md", "002-b/spec.md"]
    assert [one.name for one in collect(tmp_path)[1]] == ["plan.md", "tasks.md"]


def test_a_change_is_one_document_and_the_archive_none() -> None:
    found, passed_over = collect(CASES / "openspec")
    assert [one.name for one in found] == [
        "pause-reminders",
        "csv-export",
        "link-previews",
        "session-timeout",
    ]
    assert [one.name for one in found[0].files] == ["proposal.md", "spec.md", "spec.md"]
    assert [one.name for one in passed_over] == ["tasks.md"]


def test_archived_changes_hidden_folders_and_links_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "changes/archive/x/proposal.md", ".git/a.md", "b.md", "README.md")
    (tmp_path / "link.md").symlink_to(tmp_path / "b.md")
    assert found_in(tmp_path) == ["b.md"]


def test_without_a_spec_file_each_markdown_file_is_a_document(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "deep/b.markdown", "c.txt")
    assert found_in(tmp_path) == ["a.md", "deep/b.markdown"]


def test_nothing_to_import(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.md"):
        with pytest.raises(InputError) as error:
            collect(path)
        assert error.value.path == str(path) and error.value.mend
