"""A base that somebody asks for is compared with, or the command fails: it is never passed over."""

from pathlib import Path

import pytest

from factory.errors import InputError
from factory.spec.gate import check_files
from tests.unit.spec.versions.specs_repository import SpecsRepository, spec

CHANGED = spec().replace("9 characters", "8 characters").replace("7 characters", "9 characters")


def rules(path: Path, base: str | None) -> set[str]:
    return {one.rule for one in check_files([path], base=base)[0]}


@pytest.fixture
def unmarked(tmp_path: Path) -> SpecsRepository:
    """A repository of git with a folder `specs`, and nothing that marks it as one of ours."""
    made = SpecsRepository(tmp_path / "unmarked")
    made.commit(spec())
    made.write(CHANGED)
    return made


@pytest.mark.parametrize("named", ["", "specs", "specs/shorten-url.md"])
def test_specs_of_an_unmarked_repository_are_compared(
    unmarked: SpecsRepository, named: str
) -> None:
    path = unmarked.folder / named
    assert "version-same" in rules(path, "main")
    assert "version-same" not in rules(path, None)
    with pytest.raises(InputError, match="no branch, tag or commit 'no-such'"):
        check_files([path], base="no-such")


def test_files_outside_of_specs_are_compared_in_the_folder_that_holds_them(tmp_path: Path) -> None:
    made = SpecsRepository(tmp_path / "other")
    files = [made.folder / "docs" / name for name in ("a.md", "deep/b.md")]
    for number, path in enumerate(files):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(spec(spec_id=f"spec-{number}"))
    made.commit()
    for number, path in enumerate(files):
        path.write_text(CHANGED.replace("shorten-url", f"spec-{number}"))
    findings, count = check_files([made.folder / "docs"], base="HEAD")
    found = [Path(one.path).name for one in findings if one.rule == "version-same"]
    assert (sorted(found), count) == (["a.md", "b.md"], 2)


@pytest.mark.parametrize("marked", [False, True])
def test_outside_of_git_there_is_nothing_to_compare_with(tmp_path: Path, marked: bool) -> None:
    (tmp_path / "specs").mkdir()
    if marked:
        (tmp_path / "context").mkdir()
    path = tmp_path / "specs" / "shorten-url.md"
    path.write_text(spec())
    for named in (path, tmp_path):
        with pytest.raises(InputError, match="not in a git repository"):
            check_files([named], base="main")
        check_files([named])
