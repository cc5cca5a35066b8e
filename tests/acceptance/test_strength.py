"""`factory scenarios strength --product`: mutants of a shipped product, and what they escape."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Done, factory
from tests.conftest import give_up

pytestmark = pytest.mark.slow

FACTORY = """\
version: 1
products:
  sorter:
    repository: ../product
    subject: {install: 'cp sorter.py "$PREFIX/bin/sorter"; chmod +x "$PREFIX/bin/sorter"',
              command: sorter}
scenarios: {repository: ../scenarios}
"""
SPEC = """\
---
id: sorting
title: Sort parcels
kind: feature
status: ready
version: 1
product: sorter
owner: "@acme/sorter"
stakes: normal
---

# Sort parcels

## Rules

- R1: `sorter size N` prints `small` below 5 kilograms, else `large`.
- R2: `sorter admit N` prints `admitted`; beyond 20 kilograms it exits with 1.
"""
PRODUCT = """\
#!/usr/bin/env python3
import sys

MOST = 20


def size(weight: int | None) -> str:
    return "small" if weight < 5 else "large"


def admit(weight: int | None) -> str:
    if weight > MOST:
        sys.exit(1)
    return "admitted"


_, command, weight = sys.argv
print({"size": size, "admit": admit}[command](int(weight)))
"""
SIZE = """\
  @R1
  Scenario Outline: Size of <weight>
    When I run it with "size <weight>"
    Then the output is "<size>"

    Examples:
      | weight | size  |
      | 4      | small |
      | 5      | large |
      | 6      | large |
"""
ADMITTED = """\
  @R2
  Scenario Outline: <weight> kilograms are admitted
    When I run it with "admit <weight>"
    Then the output is "admitted"

    Examples:
      | weight |
      | 3      |
      | 20     |
"""
TOO_HEAVY = """\
  @R2
  Scenario: Beyond the heaviest
    When I run it with "admit 21"
    Then the exit code is 1
