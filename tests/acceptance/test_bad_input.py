"""Bad input to each stage: the contract's exit code, file, line and mend, and nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Repositories, factory, git

pytestmark = pytest.mark.slow
SPEC = Path("specs/link-expiry.md")


def everything(repositories: Repositories) -> dict[str, str]:
    """Every branch of every repository, and every changed file."""
    return {
        name: git(repositories.folder / name, "for-each-ref")
        + git(repositories.folder / name, "status", "--porcelain")
        for name in ("specs", "scenarios", "product")
    }


def refused(repositories: Repositories, code: int, *words: str) -> dict:
    before = everything(repositories)
    done = repositories.run("link-expiry")
    assert done.code == code, done.err
    assert everything(repositories) == before
    runs = repositories.specs / ".factory" / "runs"
    assert not runs.is_dir() or not list(runs.iterdir())
    error = done.data["error"]
    assert error["mend"]
    text = f"{error['path']} {error['message']}"
    for word in words:
        assert word in text, error
    return error


def test_a_spec_that_cannot_be_read(shortener: Repositories) -> None:
    (shortener.specs / SPEC).write_text("---\nid: [\n---\n")
    shortener.commit("specs")
    assert refused(shortener, 2, "link-expiry.md", "YAML")["line"] == 2


def test_a_spec_the_gate_refuses(shortener: Repositories) -> None:
    path = shortener.specs / SPEC
    path.write_text(path.read_text().replace("## Outputs", "## Output"))
    shortener.commit("specs")
    assert refused(shortener, 1, "link-expiry.md", "Outputs")["line"] > 1


def test_a_spec_that_is_not_committed(shortener: Repositories) -> None:
    path = shortener.specs / SPEC
    path.write_text(path.read_text() + "\n")
    refused(shortener, 2, "link-expiry.md", "only what is merged")


def test_an_unknown_product(shortener: Repositories) -> None:
    path = shortener.specs / SPEC
    path.write_text(path.read_text().replace("product: shortener", "product: nothing"))
    shortener.commit("specs")
    assert refused(shortener, 2, "link-expiry.md", "nothing")["line"] > 1


def test_an_unknown_spec(shortener: Repositories) -> None:
    done = shortener.run("no-such-spec")
    assert done.code == 2 and "link-expiry" in done.data["error"]["mend"]


@pytest.mark.parametrize("name", ["product", "scenarios"])
def test_a_missing_repository(shortener: Repositories, name: str) -> None:
    path = shortener.specs / "factory.yml"
    path.write_text(path.read_text().replace(f"../{name}", "../gone"))
    shortener.commit("specs")
    refused(shortener, 2, "gone")


def test_a_dirty_product_checkout(shortener: Repositories) -> None:
    (shortener.product / "README.md").write_text("my unsaved work")
    refused(shortener, 2, "product")
    assert (shortener.product / "README.md").read_text() == "my unsaved work"


def test_a_suite_without_scenarios(shortener: Repositories) -> None:
    for path in (shortener.scenarios / "scenarios" / "link-expiry").glob("*.feature"):
        path.write_text("Feature: Nothing here\n")
    shortener.commit("scenarios")
    refused(shortener, 2, "scenario")


def test_a_typo_in_a_feature_file(shortener: Repositories) -> None:
    path = next((shortener.scenarios / "scenarios" / "link-expiry").glob("*.feature"))
    lines = path.read_text().split("\n")
    at = next(n for n, line in enumerate(lines) if line.strip().startswith("Then "))
    lines[at] = lines[at].replace("Then ", "Then: ", 1)
    path.write_text("\n".join(lines))
    shortener.commit("scenarios")
    error = refused(shortener, 2, path.name)
    assert error["line"] == at + 1


def test_a_scenario_tied_to_a_requirement_that_does_not_exist(shortener: Repositories) -> None:
    folder = shortener.scenarios / "scenarios" / "link-expiry"
    path = next(path for path in folder.glob("*.feature") if "@R1" in path.read_text())
    path.write_text(path.read_text().replace("@R1", "@R77"))
    shortener.commit("scenarios")
    refused(shortener, 2, "R77")


def test_specs_that_are_no_repository(tmp_path: Path) -> None:
    done = factory("run", "--specs", str(tmp_path), "--json", cwd=tmp_path)
    assert done.code == 2 and done.data["error"]["mend"]


@pytest.mark.parametrize("stage", ["build", "hold", "evaluate", "verdict", "ship"])
@pytest.mark.parametrize("content", [None, "", "{}", '{"record": "shipment/1"}'])
def test_a_record_that_is_missing_or_another(tmp_path: Path, stage: str, content: str) -> None:
    record = tmp_path / "record.json"
    if content is not None:
        record.write_text(content)
    more = {
        "evaluate": ["--scenarios", "x", "--out", "out"],
        "verdict": ["--evidence", ".", "--out", "out"],
        "ship": ["--verdict", "x.json", "--out", "out"],
    }.get(stage, ["--out", "out"])
    done = factory(stage, "record.json", *more, "--json", cwd=tmp_path)
    assert done.code == 2, done.err
    assert "record.json" in done.data["error"]["path"] and done.data["error"]["mend"]
    assert not (tmp_path / "out").exists()
