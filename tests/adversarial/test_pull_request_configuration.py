"""Pull request: a spec that smuggles a change to what runs, or to who decides, past its owners."""

from __future__ import annotations

import pytest

from tests.unit.spec.review.specs_repository import FACTORY_YML, Specs, spec

EVIL = "on: push\n"


@pytest.fixture
def specs(tmp_path):
    made = Specs(tmp_path / "specs")
    files = {
        "specs/first.md": spec("first"),
        "factory.yml": FACTORY_YML,
        ".github/CODEOWNERS": "* @ann # and never again @mallory\n",
        ".github/workflows/ci.yml": "on: pull_request\n",
        "docs/x.md": "x",
        "spec-templates/feature.md": "## What\n",
    }
    made.commit(files)
    return made


def refused(report):
    assert not report.passed
    return [one.path for one in report.refused]


def test_a_history_that_crosses_hides_no_change(specs):
    """main has taken the workflow's change back since; from the other ancestor nothing differs.

    main:   A ── B (changes the workflow) ── M1 = B + C ── takes it back
    change: A ── C ─────────────────────── M2 = C + B, with a spec
    """
    specs.commit({"note.md": "C"}, branch="change")
    specs.git("checkout", "-q", "main")
    specs.commit({".github/workflows/ci.yml": EVIL})
    base, side = specs.git("rev-parse", "main"), specs.git("rev-parse", "change")
    specs.git("merge", "-q", "--no-ff", "-m", "M1", side)
    specs.commit({".github/workflows/ci.yml": "on: pull_request\n"})
    specs.git("checkout", "-q", "change")
    specs.git("merge", "-q", "--no-ff", "-m", "M2", base)
    specs.commit({"specs/second.md": spec("second")}, branch="change")
    assert len(specs.git("merge-base", "--all", "main", "change").split()) == 2
    assert ".github/workflows/ci.yml" in refused(specs.review())


def test_a_merge_that_keeps_an_old_workflow_is_a_change(specs):
    specs.commit({"specs/second.md": spec("second")}, branch="change")
    specs.commit({".github/workflows/ci.yml": "on: merge_group\n"}, branch="main")
    specs.git("checkout", "-q", "change")
    specs.git("merge", "-q", "-s", "ours", "-m", "ours", "main")
    assert refused(specs.review()) == [".github/workflows/ci.yml"]


def test_a_change_that_is_undone_later_is_none(specs):
    files = {".github/workflows/ci.yml": EVIL, "specs/second.md": spec("second")}
    specs.commit(files, branch="change")
    specs.commit({".github/workflows/ci.yml": "on: pull_request\n"}, branch="change")
    assert specs.review().passed


@pytest.mark.parametrize("kind", ["link", "submodule", "file"])
def test_a_protected_folder_that_becomes_something_else(specs, kind):
    head = specs.commit({"specs/second.md": spec("second"), "mine/x.yml": EVIL}, branch="change")
    specs.git("rm", "-q", "-r", ".github")
    blob = specs.git("hash-object", "-w", "--stdin", stdin=b"mine")
    entry = {"link": f"120000,{blob}", "submodule": f"160000,{head}", "file": f"100644,{blob}"}
    specs.git("update-index", "--add", "--cacheinfo", f"{entry[kind]},.github")
    specs.git("commit", "-q", "-m", "x")
    report = specs.review()
    assert not report.passed
    if kind != "submodule":  # Of that one nothing more is looked at: it can never be planned.
        assert ".github" in refused(report)


@pytest.mark.parametrize(
    "path", [".GITHUB/workflows/x.yml", "Factory.yml", "docs/codeowners", ".git\u200dhub/x"]
)
def test_another_spelling_that_a_file_system_mixes_up(specs, path):
    specs.commit({"specs/second.md": spec("second"), path: EVIL}, branch="change")
    report = specs.review()
    assert not report.passed


@pytest.mark.parametrize("spelling", ["specs/note.txt", "Specs/second.md", "specs"])
def test_anything_in_the_folder_of_specs_makes_it_a_pull_request_of_specs(specs, spelling):
    if spelling == "specs":
        specs.git("checkout", "-q", "-b", "change")
        specs.git("rm", "-q", "-r", "specs")
    specs.commit({spelling: "-> docs" if spelling == "specs" else "x", "factory.yml": FACTORY_YML
                  + "\n"}, branch="change")  # fmt: skip
    assert refused(specs.review()) == ["factory.yml"]


def test_the_pull_requests_own_codeowners_and_a_name_in_a_comment_count_for_nothing(specs):
    files = {
        "specs/second.md": spec("second"),
        ".github/CODEOWNERS": "* @mallory\n",
        "CODEOWNERS": "* @mallory\n",
        ".github/workflows/ci.yml": EVIL,
    }
    specs.commit(files, branch="change")
    specs.desk.labelled = "mallory"
    assert refused(specs.review(labelled_by="mallory")) == sorted(
        path for path in files if not path.startswith("specs/")
    )


def test_an_old_event_of_the_owners_label_run_again_after_it_was_withdrawn(specs):
    specs.commit(
        {"specs/second.md": spec("second"), "factory.yml": "version: 1\n"}, branch="change"
    )
    specs.desk.labelled = None
    assert refused(specs.review(labelled_by="ann")) == ["factory.yml"]
    specs.desk.labelled = "mallory"  # Set anew by someone who may label and owns nothing.
    assert refused(specs.review(labelled_by="ann")) == ["factory.yml"]
    assert refused(specs.review(labelled_by="mallory")) == ["factory.yml"]


def test_hundreds_of_other_files_hide_nothing(specs):
    """GitHub's own list of changed files ends at 300 for filters, at 3000 in its API."""
    many = {f"aaa/{n:04}.txt": "x" for n in range(3100)}
    specs.commit(
        {**many, "specs/second.md": spec("second"), ".github/z.yml": EVIL}, branch="change"
    )
    assert refused(specs.review()) == [".github/z.yml"]


def test_very_many_protected_files_are_counted_where_they_are_not_named(specs):
    many = {f".github/workflows/{n:04}.yml": EVIL for n in range(500)}
    specs.commit({**many, "specs/second.md": spec("second")}, branch="change")
    report = specs.review()
    assert not report.passed
    assert report.refused_count == 500
    assert len(report.refused) == 50
