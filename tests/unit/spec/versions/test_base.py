"""Which commit specs are compared with, and names that want to be something else."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from factory.errors import InputError, ProcessFailed
from factory.ports.git.command import environment
from factory.ports.git.objects import objects
from factory.spec.versions import check_versions
from factory.spec.versions.base import AUTOMATIC, find_base
from tests.unit.spec.versions.specs_repository import SpecsRepository, spec

DOCS = Path(__file__).parents[4] / "docs"
CHANGED = spec(extra=" More.")


def name_of(specs: SpecsRepository, wanted: str | None = None) -> str:
    with objects(specs.folder) as store:
        found = find_base(store, wanted)
    assert found is not None
    return found.name


def test_the_first_base_branch_that_exists(specs: SpecsRepository) -> None:
    assert name_of(specs) == "main"
    specs.git("branch", "-m", "trunk")
    assert name_of(specs) == "HEAD"
    specs.git("branch", "master")
    assert name_of(specs) == "master"
    for ref in ("origin/master", "origin/main"):
        specs.git("update-ref", f"refs/remotes/{ref}", "HEAD")
        assert name_of(specs) == ref
    specs.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/master")
    assert name_of(specs) == "origin/HEAD"


@pytest.mark.parametrize("page", ["check.md", "versions.md"])
def test_the_pages_list_the_same_bases(page: str) -> None:
    text = " ".join((DOCS / page).read_text("utf-8").split())
    found = re.search(r"elsewhere the first that exists of ((?:`[^`]+`[,.] ?)+)", text)
    assert found
    shown = [re.sub(r"^refs/(remotes|heads)/", "", one) for one in AUTOMATIC]
    assert re.findall(r"`([^`]+)`", found[1]) == shown


def test_a_tag_or_branch_that_looks_like_the_base_is_none(specs: SpecsRepository) -> None:
    specs.git("tag", "origin/main")
    specs.git("branch", "origin/HEAD")
    specs.git("update-ref", "refs/heads/HEAD", "HEAD")
    assert name_of(specs) == "main"


def test_the_base_that_is_wanted(specs: SpecsRepository) -> None:
    first = specs.git("rev-parse", "HEAD")
    specs.commit(CHANGED)
    specs.git("tag", "v1", first)
    specs.git("update-ref", "refs/remotes/origin/release", first)
    for wanted in (first, "v1", "refs/tags/v1", "HEAD~1", "HEAD^1", "main^", "release",
                   "origin/release"):  # fmt: skip
        with objects(specs.folder) as store:
            found = find_base(store, wanted)
        assert found is not None and (found.commit, found.name) == (first, wanted)
        assert specs.check(wanted) == [("version-same", 6)]
    assert specs.check("main") == []


@pytest.mark.parametrize(
    "wanted",
    ["", "nowhere", "main~9", "--all", "-h", "main:specs", "main^{tree}", "a\nHEAD", "main ", "*",
     "..", "@{-1}", "refs/heads/../HEAD", "é\0", "~1", "x" * 400, "0" * 40, ":/a", "--batch-check"],
)  # fmt: skip
def test_a_base_that_is_no_name_of_a_commit(specs: SpecsRepository, wanted: str) -> None:
    with pytest.raises(InputError):
        check_versions(specs.folder, wanted, specs.files())


def test_refs_named_like_options(specs: SpecsRepository) -> None:
    commit = specs.git("rev-parse", "HEAD")
    for ref in ("refs/heads/--output=x", "refs/remotes/origin/--upload-pack=x", "refs/heads/-h"):
        specs.git("update-ref", ref, commit)
    specs.write(CHANGED)
    assert specs.check() == [("version-same", 6)]
    assert specs.check("refs/heads/--output=x") == [("version-same", 6)]
    for wanted in ("--output=x", "-h"):
        with pytest.raises(InputError):
            specs.check(wanted)
    assert not (specs.folder / "x").exists()


def test_without_a_repository_or_a_commit(tmp_path: Path) -> None:
    file = tmp_path / "specs" / "a.md"
    file.parent.mkdir()
    file.write_text(spec())
    assert check_versions(tmp_path, None, [file]) == []
    with pytest.raises(InputError, match="no base branch"):
        check_versions(tmp_path, "main", [file])
    (tmp_path / ".git").mkdir()  # A trace that is no repository.
    assert check_versions(tmp_path, None, [file]) == []
    with pytest.raises(InputError, match="no base branch"):
        check_versions(tmp_path, "main", [file])
    (tmp_path / ".git").rmdir()
    subprocess.run(["git", "init", "-q", tmp_path], env=environment(), check=True)
    assert check_versions(tmp_path, None, [file]) == []


def test_a_folder_of_a_larger_repository_and_a_linked_work_tree(specs, tmp_path: Path) -> None:
    (specs.folder / "part").mkdir()
    specs.git("mv", "specs", "part/specs")
    specs.commit()
    for place in (specs.folder, tmp_path / "linked"):
        if place != specs.folder:
            specs.git("worktree", "add", "-q", str(place), "-b", "other")
        file = place / "part" / "specs" / "shorten-url.md"
        file.write_text(CHANGED)
        (found,) = check_versions(place / "part", None, [file])
        assert found.rule == "version-same"


def test_files_beside_the_specs_are_no_specs(specs: SpecsRepository) -> None:
    (specs.folder / "context").mkdir()
    (specs.folder / "context" / "old.md").write_text(spec(spec_id="other", version=9))
    specs.write(spec(spec_id="other", version=9), "README.md")
    specs.commit()
    (specs.folder / "context" / "old.md").unlink()
    specs.write(spec({"R1": "Cows eat grass."}, spec_id="other"), "other.md")
    assert specs.check() == []


def test_names_with_line_ends_quotes_and_other_bytes(specs: SpecsRepository) -> None:
    for name in ('a\n"b"\t.md', "HEAD missing\n.md", "-n.md", "é ü.md"):
        specs.commit(spec({"R1": f"{name!r} eats grass."}, spec_id="odd"), name)
        specs.write(spec({"R1": f"{name!r} eats grass."}, spec_id="odd", extra=" More."), name)
        assert specs.check() == [("version-same", 6)]
        specs.git("rm", "-qf", "--", f":(literal)specs/{name}")
        specs.commit()


@pytest.mark.parametrize("what", ["HEAD:specs", "HEAD:specs/deep", "HEAD:specs/deep/a.md"])
@pytest.mark.parametrize("damage", ["gone", "rubbish"])
def test_damage_is_an_error_and_no_pass(specs: SpecsRepository, what: str, damage: str) -> None:
    specs.commit(spec(spec_id="other"), "deep/a.md")
    name = specs.git("rev-parse", what)
    path = specs.folder / ".git" / "objects" / name[:2] / name[2:]
    path.unlink()
    if damage == "rubbish":
        path.write_bytes(b"rubbish")
    specs.write(spec(spec_id="other", extra=" More."), "deep/a.md")
    with pytest.raises(ProcessFailed):
        specs.check()
