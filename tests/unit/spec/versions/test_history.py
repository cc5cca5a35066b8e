"""Versions and their commits: by id and not by path, on the first-parent line."""

from __future__ import annotations

import msgspec
import pytest

from factory import ledger
from factory.errors import InputError, NothingToDo, UsageError
from factory.records import LedgerEntry
from factory.spec.versions.history import read_history
from factory.spec.versions.runs import runs_of
from factory.spec.versions.sides import sides
from tests.unit.spec.versions.specs_repository import RULES, SpecsRepository, spec

ID = "shorten-url"


def told(specs: SpecsRepository) -> list[tuple[int, str, str, int]]:
    return [
        (one.number, one.commit, one.status, one.drafts)
        for one in read_history(specs.folder, ID).versions
    ]


def test_a_version_is_the_commit_that_made_its_text(specs: SpecsRepository) -> None:
    first = specs.git("rev-parse", "HEAD")
    specs.commit(spec(version=2, status="draft", extra=" One."))
    specs.commit(spec(version=2, status="draft", extra=" Two."))
    second = specs.commit(spec(version=2, extra=" Two."), author="Bob", subject="Ready\n\nAt last")
    specs.commit(spec({"R1": "Cows eat."}, spec_id="other"), "other.md")
    specs.git("mv", "specs/shorten-url.md", "specs/moved.md")
    specs.commit()
    specs.commit(spec(version=2, status="retired", extra=" Two."), "moved.md")
    assert told(specs) == [(2, second, "retired", 1), (1, first, "ready", 0)]
    history = read_history(specs.folder, ID)
    assert [one.path for one in history.versions] == ["specs/moved.md", "specs/shorten-url.md"]
    newest = history.versions[0]
    assert (newest.author.name, newest.author.email, newest.subject) == (
        "Bob", "ann@example.invalid", "Ready",
    )  # fmt: skip
    assert not history.removed and not history.is_cut


def test_moved_and_changed_in_one_commit_removed_and_back(specs: SpecsRepository) -> None:
    first = specs.git("rev-parse", "HEAD")
    specs.git("mv", "specs/shorten-url.md", "specs/b.md")
    specs.commit(spec({"R1": "Cows eat."}, spec_id="cows"))  # Another spec in its old place.
    second = specs.commit(spec(version=2), "b.md")
    (specs.folder / "specs" / "b.md").unlink()
    specs.commit()
    assert told(specs) == [(2, second, "ready", 0), (1, first, "ready", 0)]
    history = read_history(specs.folder, ID)
    assert history.removed and history.working is None
    third = specs.commit(spec(version=3), "deep/er/c.md")
    assert told(specs)[0] == (3, third, "ready", 0)


def test_a_merge_is_one_step_and_its_commits_are_none(specs: SpecsRepository) -> None:
    first = specs.git("rev-parse", "HEAD")
    specs.git("checkout", "-q", "-b", "side")
    specs.commit(spec(version=2, extra=" One."))
    specs.commit(spec(version=3, extra=" Two."))
    specs.git("checkout", "-q", "main")
    specs.commit(spec({"R1": "Cows eat."}, spec_id="cows"), "cows.md")
    specs.git("merge", "-q", "--no-ff", "-m", "Merge it", "side")
    merge = specs.git("rev-parse", "HEAD")
    assert told(specs) == [(3, merge, "ready", 0), (1, first, "ready", 0)]


def test_a_clone_without_its_history_says_so(specs: SpecsRepository, tmp_path) -> None:
    specs.commit(spec(version=2))
    specs.git("clone", "-q", "--depth=1", f"file://{specs.folder}", str(tmp_path / "cut"))
    history = read_history(tmp_path / "cut", ID)
    assert history.is_cut and [one.number for one in history.versions] == [2]


def test_an_id_written_in_another_way_is_the_same_id(specs: SpecsRepository) -> None:
    odd = spec(version=2).replace("id: shorten-url", 'id: "\\x73horten-url"')
    second = specs.commit(odd)
    assert told(specs)[0] == (2, second, "ready", 0)


def test_texts_that_cannot_be_read_are_passed_over(specs: SpecsRepository) -> None:
    first = specs.git("rev-parse", "HEAD")
    specs.commit("---\nid: shorten-url\nid: twice\n---\n")
    third = specs.commit(spec(version=2))
    assert told(specs) == [(2, third, "ready", 0), (1, first, "ready", 0)]


def test_a_broken_file_that_names_the_spec(specs: SpecsRepository) -> None:
    specs.write("---\nid: a\nid: b\ndepends-on: [shorten-url]\n---\n", "a.md")
    assert len(told(specs)) == 1
    specs.write("---\nid: shorten-url\nid: shorten-url\n---\n")
    with pytest.raises(InputError, match="twice"):
        read_history(specs.folder, ID)


