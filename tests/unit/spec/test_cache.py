"""The gate's cache: the same findings in less time, and never another's."""

import sqlite3
from pathlib import Path

import pytest

from factory import resources
from factory.spec import cache as caching
from factory.spec.cache import Cache
from factory.spec.facts import Checked
from factory.spec.gate import check_files

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
BAD = FEATURE.replace("## Who", "## Whom")


def check(folder: Path, cache: Cache | None) -> list[tuple[str, int, str]]:
    findings, _ = check_files([folder], cache)
    return [(one.rule, one.line, Path(one.path).name) for one in findings]


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "specs").mkdir(parents=True)
    (folder / "specs" / "a.md").write_text(BAD)
    (folder / "specs" / "b.md").write_text(FEATURE.replace("id: shorten-url", "id: other"))
    (folder / "specs" / "c.md").write_bytes(b"\xff")
    return folder


def test_a_second_look_finds_the_same_without_reading(
    specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cache.sqlite"
    first = Cache(path)
    wanted = check(specs, None)
    assert check(specs, first) == wanted and wanted
    first.save()

    def refuse(*_: object) -> Checked:
        raise AssertionError("an unchanged text was checked again")

    monkeypatch.setattr("factory.spec.alone.check_text", refuse)
    assert check(specs, Cache(path)) == wanted


def test_a_moved_text_is_found_under_its_new_name(specs: Path, tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    cache = Cache(path)
    check(specs, cache)
    cache.save()
    (specs / "specs" / "a.md").rename(specs / "specs" / "z.md")
    assert check(specs, Cache(path)) == check(specs, None)


def test_other_surroundings_are_another_question(specs: Path, tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    cache = Cache(path)
    before = check(specs, cache)
    cache.save()
    (specs / "context").mkdir()
    (specs / "context" / "glossary.yml").write_text(
        "terms: [{term: address, meaning: Where a link leads., synonyms: [URL]}]\n"
    )
    after = check(specs, Cache(path))
    assert after == check(specs, None) and after != before


def test_other_rules_are_another_question(
    specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cache.sqlite"
    cache = Cache(path)
    check(specs, cache)
    cache.save()
    monkeypatch.setattr(caching, "_rules", lambda: b"others")
    seen: list[bytes] = []
    monkeypatch.setattr(
        "factory.spec.alone.check_text", lambda data, *_: seen.append(data) or Checked((), None)
    )
    check(specs, Cache(path))
    assert len(seen) == 3


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 100])
def test_a_broken_cache_costs_time_alone(specs: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cache.sqlite"
    path.write_bytes(content)
    cache = Cache(path)
    assert check(specs, cache) == check(specs, None)
    cache.save()


def test_a_row_that_cannot_be_read_is_checked_anew(specs: Path, tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    cache = Cache(path)
    check(specs, cache)
    cache.save()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE checked SET found = x'c1'")
    assert check(specs, Cache(path)) == check(specs, None)


def test_a_folder_that_cannot_be_made_is_no_failure(specs: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert check(specs, Cache(tmp_path / "file" / "cache.sqlite")) == check(specs, None)
