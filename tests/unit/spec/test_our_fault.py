"""A spec on which the gate itself fails: an error of that spec, and the others are checked."""

from pathlib import Path

import pytest

from factory import resources
from factory.spec import gate
from factory.spec.cache import Cache
from factory.spec.document import SpecDocument, parse_spec
from factory.spec.gate import check_files, check_specs
from factory.spec.our_fault import our_fault

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
BROKEN = FEATURE.replace("id: shorten-url", "id: broken")
BAD = FEATURE.replace("stakes: normal", "stakes: huge")


@pytest.fixture(autouse=True)
def gate_that_fails_on_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(document: SpecDocument, _: object) -> list[object]:
        return [][len(document.lines)] if document.id == "broken" else []

    monkeypatch.setattr("factory.spec.rules._OF_DOCUMENTS", (fail, *rules()))
    monkeypatch.setattr(gate, "our_fault", our_fault)


def rules() -> tuple[object, ...]:
    from factory.spec.rules import _OF_DOCUMENTS

    return _OF_DOCUMENTS


@pytest.mark.parametrize("cached", [False, True])
def test_it_is_an_error_of_that_file_with_its_traceback(tmp_path: Path, cached: bool) -> None:
    for name, text in (("a.md", BROKEN), ("b.md", BAD)):
        (tmp_path / name).write_text(text)
    for _ in range(2):  # Not remembered: whoever looks again finds a traceback again.
        cache = Cache(tmp_path / "cache.sqlite") if cached else None
        findings, count = check_files([tmp_path], cache)
        if cache:
            cache.save()
        broken, bad = findings
        assert (count, Path(bad.path).name, bad.rule) == (2, "b.md", "front-matter")
        assert (Path(broken.path).name, broken.severity) == ("a.md", "error")
        assert "IndexError at test_our_fault.py:" in broken.message
        kept = Path(broken.mend.partition(" with ")[2].partition(";")[0])
        assert "in fail" in kept.read_text() and "dark-factory" in kept.read_text()
        kept.unlink()
        from factory.ports.bug_report import _written

        _written.cache_clear()


def test_a_plan_is_told_of_it_too() -> None:
    documents = [parse_spec(text, path=f"{n}.md") for n, text in enumerate((BROKEN, BAD))]
    assert [one.path for one in check_specs(documents)] == ["0.md", "1.md"]


def test_without_a_place_to_write_to_it_is_told_still(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert "please report it;" in our_fault(ValueError("once"), "a.md").mend
