"""What stands around specs and cannot be read is refused or told, whichever spec is asked about."""

from collections.abc import Callable
from pathlib import Path

import pytest

from factory import resources
from factory.errors import ConfigurationError
from factory.spec.gate import check_files
from factory.spec.review.findings import _checked

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
GLOSSARY = "terms: [{term: address, meaning: Where a link leads., synonyms: [URL]}]\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    for name in ("specs", "context"):
        (folder / name).mkdir(parents=True)
    (folder / "specs" / "a.md").write_text(FEATURE)
    (folder / "specs" / "b.md").write_text(FEATURE.replace("id: shorten-url", "id: other"))
    return folder


def as_folder(path: Path) -> None:
    path.mkdir()


def as_link_to_nothing(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.parametrize("made", [as_folder, as_link_to_nothing])
def test_a_factory_yml_that_is_no_file_is_refused(root: Path, made: Callable[[Path], None]) -> None:
    made(root / "factory.yml")
    for asked in (root, root / "specs" / "a.md"):
        with pytest.raises(ConfigurationError):
            check_files([asked])
    findings, _ = _checked(root, None)
    assert [(one.rule, one.path) for one in findings] == [("configuration", "factory.yml")]


def as_no_yaml(path: Path) -> None:
    path.write_text("terms: [\n")


def as_clash(path: Path) -> None:
    path.write_text(GLOSSARY.replace("[URL]", "[address]"))


def as_latin(path: Path) -> None:
    path.write_bytes(b"terms: # \xe4\n")


@pytest.mark.parametrize(
    ("made", "rule"),
    [
        (as_no_yaml, "context-unreadable"),
        (as_clash, "context-glossary"),
        (as_latin, "context-unreadable"),
        (as_folder, "context-unreadable"),
        (as_link_to_nothing, "context-unreadable"),
    ],
)
def test_a_glossary_that_cannot_be_read_is_told_once(
    root: Path, made: Callable[[Path], None], rule: str
) -> None:
    made(root / "context" / "glossary.yml")
    for asked in (root, root / "specs" / "a.md"):
        findings, _ = check_files([asked])
        [found] = [one for one in findings if one.rule.startswith("context-")]
        assert (found.rule, found.severity) == (rule, "error")
        assert found.path.endswith("context/glossary.yml")


@pytest.mark.parametrize("made", [as_link_to_nothing, as_latin])
def test_so_is_a_folder_of_context_that_is_none(root: Path, made: Callable[[Path], None]) -> None:
    (root / "context").rmdir()
    (root / "factory.yml").write_text(
        "version: 1\nproducts: {shortener: {repository: ../product, subject: {command: x}}}\n"
        "scenarios: {repository: ../scenarios}\n"
    )
    made(root / "context")
    for asked in (root, root / "specs" / "a.md"):
        findings, _ = check_files([asked])
        [found] = [one for one in findings if one.rule == "context-unreadable"]
        assert found.path.endswith("repository/context")


def test_what_else_is_wrong_in_the_library_is_told_with_the_whole_alone(root: Path) -> None:
    (root / "context" / "glossary.yml").write_text(GLOSSARY)
    (root / "context" / "stray.txt").write_text("x\n")
    one, _ = check_files([root / "specs" / "a.md"])
    every, _ = check_files([root])
    assert "context-unreadable" not in {found.rule for found in one}
    assert "synonym" in {found.rule for found in one}  # The glossary was read.
    assert "context-unreadable" in {found.rule for found in every}