@pytest.mark.parametrize(
    "spec_id", ["", "s.*", "shorten.url", "-h", "--all", "a\nb", "Shorten", "x", "a" * 64, "é"]
)
def test_what_is_no_spec_id_is_refused(specs: SpecsRepository, spec_id: str) -> None:
    with pytest.raises(UsageError, match="not a spec id"):
        read_history(specs.folder, spec_id)


def test_what_is_not_there_is_said(specs: SpecsRepository, tmp_path) -> None:
    specs.write("no spec", "notes.md")
    with pytest.raises(UsageError, match="never was") as raised:
        read_history(specs.folder, "shorten-urls")
    assert raised.value.mend == "did you mean shorten-url? known: shorten-url"
    with pytest.raises(InputError, match="folder `specs`"):
        read_history(tmp_path / "nowhere", ID)
    (tmp_path / "plain" / "specs").mkdir(parents=True)
    with pytest.raises(InputError, match="git repository"):
        read_history(tmp_path / "plain", ID)


def test_the_two_sides_of_a_comparison(specs: SpecsRepository) -> None:
    with pytest.raises(NothingToDo):
        sides(read_history(specs.folder, ID), None)
    specs.commit(spec(version=2))
    specs.commit(spec(version=4))

    def numbers(wanted: str | None) -> tuple[int, int, bool]:
        old, new = sides(read_history(specs.folder, ID), wanted)
        return old.version, new.version, new.made_by is None

    assert numbers(None) == (2, 4, False)
    assert numbers("v1..v4") == numbers("1..4") == (1, 4, False)
    assert numbers("v4..v1") == (4, 1, False)
    assert numbers("v2..") == (2, 4, False)
    specs.write(spec(version=5))
    assert numbers(None) == (4, 5, True)
    assert numbers("v1..") == (1, 5, True)
    for wanted in ("v3..v4", "v9.."):
        with pytest.raises(UsageError, match="known: 1, 2, 4"):
            numbers(wanted)
    for wanted in ("v1", "..v2", "v1...v2", "v1..x", "v1..v2\n", "..", "--", "HEAD..main"):
        with pytest.raises(UsageError, match=r"v1\.\.v2"):
            numbers(wanted)


def test_a_draft_is_compared_with_what_is_committed_of_it(specs: SpecsRepository) -> None:
    specs.write(spec(RULES, extra=" More."))
    old, new = sides(read_history(specs.folder, ID), None)
    assert (old.version, new.version, new.made_by) == (1, 1, None)


def entry(version: int, digest: str, **changes: object) -> LedgerEntry:
    made = LedgerEntry(
        at="2026-11-22T21:10:08Z",
        event="judged",
        run_id="20261122t211008-0123abcd",
        attempt=1,
        spec_id=ID,
        spec_version=version,
        spec_digest=digest,
        product="shortener",
        verdict="fail",
        commit="a" * 40,
    )
    return msgspec.structs.replace(made, **changes)


def test_runs_are_those_of_the_version_and_of_its_text(specs: SpecsRepository) -> None:
    version = read_history(specs.folder, ID).versions[0]
    digest = version.document.digest
    entries = [
        entry(1, digest, event="built", usd=0.25, verdict=None),
        entry(1, digest),
        entry(1, digest, attempt=2, verdict="pass", usd=0.5),
        entry(2, digest),
        entry(1, digest, spec_id="other"),
        entry(1, "sha256:" + "0" * 64, run_id="20261123t211008-0123abcd", event="stopped",
              reason="no money", verdict=None),
    ]  # fmt: skip
    first, second = runs_of(version, ID, entries)
    assert [(one.attempt, one.verdict) for one in first.judged] == [(1, "fail"), (2, "pass")]
    assert first.usd == 0.75 and first.same_text
    assert (second.judged, second.last, second.reason) == ((), "stopped", "no money")
    assert not second.same_text


def test_the_ledger_of_a_clone(specs: SpecsRepository, tmp_path) -> None:
    assert ledger.read_clone(specs.folder) == []
    url = str(specs.folder)
    ledger.append(entry(1, "sha256:" + "0" * 64), url=url, env={})
    specs.git("clone", "-q", url, str(tmp_path / "clone"))
    assert ledger.read_clone(tmp_path / "clone") == ledger.read(url=url, env={}) != []
    more = entry(1, "sha256:" + "0" * 64, attempt=2)
    ledger.append(more, url=str(tmp_path / "clone"), env={})
    assert len(ledger.read_clone(tmp_path / "clone")) == 2
