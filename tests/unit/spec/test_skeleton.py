"""Skeletons: rendered without a rest, written all or not at all."""

import os
from pathlib import Path

import pytest

from factory.config.factory_file import load_configuration
from factory.config.validate import require_valid
from factory.config.yaml_source import parse_yaml
from factory.errors import InputError
from factory.spec import skeleton
from factory.spec.document import read_spec
from factory.spec.gate import check_files

VALUES = {
    "product": "wordcount",
    "owner": "@acme/owners",
    "repository": "../product",
    "scenarios": "../scenarios",
}
every_kind = pytest.mark.parametrize("kind", skeleton.SKELETONS)


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@every_kind
def test_nothing_of_the_skeleton_s_own_marks_is_left(kind: str) -> None:
    files = skeleton.render(kind, **VALUES)
    assert {".github/CODEOWNERS", ".gitignore", "README.md"} <= set(files)
    assert all("%%" not in text for text in files.values())
    assert "@acme/owners" in files[".github/CODEOWNERS"]
    assert not any("__pycache__" in name for name in files)


@pytest.mark.parametrize("product", ["wordcount", "no", "null", "y", "a-b"])
@pytest.mark.parametrize("repository", ["acme/x", "../a: b #c", "https://example.invalid/a.git"])
def test_names_that_yaml_reads_otherwise_stay_names(
    tmp_path: Path, product: str, repository: str
) -> None:
    values = {**VALUES, "product": product, "repository": repository}
    skeleton.write(tmp_path / "specs", skeleton.render("specs", **values))
    configuration = load_configuration(tmp_path / "specs")
    assert list(configuration.products) == [product]
    wanted = repository
    if repository.startswith("."):
        wanted = str((tmp_path / "specs" / repository).resolve())
    assert configuration.products[product].repository == wanted
    spec = read_spec(tmp_path / "specs" / "specs" / "count-words.md")
    assert (spec.meta["product"], spec.meta["owner"]) == (product, "@acme/owners")
    assert check_files([tmp_path / "specs"]) == ([], 1)


def test_the_specs_have_a_context_library_and_guarded_workflows(tmp_path: Path) -> None:
    files = skeleton.render("specs", **VALUES)
    assert {
        "context/product.md",
        "context/standards.md",
        "context/glossary.yml",
        "context/decisions/0001-standard-library.md",
        "agents/builder.md",
        ".github/workflows/factory.yml",
        ".github/workflows/spec-gate.yml",
        ".github/workflows/conversations.yml",
    } <= set(files)
    owned = files[".github/CODEOWNERS"]
    assert "\n/.github/ @acme/owners\n" in owned and "\n/factory.yml @acme/owners\n" in owned
    (terms,) = parse_yaml(files["context/glossary.yml"], path="x").data.values()
    assert all(set(one) == {"term", "meaning", "synonyms"} for one in terms)


def test_the_scenarios_say_which_version_they_answer() -> None:
    files = skeleton.render("scenarios", **VALUES)
    settings = parse_yaml(files["scenarios.yml"], path="scenarios.yml")
    require_valid(settings, "scenarios.schema.json")
    assert settings.data["specs"] == {"count-words": {"answers-version": 1}}


def test_what_is_written_is_what_was_rendered(tmp_path: Path) -> None:
    files = {"a": "1\n", ".b/c/d": "2\n", ".b/e": ""}
    skeleton.write(tmp_path / "new" / "folder", files)
    for name, text in files.items():
        assert (tmp_path / "new" / "folder" / name).read_text("utf-8") == text
    assert tree(tmp_path / "new" / "folder") == [".b", ".b/c", ".b/c/d", ".b/e", "a"]
    assert tree(tmp_path)[:2] == ["new", "new/folder"]


@pytest.mark.parametrize("name", ["", ".git"])
def test_a_folder_without_files_is_free(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir(exist_ok=True)
    before = tmp_path.stat().st_ino
    skeleton.write(tmp_path, {"a": "", "b/c": ""})
    assert tmp_path.stat().st_ino == before
    assert tree(tmp_path) == sorted(["a", "b", "b/c", *([name] if name else [])])


def test_a_folder_that_holds_anything_is_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"notes\.txt"):
        skeleton.write(tmp_path, {"a": "", "notes.txt": "theirs"})
    assert tree(tmp_path) == ["notes.txt"]
    assert (tmp_path / "notes.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize("exists", [True, False])
def test_a_failure_half_way_leaves_nothing(tmp_path: Path, exists: bool) -> None:
    folder = tmp_path / "folder"
    if exists:
        folder.mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        skeleton.write(folder, {"a": "", "b" * 300: "a name that no file can have"})
    assert tree(tmp_path) == (["folder"] if exists else [])


def test_what_appears_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone else writes `b` after the folder was found free."""
    (tmp_path / "b").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(skeleton, "require_free", lambda folder: None)
    with pytest.raises(InputError, match="cannot be written"):
        skeleton.write(tmp_path, {"a": "", "b": "theirs", "c": ""})
    assert tree(tmp_path) == ["b"]
    assert (tmp_path / "b").read_text("utf-8") == "mine"


@pytest.mark.parametrize("kind", ["file", "link", "dangling", "pipe"])
def test_what_is_no_folder_is_refused(tmp_path: Path, kind: str) -> None:
    place, other = tmp_path / "place", tmp_path / "other"
    if kind == "file":
        place.write_text("mine", encoding="utf-8")
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to(other)
        if kind == "link":
            other.mkdir()
    before = tree(tmp_path)
    with pytest.raises(InputError):
        skeleton.write(place, {"a": ""})
    assert tree(tmp_path) == before


@pytest.mark.parametrize("place", ["/proc/factory-init", "/dev/null/x", "x" * 300])
def test_a_place_that_takes_no_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"cannot be (written|read)"):
        skeleton.write(Path(place), {"a": ""})
