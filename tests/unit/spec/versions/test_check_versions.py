"""The rules between a spec and the base branch, on repositories made by git."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from factory.spec.versions import check_versions
from tests.unit.spec.versions.specs_repository import RULES, SpecsRepository, line_of, spec

VERSION = ("version-same", 6)
LOWER = ("version-lower", 6)


def changed(**texts: str) -> dict[str, str]:
    return {**RULES, **texts}


def without(*names: str) -> dict[str, str]:
    return {name: text for name, text in RULES.items() if name not in names}


def test_nothing_changed(specs: SpecsRepository) -> None:
    assert specs.check() == []


@pytest.mark.parametrize(
    "text",
    [
        spec(changed(C1="95 of 100 redirects arrive within 40 ms on one core.")),
        spec(title="Shorten any URL"),
        spec(extra=" It never changes."),
        spec(extra=" <!-- seen by nobody -->"),
        spec().replace("stakes: normal", "stakes: low"),
        spec().replace("\n- R2:", "\n\n- R2:"),
        spec().replace("## Who", "### Who"),
    ],
)
def test_a_ready_text_changes_with_its_version(specs: SpecsRepository, text: str) -> None:
    specs.write(text)
    assert specs.check() == [VERSION]
    specs.write(text.replace("version: 1", "version: 2"))
    assert specs.check() == []


@pytest.mark.parametrize(
    "text",
    [
        spec().replace("\n", "\r\n"),
        "\ufeff" + spec(),
        spec() + "\n\n",
        spec().replace("body.\n", "body.  \t\n").replace("## Who\n", "## Who \n"),
        spec(version=2),
        spec(version=7),
        spec(status="draft", extra=" Still thinking."),
        spec(status="paused"),
        spec(status="retired"),
    ],
    ids=["crlf", "bom", "blank-end", "space", "risen", "leap", "draft", "paused", "retired"],
)
def test_what_is_no_change_of_a_ready_text(specs: SpecsRepository, text: str) -> None:
    specs.write(text)
    assert specs.check() == []


def test_a_version_never_falls(specs: SpecsRepository) -> None:
    specs.commit(spec(version=3))
    for text in (spec(version=2), spec(version=2, extra=" More."), spec(version=1, status="draft")):
        specs.write(text)
        assert specs.check() == [LOWER]
    specs.commit(spec(version=5, status="draft"))
    specs.write(spec(version=4))  # Above the last ready version, below what the base calls it.
    assert specs.check() == [LOWER]
    for broken in ("'3'", "three", "0", "true"):  # What `front-matter` says is not said again.
        specs.write(spec(version=broken, extra=" More."))
        assert specs.check() == []


def test_a_draft_may_become_ready_and_change_until_then(specs: SpecsRepository) -> None:
    specs.commit(spec({"R1": "It does this."}, spec_id="other", status="draft"), "other.md")
    specs.write(spec({"R1": "Cows eat grass."}, spec_id="other", status="draft"), "other.md")
    assert specs.check() == []
    specs.write(spec({"R1": "Cows eat grass.", "R2": "It does this."}, spec_id="other"), "other.md")
    assert specs.check() == []


@pytest.mark.parametrize("status", ["draft", "paused", "retired"])
def test_what_was_ready_before_counts_when_it_is_ready_again(
    specs: SpecsRepository, status: str
) -> None:
    specs.commit(spec(status=status))
    specs.write(spec())
    assert specs.check() == []
    specs.commit(spec(status=status, extra=" Changed meanwhile."))
    specs.write(spec(extra=" Changed meanwhile."))
    assert specs.check() == [VERSION]
    specs.write(spec(version=2, extra=" Changed meanwhile."))
    assert specs.check() == []


def test_a_moved_spec_is_followed_by_its_id(specs: SpecsRepository) -> None:
    (specs.folder / "specs" / "shorten-url.md").unlink()
    specs.write(spec(), "links/a.md")
    assert specs.check() == []
    specs.write(spec(extra=" More."), "links/a.md")
    assert specs.check() == [VERSION]
    specs.write(spec({**RULES, "R9": RULES["R3"]}, version=2), "links/a.md")
    assert specs.check() == []  # A copy; R3 still says it.


def test_two_specs_that_change_places(specs: SpecsRepository) -> None:
    other = spec({"R1": "Cows eat grass."}, spec_id="other")
    specs.commit(other, "other.md")
    specs.write(other, "shorten-url.md")
    specs.write(spec(), "other.md")
    assert specs.check() == []
    specs.write(spec(extra=" More."), "other.md")
    assert specs.check() == [VERSION]


def test_new_and_deleted_specs(specs: SpecsRepository) -> None:
    specs.write(spec({"R1": "Cows eat grass."}, spec_id="other"), "other.md")
    assert specs.check() == []
    (specs.folder / "specs" / "shorten-url.md").unlink()
    assert specs.check() == []


def messages(specs: SpecsRepository) -> list[str]:
    return [one.message for one in check_versions(specs.folder, None, specs.files())]


def test_a_message_says_whether_the_base_still_has_the_spec(specs: SpecsRepository) -> None:
    specs.commit(spec(version=2))
    specs.write(spec(version=2, extra=" More."))
    same = "the text has changed, and its version has not"
    assert messages(specs) == [f"{same} (on main it is 2)"]
    specs.write(spec())
    assert messages(specs) == ["the version fell from 2 to 1 (on main it is 2)"]
    (specs.folder / "specs" / "shorten-url.md").unlink()
    specs.commit()
    gone = "(main had version 2, and has the spec no more)"
    specs.write(spec(version=2, extra=" More."))
    assert messages(specs) == [f"{same} {gone}"]
    specs.write(spec())
    assert messages(specs) == [f"the version fell from 2 to 1 {gone}"]


@pytest.mark.parametrize(
    ("requirements", "rule", "at"),
    [
        ({**without("R3"), "R4": RULES["R3"]}, "requirement-renumbered", "- R4:"),
        ({**without("R3"), "E2": RULES["R3"]}, "requirement-renumbered", "- E2:"),
        (
            {**without("R3"), "R4": RULES["R3"].replace("without a body", "with no body")},
            "requirement-renumbered",
            "- R4:",
        ),
        (changed(R3="Cows that graze are counted daily."), "requirement-reused", "- R3:"),
        (changed(C1="No log line holds a name."), "requirement-reused", "- C1: No"),
    ],
)
def test_ids_stay(specs: SpecsRepository, requirements, rule: str, at: str) -> None:
    text = spec(requirements, version=2)
    specs.write(text)
    assert specs.check() == [(rule, line_of(text, at))]


OTHER_WORDS = {
    "R2": "One or more spaces, tabs or line ends separate two words.",
}
PLAINER = "White space of any length divides a text into words."
WHY = "<!-- gate: allow requirement-reused: the same rule in plainer words -->"


def test_a_rewording_that_shares_few_words_is_allowed_with_a_reason(tmp_path: Path) -> None:
    specs = SpecsRepository(tmp_path / "specs")
    specs.commit(spec(OTHER_WORDS))
    text = spec({"R2": PLAINER}, version=2)
    specs.write(text)
    assert specs.check() == [("requirement-reused", line_of(text, "- R2:"))]
    for allowed in (
        spec({"R2": f"{PLAINER} {WHY}"}, version=2),
        text.replace("- R2: White", f"{WHY}\n- R2: White"),
    ):
        specs.write(allowed)
        assert specs.check() == []
    words = "the same rule in plainer words"
    for refused in (
        "<!-- gate: allow requirement-reused: because -->",
        f"<!-- gate: allow requirement-renumbered: {words} -->",
        f"<!-- gate: allow version-same: {words} -->",
    ):
        text = spec({"R2": f"{PLAINER} {refused}"}, version=2)
        specs.write(text)
        assert specs.check() == [("requirement-reused", line_of(text, "- R2:"))]


def test_a_reason_speaks_for_one_change_and_one_requirement(tmp_path: Path) -> None:
    specs = SpecsRepository(tmp_path / "specs")
    specs.commit(spec({**OTHER_WORDS, "R3": "It ends with code 0."}))
    kept = {"R2": f"{PLAINER} {WHY}", "R3": "It ends with code 0."}
    specs.write(spec(kept, version=2, status="draft"))
    assert specs.check() == []
    specs.commit()
    specs.write(spec(kept, version=2))
    assert specs.check() == []
    specs.commit()
    assert specs.check() == []
    again = spec({**kept, "R2": f"Cows that graze are counted daily. {WHY}"}, version=3)
    specs.write(again)
    assert specs.check() == [("requirement-reused", line_of(again, "- R2:"))]
    specs.write(again.replace("plainer words", "the farmers' words"))
    assert specs.check() == []
    specs.write(spec({**kept, "R3": f"Cows that graze are counted daily. {WHY}"}, version=3))
    assert specs.check() == []


def test_a_new_requirement_that_looks_like_an_old_one_is_allowed_with_a_reason(specs) -> None:
    why = "gate: allow requirement-renumbered: a new rule of the same form"
    requirements = {**without("R3"), "R4": f"{RULES['R3']} <!-- {why} -->"}
    specs.write(spec(requirements, version=2))
    assert specs.check() == []
    specs.write(spec(spec_id="short-links"))
    assert specs.check() == [("requirement-renumbered", 2)]
    specs.write(spec(spec_id="short-links").replace("short-links", f"short-links # {why}", 1))
    assert specs.check() == []


def test_removing_a_requirement_in_the_middle_does_not_move_the_others(specs) -> None:
    specs.write(spec(without("R2"), version=2))
    assert specs.check() == []
    text = spec({**without("R3"), "R2": RULES["R3"]}, version=2)
    specs.write(text)
    assert specs.check() == [("requirement-renumbered", line_of(text, "- R2:"))]


@pytest.mark.parametrize(
    "requirements",
    [
        changed(R3="A link is removed by `DELETE /links/<alias>`; the answer is 204."),
        changed(C1="99 of 100 redirects arrive within 30 ms on one core."),
        changed(R4="`PATCH /links/<alias>` changes the URL and answers 200."),
        {**without("R3"), "R4": "Cows that graze are counted daily."},
        dict(reversed(RULES.items())),
    ],
    ids=["reworded", "bound", "added", "replaced", "order"],
)
def test_what_an_author_may_do_with_requirements(specs: SpecsRepository, requirements) -> None:
    specs.write(spec(requirements, version=2))
    assert specs.check() == []


def test_an_id_that_was_removed_is_not_used_again(specs: SpecsRepository) -> None:
    specs.commit(spec(without("R3"), version=2))
    specs.commit(spec(without("R3"), version=3, extra=" More."))
    text = spec(changed(R3="Cows that graze are counted daily."), version=4)
    specs.write(text)
    (found,) = check_versions(specs.folder, None, specs.files())
    assert (found.rule, found.line) == ("requirement-reused", line_of(text, "- R3:"))
    assert "version 1" in found.message and "DELETE" in found.message and "R4" in found.mend
    specs.write(spec(RULES, version=4))  # The same requirement may come back.
    assert specs.check() == []
    text = spec({**without("R3"), "R5": RULES["R3"]}, version=4)
    specs.write(text)
    assert specs.check() == [("requirement-renumbered", line_of(text, "- R5:"))]


def test_a_renamed_spec_keeps_its_id_or_leaves_it_behind_retired(specs: SpecsRepository) -> None:
    specs.write(spec(spec_id="short-links"))
    assert specs.check() == [("requirement-renumbered", 2)]
    specs.write(spec(status="retired"), "old.md")
    assert specs.check() == []
    (specs.folder / "specs" / "old.md").unlink()
    specs.write(spec({"R1": "Cows eat grass.", "C1": RULES["C1"]}, spec_id="cows"))
    assert specs.check() == []


def test_specs_that_cannot_be_read_are_left_to_the_gate(specs: SpecsRepository) -> None:
    specs.write("no front matter")
    (specs.folder / "specs" / "bytes.md").write_bytes(b"\xff\x00")
    assert specs.check() == []
    specs.commit()
    specs.write(spec(extra=" More."))
    assert specs.check() == [VERSION]  # The base's text is broken; the one before it counts.
    specs.write(spec({"R1": "Cows eat grass."}, spec_id="fresh"), "bytes.md")
    specs.write(spec(version=2, extra=" More."))
    assert specs.check() == []


def test_only_what_the_branch_changed_itself_is_compared(specs: SpecsRepository) -> None:
    specs.commit(spec({"R1": "Cows eat grass."}, spec_id="other"), "other.md")
    specs.git("checkout", "-q", "-b", "behind")
    specs.git("checkout", "-q", "main")
    specs.commit(spec(version=2, extra=" More."))
    specs.git("checkout", "-q", "behind")
    assert specs.check("main") == []
    specs.write(spec({"R1": "Cows eat grass."}, spec_id="other", extra=" More."), "other.md")
    assert specs.check("main") == [VERSION]
    specs.write(spec(version=2, extra=" Something else."))
    assert specs.check("main") == [VERSION, VERSION]


def test_some_files_alone(specs: SpecsRepository, monkeypatch) -> None:
    for number in range(3):
        one = spec({"R1": f"Cow {number} eats."}, spec_id=f"cow-{number}")
        specs.commit(one, f"cow-{number}.md")
    monkeypatch.chdir(specs.folder / "specs")
    Path("cow-1.md").rename("moved.md")
    Path("moved.md").write_text(spec({"R1": "Cow 1 eats."}, spec_id="cow-1", extra=" More."))
    (found,) = check_versions(Path(".."), None, [Path("moved.md")])
    assert (found.path, found.rule) == ("moved.md", "version-same")
    assert check_versions(Path(".."), None, [Path("cow-0.md")]) == []
    Path("moved.md").write_text(spec({"R1": "Cow 1 eats."}, spec_id="bull", extra=" More."))
    (found,) = check_versions(Path(".."), None, [Path("moved.md")])
    assert (found.rule, found.line) == ("requirement-renumbered", 2)
    Path("kept.md").write_text(spec({"R1": "Cow 1 eats."}, spec_id="cow-1", status="retired"))
    assert check_versions(Path(".."), None, [Path("moved.md")]) == []


def test_what_is_no_file_any_more_is_not_waited_for(specs: SpecsRepository) -> None:
    place = specs.folder / "specs" / "shorten-url.md"
    place.unlink()
    os.mkfifo(place)
    specs.write(spec(extra=" More."), "moved.md")
    assert check_versions(specs.folder, None, [place]) == []
    moved = specs.folder / "specs" / "moved.md"
    assert [one.rule for one in check_versions(specs.folder, None, [moved])] == ["version-same"]
    place.unlink()
    place.symlink_to("moved.md")
    assert [one.rule for one in check_versions(specs.folder, None, [moved])] == ["version-same"]


def test_a_repository_of_longer_ids(tmp_path: Path) -> None:
    specs = SpecsRepository(tmp_path / "long", object_format="sha256")
    specs.commit(spec())
    specs.commit(spec(without("R3"), version=2), "deep/shorten-url.md")
    (specs.folder / "specs" / "shorten-url.md").unlink()
    specs.commit()
    assert specs.check() == []
    text = spec({**without("R3"), "R5": RULES["R3"]}, version=2)
    specs.write(text, "deep/shorten-url.md")
    assert specs.check() == [VERSION, ("requirement-renumbered", line_of(text, "- R5:"))]


@pytest.fixture
def counted_git(tmp_path: Path, monkeypatch) -> Path:
    """A `git` on PATH that notes each start in the file returned."""
    log = tmp_path / "started"
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "git"
    script.write_text(f'#!/bin/sh\necho "$@" >> {log}\nPATH={os.environ["PATH"]} exec git "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return log


def test_one_git_process_answers_for_many_files(
    specs: SpecsRepository, counted_git: Path, monkeypatch
) -> None:
    for number in range(300):
        specs.write(spec({"R1": f"Cow {number} eats."}, spec_id=f"cow-{number}"), f"{number}.md")
    specs.commit()
    counted_git.unlink()
    parsed = []
    monkeypatch.setattr("factory.spec.versions.beside.read_spec", parsed.append)
    first = specs.files()[0]
    first.write_bytes(first.read_bytes().replace(b"\n", b"\r\n"))
    assert specs.check() == [] and parsed == []
    assert len(counted_git.read_text().splitlines()) == 1


def test_a_changed_bound_needs_no_history(specs: SpecsRepository, counted_git: Path) -> None:
    specs.write(spec(changed(C1="95 of 100 redirects arrive within 40 ms on one core.")))
    counted_git.unlink(missing_ok=True)
    assert specs.check() == [VERSION]
    assert len(counted_git.read_text().splitlines()) == 1
