"""The review of a pull request, in real repositories: who answers for what, and what is refused."""

from __future__ import annotations

import pytest

from factory.errors import InputError
from tests.unit.spec.review.specs_repository import BAD, FACTORY_YML, spec


def rules(report):
    return [(one.path, one.rule) for one in report.findings]


def test_a_clean_change_passes(specs):
    head = specs.commit({"specs/second.md": spec("second")}, branch="change")
    report = specs.review()
    assert report.passed
    assert (report.head, report.specs, report.changed_specs) == (head, 2, 1)
    assert report.base == specs.git("rev-parse", "main")
    assert report.findings == report.known == report.refused == ()


def test_a_finding_in_a_changed_spec_is_the_pull_requests(specs):
    text = spec("second", BAD)
    specs.commit({"specs/deep/second.md": text}, branch="change")
    report = specs.review()
    (one,) = report.findings
    assert not report.passed
    line = text.splitlines().index("- A rule without a number.") + 1
    assert (one.rule, one.path, one.line) == ("requirement-number", "specs/deep/second.md", line)
    assert one.in_commit
    assert report.errors == 1


def test_what_was_there_in_another_file_is_told_and_does_not_count(specs):
    specs.commit({"specs/old.md": spec("old", BAD)})
    specs.commit({"specs/second.md": spec("second")}, branch="change")
    report = specs.review()
    assert report.passed
    assert (report.errors, report.known_errors) == (0, 1)
    assert [one.path for one in report.known] == ["specs/old.md"]


def test_what_was_there_counts_once_the_file_is_touched(specs):
    specs.commit({"specs/old.md": spec("old", BAD)})
    specs.commit({"specs/old.md": spec("old", BAD) + "\n"}, branch="change")
    assert not specs.review().passed


def test_an_error_that_appears_in_another_file_counts(specs):
    """The second holder of an id is the later file, whoever came last."""
    specs.commit({"specs/a.md": spec("first")}, branch="change")
    report = specs.review()
    assert rules(report) == [("specs/first.md", "id-twice")]
    assert not report.passed


def test_a_spec_that_is_deleted_and_needed_counts(specs):
    specs.commit({"specs/next.md": spec("next", ("depends-on: []", "depends-on: [first]"))})
    specs.commit({"specs/first.md": None}, branch="change")
    report = specs.review()
    assert rules(report) == [("specs/next.md", "dependency")]
    assert report.changed_specs == 1


def test_a_spec_that_is_deleted_and_not_needed_passes(specs):
    specs.commit({"specs/first.md": None, "specs/README.md": "None yet.\n"}, branch="change")
    assert specs.review().passed


def test_the_context_library_is_looked_at_where_no_spec_is_left(specs):
    changes = {"specs/first.md": None, "context/glossary.yml": "terms: x\n"}
    specs.commit(changes, branch="change")
    report = specs.review()
    assert rules(report) == [("context/glossary.yml", "context-glossary")]
    assert not report.passed
    assert report.specs == 0


def test_templates_are_too(specs):
    changes = {"specs/first.md": None, "spec-templates/feature.md": "no template\n"}
    specs.commit(changes, branch="change")
    assert rules(specs.review()) == [("spec-templates/feature.md", "template")]


def test_a_text_that_nobody_would_read_as_a_spec_is_a_finding(specs):
    specs.commit({"specs/second.MD": spec("second")}, branch="change")
    assert rules(specs.review()) == [("specs/second.MD", "unreadable")]


def test_a_pull_request_that_changes_nothing_passes(specs):
    specs.commit({}, branch="change")
    report = specs.review()
    assert report.passed
    assert report.changed_specs == 0


def test_hundreds_of_changed_specs_are_all_looked_at(specs):
    many = {f"specs/s{n:03}.md": spec(f"s{n:03}") for n in range(350)}
    many["specs/s349.md"] = spec("s349", BAD)
    specs.commit(many, branch="change")
    report = specs.review()
    assert report.changed_specs == 350
    assert rules(report) == [("specs/s349.md", "requirement-number")]


def test_a_repository_without_configuration_or_specs(specs, tmp_path):
    other = type(specs)(tmp_path / "other")
    other.commit({"README.md": "New.\n"})
    other.commit({"specs/second.md": spec("second")}, branch="change")
    assert other.review().passed
    other.commit({"docs/x.md": "x"}, branch="later")
    assert other.review("later", base="change").passed


