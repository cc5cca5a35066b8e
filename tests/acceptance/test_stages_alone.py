"""Each stage alone, as a process of its own, from nothing but the record before it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.acceptance.conftest import Repositories, factory, git

pytestmark = pytest.mark.slow


def moved(folder: Path, name: str) -> Path:
    """The folder's content in another place, the old one gone: another machine."""
    there = folder.parent / name
    shutil.move(folder, there)
    return there


def attempt(repositories: Repositories, place: Path, order: Path, number: int) -> tuple[int, Path]:
    """Build, hold, evaluate, verdict; returns the verdict's exit code and its folder."""
    here = place / str(number)
    here.mkdir(parents=True)
    scenarios = {"FACTORY_SCENARIOS": str(repositories.scenarios)}

    def stage(name: str, *words: str, env: dict[str, str] | None = None) -> tuple[int, Path]:
        out = here / name
        done = factory(name, *words, "--out", str(out), "--json", cwd=here, env=env)
        assert name == "verdict" or done.code == 0, done.err
        assert done.data, "one JSON document"
        return done.code, moved(out, f"{name}-elsewhere")

    _, built = stage("build", str(order))
    _, held = stage("hold", str(built / "attempt.json"))
    shutil.rmtree(built)
    candidate = str(held / "candidate.json")
    _, evidence = stage("evaluate", candidate, env=scenarios)
    code, judged = stage("verdict", candidate, "--evidence", str(evidence))
    shutil.rmtree(evidence)
    shutil.copy(candidate, judged)
    return code, judged


@pytest.mark.nightly
def test_from_plan_to_ship_with_a_retry(shortener: Repositories, tmp_path: Path) -> None:
    specs = str(shortener.specs)
    before = shortener.main()
    done = factory("plan", "link-expiry", "--specs", specs, "--out", "p1", "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    (row,) = done.data["orders"]
    code, first = attempt(shortener, tmp_path / "a", tmp_path / row["path"], 1)
    assert code == 1 and shortener.main() == before
    verdict = first / "public-verdict.json"
    refused = factory(
        "ship", str(first / "candidate.json"), "--verdict", str(verdict), "--out", "s",
        "--json", cwd=tmp_path,
    )  # fmt: skip
    assert refused.code == 5 and shortener.main() == before
    retry = str(first / "retry-request.json")
    words = ["plan", "--specs", specs, "--out", "p2", "--retry", retry, "--json"]
    done = factory(*words, cwd=tmp_path)
    assert done.code == 0, done.err
    (again,) = done.data["orders"]
    assert (again["run_id"], again["attempt"]) == (row["run_id"], 2)
    code, second = attempt(shortener, tmp_path / "a", tmp_path / again["path"], 2)
    assert code == 0 and not (second / "retry-request.json").exists()
    shipping = ["ship", str(second / "candidate.json"), "--out", "s", "--json", "--verdict"]
    wrong = factory(*shipping, str(verdict), cwd=tmp_path)
    assert wrong.code in (2, 5) and shortener.main() == before
    done = factory(*shipping, str(second / "public-verdict.json"), cwd=tmp_path)
    assert done.code == 0, done.err
    assert done.data["shipped"]["commit"] == shortener.main() != before
    done = factory(*shipping, str(second / "public-verdict.json"), cwd=tmp_path)
    assert done.code == 0 and git(shortener.product, "rev-list", "--count", "main") == "2"
    words = ["plan", "link-expiry", "--specs", specs, "--out", "p3", "--json"]
    assert factory(*words, cwd=tmp_path).code == 3