"""
# One that both suites kill, and two that the weaker one does not.
SAMPLED = ("--mutants", "3", "--seed", "0")
STRONG, WEAK = SIZE + ADMITTED + TOO_HEAVY, SIZE + ADMITTED


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    """A specs and a product repository; each test writes its scenarios."""
    return laid_out(tmp_path)


@pytest.fixture(scope="module")
def weak(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """The repositories with a suite that lacks a scenario, and what came of all mutants."""
    folder = laid_out(tmp_path_factory.mktemp("weak"))
    return folder, strength(folder, WEAK, "--json")


def laid_out(folder: Path) -> Path:
    try:
        import cosmic_ray.plugins  # noqa: F401
    except ImportError:
        give_up("needs cosmic-ray: pip install '.[strength]'")
    (folder / "specs/specs").mkdir(parents=True)
    (folder / "specs/factory.yml").write_text(FACTORY)
    (folder / "specs/specs/sorting.md").write_text(SPEC)
    (folder / "product").mkdir()
    (folder / "product/sorter.py").write_text(PRODUCT)
    (folder / "scenarios/scenarios/sorting").mkdir(parents=True)
    return folder


def strength(folder: Path, scenarios: str, *more: str, env: dict[str, str] | None = None) -> Done:
    feature = folder / "scenarios/scenarios/sorting/all.feature"
    feature.write_text(f"Feature: Sorting\n\n{scenarios}")
    return factory(
        "scenarios", "strength", "scenarios", "--specs", "specs", "--product", "product",
        "--mutants", "all", *more, cwd=folder, env=env,
    )  # fmt: skip


def mark(folder: Path, digests: set[str]) -> None:
    """Say of these mutants that nobody can tell them from the product."""
    (folder / "scenarios/equivalent-mutants.yml").write_text(
        "version: 1\nmutants:\n"
        + "".join(f'  - digest: "{one}"\n    reason: nobody sends so much\n' for one in digests)
    )


@pytest.mark.nightly
def test_what_a_scenario_kept_dead_lives_without_it(
    repositories: Path, weak: tuple[Path, Done]
) -> None:
    stale = "f" * 16
    mark(repositories, {stale})
    whole = strength(repositories, STRONG, "--json", "--jobs", "2")
    assert whole.code == 0, whole.err
    strong = whole.data["mutants"]
    assert strong["survivors"] == [] and strong["kill_rate"] == 1.0
    assert strong["unknown_marks"] == [stale]
    assert strong["made"] == strong["tried"] == strong["killed"] + strong["not_started"]
    assert f"mutant 1 of {strong['made']}: sorter.py:" in whole.err

    assert weak[1].code == 1 and weak[1].data["strong"] is False
    mutants = weak[1].data["mutants"]
    assert mutants["made"] == strong["made"]
    assert mutants["kill_rate"] < strong["kill_rate"]
    survivors = mutants["survivors"]
    assert mutants["survived"] == len(survivors) > 0
    bound = next(one for one in survivors if "+MOST = 21" in one["diff"].replace("  ", " "))
    assert (bound["path"], bound["line"], bound["function"]) == ("sorter.py", 4, "")
    assert "at the bound itself, and one just beyond it" in bound["advice"]
    # Each escaped the requirement that lacks a scenario, and no other.
    for one in survivors:
        assert one["function"] in ("", "admit")
        assert set(one["requirements"].get("sorting", {})) <= {"R2"}
    assert bound["requirements"] == {"sorting": {"R2": 2}}


@pytest.mark.nightly
def test_a_marked_mutant_is_counted_and_a_false_mark_is_an_error(
    weak: tuple[Path, Done], repositories: Path
) -> None:
    marked = {one["digest"] for one in weak[1].data["mutants"]["survivors"]}
    mark(repositories, marked)
    found = strength(repositories, WEAK, "--json", *SAMPLED)
    assert found.code == 0, found.err
    mutants = found.data["mutants"]
    equivalent = mutants["equivalent"]
    assert len(equivalent) == 2 and {one["digest"] for one in equivalent} <= marked
    assert equivalent[0]["reason"] == "nobody sends so much"
    assert mutants["survivors"] == []
    assert (mutants["tried"], mutants["killed"]) == (3, 1)

    false = strength(repositories, STRONG, *SAMPLED)
    assert false.code == 1
    assert "2 marked as equivalent were killed: they were not" in false.out


@pytest.mark.nightly
def test_a_page_for_people_and_one_for_a_log_that_may_be_public(repositories: Path) -> None:
    done = strength(repositories, WEAK, *SAMPLED)
    assert done.code == 1
    assert "survived: sorter.py:" in done.out and "    escaped: sorting R2 (2)" in done.out
    assert "mutants: 3 of 12 tried" in done.out
    assert "of those not equivalent were killed; 90% are wanted" in done.out
    assert "not judged: its scenarios send no requests; mutants judge it" in done.out
    public = strength(repositories, WEAK, *SAMPLED, env={"GITHUB_ACTIONS": "true"})
    assert public.code == 1 and "mutants: 3 of 12 tried" in public.out
    assert "sorter.py" not in public.out + public.err


def test_nothing_is_told_where_the_product_itself_does_not_pass(repositories: Path) -> None:
    lost = SIZE.replace("| 6      | large |", "| 7      | small |")
    done = strength(repositories, lost)
    assert done.code == 5 and done.out == ""
    assert "1 of the 3 scenarios for sorting do not pass with the product as it is" in done.err


def test_one_product_at_a_time(repositories: Path) -> None:
    other = SPEC.replace("id: sorting", "id: other").replace("product: sorter", "product: x")
    (repositories / "specs/specs/other.md").write_text(other)
    folder = repositories / "scenarios/scenarios/other"
    folder.mkdir()
    (folder / "a.feature").write_text(f"Feature: Other\n\n{SIZE}")
    done = strength(repositories, STRONG)
    assert done.code == 2 and "these specs are of sorter, x" in done.err


def test_another_language_is_said_to_have_no_mutants(repositories: Path) -> None:
    (repositories / "product/sorter.py").rename(repositories / "product/sorter.rb")
    done = strength(repositories, STRONG)
    assert done.code == 2 and "it is written in Ruby" in done.err