def test_a_broken_factory_yml_is_a_finding_on_its_line(specs):
    specs.commit({"factory.yml": FACTORY_YML + "\nno-such-key: 1\n"}, branch="change")
    report = specs.review()
    (one,) = report.findings
    assert (one.rule, one.path) == ("configuration", "factory.yml")
    assert one.line > 1
    assert report.refused == ()  # No spec comes along.


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/x.yml",
        "factory.yml",
        "CODEOWNERS",
        "docs/CODEOWNERS",
        "spec-templates/note.txt",
    ],
)
def test_specs_and_protected_files_together_are_refused(specs, path):
    files = {"specs/second.md": spec("second"), path: FACTORY_YML + "\n"}
    head = specs.commit(files, branch="change")
    report = specs.review(head)
    assert not report.passed
    assert [one.path for one in report.refused] == [path]
    assert report.findings == ()
    assert "no code owner has set the label" in report.refused[0].why
    assert specs.desk.asked == [("7", "factory-config")]


def test_a_protected_file_that_is_deleted_or_moved_is_refused(specs):
    moved = {".github/CODEOWNERS": None, "owners.txt": "* @ann\n"}
    specs.commit({**moved, "specs/second.md": spec("second")}, branch="change")
    (one,) = specs.review().refused
    assert (one.path, one.in_commit) == (".github/CODEOWNERS", False)


def test_the_owner_on_the_base_branch_lets_it_through(specs):
    files = {
        "specs/second.md": spec("second"),
        ".github/CODEOWNERS": "* @mallory\n",
        ".github/workflows/x.yml": "on: push\n",
    }
    specs.commit(files, branch="change")
    specs.desk.labelled = "mallory"
    report = specs.review(labelled_by="mallory")
    assert [one.path for one in report.refused] == [".github/CODEOWNERS", ".github/workflows/x.yml"]
    assert all("mallory set the label but does not own it" in one.why for one in report.refused)
    assert report.allowed_by is None
    specs.desk.labelled = "ann"
    report = specs.review(labelled_by="ann")
    assert report.passed
    assert report.allowed_by == "ann"


def test_the_label_must_still_be_there_and_whoever_set_it_must_be_known(specs):
    specs.commit({"specs/second.md": spec("second"), "factory.yml": FACTORY_YML + "\n"}, branch="c")
    assert "taken off" in specs.review("c", labelled_by="ann").refused[0].why
    specs.desk.may_ask = False
    assert "cannot be verified" in specs.review("c", labelled_by="ann").refused[0].why
    assert "no code owner" in specs.review("c").refused[0].why


def test_configuration_alone_and_specs_alone_need_nobody(specs):
    specs.commit({"factory.yml": FACTORY_YML + "\n", ".github/x": "x"}, branch="c")
    assert specs.review("c").passed
    assert specs.desk.asked == []


def test_configuration_alone_fails_if_a_spec_fails_by_it(specs):
    """Not a rule of today's gate alone: any finding that was not there before counts."""
    specs.commit({"specs/README.md": "x\n"})
    specs.commit({"factory.yml": "version: 1\n"}, branch="c")
    report = specs.review("c")
    assert not report.passed
    assert report.refused == ()


def test_a_merge_group_is_asked_about_its_specs_alone(specs):
    files = {"specs/second.md": spec("second", BAD), "factory.yml": FACTORY_YML + "\n"}
    specs.commit(files, branch="c")
    report = specs.review("c", pull=None)
    assert report.pull is None
    assert report.refused == ()
    assert rules(report) == [("specs/second.md", "requirement-number")]


def test_commits_without_a_common_ancestor_are_an_error(specs):
    specs.git("checkout", "-q", "--orphan", "lone")
    specs.commit({"specs/second.md": spec("second")}, branch="lone")
    with pytest.raises(InputError, match="no common ancestor"):
        specs.review("lone")


def test_a_head_that_the_repository_lacks_is_an_error(specs):
    with pytest.raises(InputError):
        specs.review("c" * 40)


def test_a_head_behind_the_base_is_compared_with_where_it_left(specs):
    specs.commit({"specs/second.md": spec("second")}, branch="change")
    specs.commit(
        {"factory.yml": FACTORY_YML + "\n", "specs/third.md": spec("third")}, branch="main"
    )
    report = specs.review()
    assert report.passed
    assert report.changed_specs == 1
    assert report.base != specs.git("rev-parse", "main")


def test_a_link_in_specs_is_refused(specs):
    specs.commit({"specs/second.md": "-> ../context/x.md", "context/x.md": "x"}, branch="change")
    report = specs.review()
    assert ("specs/second.md", "unreadable") in rules(report)


def test_a_submodule_is_a_finding_and_nothing_else_is_looked_at(specs):
    head = specs.commit({"specs/second.md": spec("second")}, branch="change")
    specs.git("update-index", "--add", "--cacheinfo", f"160000,{head},specs/sub")
    specs.git("commit", "-q", "-m", "x")
    report = specs.review()
    (one,) = report.findings
    assert (one.rule, one.path, one.in_commit) == ("unreadable", "specs/sub", False)
    assert "submodule" in one.message
    assert not report.passed
