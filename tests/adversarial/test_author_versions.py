"""Spec author: changes a ready spec so that nobody's verdict on it means what it meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from factory.errors import ProcessFailed
from factory.spec.versions import check_versions
from factory.spec.versions.history import read_history
from tests.unit.spec.versions.specs_repository import RULES, SpecsRepository, line_of, spec

DOOR = {
    **RULES,
    "R2": RULES["R2"].replace("the stored URL", "the stored URL and the owner's token"),
}
SAME, LOWER = ("version-same", 6), ("version-lower", 6)


@pytest.fixture
def specs(tmp_path: Path) -> SpecsRepository:
    """Version 3 on main; R4 was there in version 2 and went with version 3."""
    made = SpecsRepository(tmp_path / "specs")
    made.commit(spec(version=1))
    made.commit(spec({**RULES, "R4": "`PUT /links/<alias>` replaces the stored URL."}, version=2))
    made.commit(spec(version=3))
    made.git("checkout", "-q", "-b", "change")
    return made


def rules(specs: SpecsRepository, text: str | None = None, name: str = "shorten-url.md") -> list:
    """What the gate says of the branch once `text` is committed on it."""
    specs.commit(text, name)
    return specs.check()


def test_the_version_is_kept(specs: SpecsRepository) -> None:
    assert rules(specs, spec(DOOR, version=3)) == [SAME]


def test_the_version_is_kept_and_the_change_hides_among_line_ends(specs: SpecsRepository) -> None:
    assert rules(specs, spec(DOOR, version=3).replace("\n", "\r\n")) == [SAME]


def test_the_version_is_an_older_one_with_a_text_of_its_own(specs: SpecsRepository) -> None:
    assert rules(specs, spec(DOOR, version=2)) == [LOWER]
    assert rules(specs, spec(version=2)) == [LOWER]


@pytest.mark.parametrize("name", ["moved.md", "deep/er/shorten-url.md", "shorten-url.MD.md"])
def test_the_file_is_moved(specs: SpecsRepository, name: str) -> None:
    specs.git("rm", "-q", "specs/shorten-url.md")
    assert rules(specs, spec(DOOR, version=3), name) == [SAME]


def test_the_file_is_moved_and_another_spec_takes_its_place(specs: SpecsRepository) -> None:
    specs.write(spec({"R1": "Cows eat grass."}, spec_id="cows"))
    assert rules(specs, spec(DOOR, version=3), "moved.md") == [SAME]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("stakes: normal", "stakes: low"),
        ("depends-on: []", "depends-on: [cows]"),
        ("product: shortener", "product: bank"),
        ('owner: "@acme/shortener"', 'owner: "@eve"'),
        ("stakes: normal\n", "stakes: normal\nbudget: {usd: 5000}\n"),
        ("status: ready", "status: ready # and so on"),
    ],
)
def test_only_the_front_matter_changes(specs: SpecsRepository, old: str, new: str) -> None:
    assert rules(specs, spec(version=3).replace(old, new)) == [SAME]


def test_two_ids_change_places(specs: SpecsRepository) -> None:
    text = spec({**RULES, "R1": RULES["R2"], "R2": RULES["R1"]}, version=4)
    lines = [line_of(text, "- R1:"), line_of(text, "- R2:")]
    assert rules(specs, text) == [("requirement-renumbered", line) for line in lines]


def test_two_ids_change_places_with_a_few_words(specs: SpecsRepository) -> None:
    swapped = {
        **RULES,
        "R1": RULES["R2"].replace("in the header", "in its header"),
        "R2": RULES["R1"].replace("answers 201", "answers at once 201"),
    }
    found = [rule for rule, _ in rules(specs, spec(swapped, version=4))]
    assert found == ["requirement-renumbered", "requirement-renumbered"]


def test_ids_go_round_in_a_circle(specs: SpecsRepository) -> None:
    turned = {**RULES, "R1": RULES["R2"], "R2": RULES["R3"], "R3": RULES["R1"]}
    found = [rule for rule, _ in rules(specs, spec(turned, version=4))]
    assert found == ["requirement-renumbered"] * 3


def test_deleted_and_added_again_on_the_branch(specs: SpecsRepository) -> None:
    specs.git("rm", "-q", "specs/shorten-url.md")
    specs.commit()
    assert rules(specs, spec(DOOR, version=3), "again.md") == [SAME]
    assert rules(specs, spec(DOOR, version=1), "again.md") == [LOWER]


def test_deleted_and_added_again_in_two_merged_changes(specs: SpecsRepository) -> None:
    specs.git("rm", "-q", "specs/shorten-url.md")
    specs.commit()
    specs.git("branch", "-f", "main", "HEAD")
    assert rules(specs, spec(DOOR, version=3), "again.md") == [SAME]
    assert rules(specs, spec(DOOR, version=1), "again.md") == [LOWER]
    reused = spec({**RULES, "R3": "Cows that graze are counted daily."}, version=4)
    assert rules(specs, reused, "again.md") == [("requirement-reused", line_of(reused, "- R3:"))]


def test_a_requirement_removed_in_one_change_and_reused_in_another(specs) -> None:
    text = spec({**RULES, "R4": "Cows that graze are counted daily."}, version=4)
    assert rules(specs, text) == [("requirement-reused", line_of(text, "- R4:"))]


@pytest.mark.parametrize("status", ["draft", "paused", "retired"])
def test_through_another_status_in_two_merged_changes(specs: SpecsRepository, status: str) -> None:
    assert rules(specs, spec(DOOR, version=3, status=status)) == []
    specs.git("branch", "-f", "main", "HEAD")
    assert rules(specs, spec(DOOR, version=3)) == [SAME]


def test_through_another_id_and_back(specs: SpecsRepository) -> None:
    found = rules(specs, spec({"R1": "Cows eat grass."}, spec_id="cows", version=3))
    assert found == []
    specs.git("branch", "-f", "main", "HEAD")
    assert rules(specs, spec(DOOR, version=3)) == [SAME]


def test_through_a_text_that_nobody_can_read(specs: SpecsRepository) -> None:
    specs.commit("---\nid: shorten-url\nid: shorten-url\n---\n")
    specs.git("branch", "-f", "main", "HEAD")
    assert rules(specs, spec(DOOR, version=3)) == [SAME]


def test_the_id_is_written_so_that_a_search_does_not_find_it(specs: SpecsRepository) -> None:
    odd = spec(version=4).replace("id: shorten-url", 'id: "\\x73horten-url"')
    assert rules(specs, odd) == []
    specs.git("branch", "-f", "main", "HEAD")
    specs.git("rm", "-q", "specs/shorten-url.md")
    specs.commit()
    specs.git("branch", "-f", "main", "HEAD")
    assert rules(specs, spec(DOOR, version=4), "again.md") == [SAME]


def test_the_spec_goes_on_under_another_id(specs: SpecsRepository) -> None:
    assert rules(specs, spec(DOOR, spec_id="short-links")) == [("requirement-renumbered", 2)]


def test_a_change_hides_in_a_merge(specs: SpecsRepository) -> None:
    specs.git("checkout", "-q", "main")
    specs.git("merge", "-q", "--no-ff", "--no-commit", "change")
    specs.write(spec(DOOR, version=3))
    specs.git("add", "-A")
    specs.git("commit", "-q", "--allow-empty", "-m", "Merge")
    assert specs.check("HEAD^1") == [SAME]


def test_an_old_text_is_merged_over_the_new_one(specs: SpecsRepository) -> None:
    specs.git("checkout", "-q", "-b", "old", "main~1")
    assert specs.check("main") == []  # Merged as it is, it would change nothing.
    specs.git("merge", "-q", "-s", "ours", "-m", "Merge main", "main")
    assert specs.check("main") == [LOWER]


def test_a_branch_without_a_past(specs: SpecsRepository) -> None:
    specs.git("checkout", "-q", "--orphan", "alone")
    assert rules(specs, spec(DOOR, version=3)) == [SAME]


def test_the_branch_brings_a_base_of_its_own(specs: SpecsRepository) -> None:
    specs.git("update-ref", "refs/remotes/origin/main", "main")
    specs.commit(spec(DOOR, version=3))
    specs.git("branch", "-f", "main", "HEAD")
    specs.git("tag", "origin/main", "HEAD")
    specs.git("branch", "refs/remotes/origin/main", "HEAD")
    assert specs.check() == [SAME] and specs.check("refs/remotes/origin/main") == [SAME]


def test_replaced_objects_replace_nothing(specs: SpecsRepository) -> None:
    before = specs.git("rev-parse", "HEAD:specs/shorten-url.md")
    specs.commit(spec(DOOR, version=3))
    specs.git("replace", before, specs.git("rev-parse", "HEAD:specs/shorten-url.md"))
    assert specs.check() == [SAME]


def test_settings_of_the_repository_run_nothing(specs: SpecsRepository, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "gpg.program", "diff.external", "diff.md.textconv", "core.pager",
                "core.sshCommand", "filter.md.clean", "filter.md.smudge"):  # fmt: skip
        specs.git("config", key, str(trap))
    specs.git("config", "log.showSignature", "true")
    hooks = specs.folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "reference-transaction", "post-index-change"):
        os.symlink(trap, hooks / name)
    (specs.folder / ".gitattributes").write_text("*.md diff=md filter=md\n")
    specs.write(spec({**DOOR, "R9": "Cows eat grass."}, version=3))
    assert specs.check() == [SAME]
    assert len(read_history(specs.folder, "shorten-url").versions) == 3
    assert not (tmp_path / "sprung").exists()


def test_a_base_that_unfolds_without_end_is_an_error_soon(specs: SpecsRepository) -> None:
    blob = specs.git("rev-parse", "HEAD:specs/shorten-url.md")
    tree = _tree(specs, f"100644 blob {blob}\ta.md\n")
    for _ in range(12):
        tree = _tree(specs, "".join(f"040000 tree {tree}\t{n}\n" for n in range(10)))
    top = _tree(specs, f"040000 tree {tree}\tspecs\n")
    commit = specs.git("commit-tree", top, "-m", "bomb")
    with pytest.raises(Exception, match="more than 50000 files"):
        check_versions(specs.folder, commit, specs.files())


def test_many_requirements_do_not_take_their_square_of_time(specs: SpecsRepository) -> None:
    many = {f"R{n}": f"Cow {n} eats {n} kg of grass on meadow {n * 7}." for n in range(1, 999)}
    specs.commit(spec(many, version=4))
    specs.git("branch", "-f", "main", "HEAD")
    moved = {f"R{n + 1}": text for n, text in enumerate(many.values(), 1)}
    found = rules(specs, spec(moved, version=5))
    assert [rule for rule, _ in found] == ["requirement-renumbered"] * len(many)


def test_a_broken_repository_is_no_pass(specs: SpecsRepository) -> None:
    specs.commit(spec(DOOR, version=3))
    blob = specs.git("rev-parse", "main:specs/shorten-url.md")
    (specs.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(ProcessFailed):
        specs.check("main")


def _tree(specs: SpecsRepository, rows: str) -> str:
    path = specs.folder / "rows"
    path.write_text(rows)
    try:
        return specs.git("-c", f"alias.make=!git mktree < {path}", "make")
    finally:
        path.unlink()
