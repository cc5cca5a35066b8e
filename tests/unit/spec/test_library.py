"""Which specs are checked when somebody names files and folders."""

from pathlib import Path

import pytest

from factory import resources
from factory.errors import InputError
from factory.spec.gate import check_files
from factory.spec.library import batches

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
CONFIGURATION = """version: 1
products: {shortener: {repository: ../product, subject: {command: x}}}
scenarios: {repository: ../scenarios}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "specs-repository"
    (folder / "specs" / "deep").mkdir(parents=True)
    (folder / "factory.yml").write_text(CONFIGURATION)
    one = FEATURE.replace("depends-on: []", "depends-on: [other]")
    (folder / "specs" / "one.md").write_text(one)
    (folder / "specs" / "deep" / "other.md").write_text(
        FEATURE.replace("id: shorten-url", "id: other")
    )
    (folder / "specs" / "README.md").write_text("# no spec\n")
    monkeypatch.chdir(tmp_path)
    return folder


def test_one_file_is_checked_among_all_of_its_repository(repository: Path) -> None:
    findings, count = check_files([repository / "specs" / "one.md"])
    assert (findings, count) == ([], 1)  # `other` is found, though nobody named it.


def test_only_what_was_named_is_told(repository: Path) -> None:
    (repository / "specs" / "deep" / "other.md").write_text("no spec\n")
    findings, _ = check_files([repository / "specs" / "one.md"])
    assert [one.rule for one in findings] == ["dependency"]
    findings, count = check_files([repository])
    assert {one.rule for one in findings} == {"dependency", "unreadable"} and count == 2


def test_files_without_a_repository_are_checked_together(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(FEATURE)
    [batch] = batches([tmp_path])
    assert batch.root is None and len(batch.files) == 2
    findings, _ = check_files([tmp_path])
    assert [one.rule for one in findings if one.rule == "id-twice"]


def test_context_and_templates_are_no_specs(repository: Path) -> None:
    for folder in ("context", "agents", "spec-templates"):
        (repository / folder).mkdir()
        (repository / folder / "x.md").write_text("# x\n")
    [batch] = batches([repository.parent])
    assert {Path(name).name for name in batch.named} == {"one.md", "other.md"}


@pytest.mark.parametrize("name", ["nowhere", "nowhere/x.md"])
def test_a_path_that_does_not_exist(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="no such"):
        batches([tmp_path / name])


def test_a_folder_without_specs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no spec"):
        batches([tmp_path])
