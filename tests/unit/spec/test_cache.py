"""The gate's cache: the same findings in less time, and never another's."""

import os
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from factory import resources
from factory.spec import cache as caching
from factory.spec.cache import Cache
from factory.spec.facts import Checked
from factory.spec.gate import check_files
from factory.spec.surroundings import Surroundings

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


def test_another_version_of_a_library_is_another_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = set()
    for version in ("4.0.0", "4.0.1"):
        path = tmp_path / version / "markdown_it" / "__init__.py"
        path.parent.mkdir(parents=True)
        path.write_text(f'__version__ = "{version}"')
        os.utime(path, (0, 0))
        with monkeypatch.context() as patch:
            patch.syspath_prepend(path.parents[1])
            found.add(caching._rules.__wrapped__())
    assert len(found) == 2 and caching._rules.__wrapped__() not in found


LOADED = """
import sys
from pathlib import Path
from factory.spec.alone import check_text
from factory.spec.surroundings import Surroundings
check_text(Path(sys.argv[1]).read_bytes(), "a.md", Surroundings())
ours = (one for name, one in sys.modules.items() if name.split(".")[0] == "factory")
print(*(one.__file__ for one in ours), sep="\\n")
"""


def test_every_module_of_ours_that_checks_is_part_of_the_question(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(BAD.replace("stakes: normal", "stakes: huge"))
    words = [sys.executable, "-c", LOADED, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    used = {Path(one).resolve() for one in done.stdout.split()}
    assert len(used) > 40 and used <= set(caching._sources())


def test_of_too_many_rows_those_written_first_go_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "_ROWS", 2)
    checked: list[bytes] = []

    def ask(*texts: bytes) -> list[bytes]:
        checked.clear()
        for text in texts:
            cache = Cache(tmp_path / "cache.sqlite")
            cache.get(text, Surroundings(), "a.md", partial(check_one, text))
            cache.save()
        return list(checked)

    def check_one(text: bytes) -> Checked:
        checked.append(text)
        return Checked((), None)

    assert ask(b"1", b"2", b"1", b"3") == [b"1", b"2", b"3"]
    assert ask(b"2", b"3") == []
    assert ask(b"1") == [b"1"]  # That it was asked for in between does not keep it.


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
