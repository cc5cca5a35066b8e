"""A suite of a team that uses pytest-bdd: the same outcomes under pytest and scenario-runner."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CASES = HERE.parent / "cases"

# What differs by design: skipped or expected to fail is never a pass, and says so.
STRICTER = {"skipped": "invalid", "xfailed": "invalid", "xpassed": "invalid"}
STRICTER_SCENARIOS = {
    "A step that skips": "skipped",
    "A step that expects to fail": "xfailed",
    "Not yet there": "skipped",
    "A bug we know": "xfailed",
    "A bug that is gone": "xpassed",
    "Skipped by its tag": "skipped",
}
# A test function with parameters is several tests of pytest's, and one scenario.
VARIANTS = 10


def copied(name: str, tmp_path: Path) -> Path:
    return Path(shutil.copytree(CASES / name, tmp_path / name))


def under_pytest(root: Path, **more: str) -> tuple[int, list[list]]:
    """The exit code, and `[path, line, outcome]` of each test that binds a scenario."""
    found = root.parent / "outcomes.json"
    environment = {**os.environ, "PYTHONPATH": str(HERE), "BDD_OUTCOMES": str(found), **more}
    # Its own, or it clears away what other runs have left: that may take minutes.
    temporary = f"--basetemp={root.parent / 'temporary'}"
    arguments = ["-q", "-p", "no:cacheprovider", "-p", "bdd_outcomes", f"--rootdir={root}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, temporary, str(root)],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        cwd=root,
    )
    assert found.exists(), done.stdout + done.stderr
    return done.returncode, json.loads(found.read_text())


def merged(tests: list[list]) -> dict[tuple[str, int], str]:
    """One outcome a scenario, as scenario-runner would say it."""
    found: dict[tuple[str, int], str] = {}
    for path, line, outcome in tests:
        outcome = STRICTER.get(outcome, outcome)
        if found.get((path, line)) != "failed":
            found[path, line] = outcome
    return found


def by_place(report: dict) -> dict[tuple[str, int], str]:
    return {(each["path"], each["line"]): each["outcome"] for each in report["scenarios"]}


@pytest.fixture(scope="module")
def theirs(tmp_path_factory) -> tuple[list[list], list[str]]:
    """What pytest-bdd made of the suite: the outcomes, and the events in order."""
    folder = tmp_path_factory.mktemp("theirs")
    trail = folder / "trail"
    root = copied("pytest-bdd-suite", folder)
    code, tests = under_pytest(root, BOOKSHOP_TRAIL=str(trail))
    assert code == 1
    return tests, trail.read_text().splitlines()


def test_outcomes_and_events_are_the_same(tmp_path, run, theirs):
    root = copied("pytest-bdd-suite", tmp_path)
    trails = {name: tmp_path / f"{name}.trail" for name in ("ours", "jobs")}
    tests, events = theirs
    expected = merged(tests)
    assert len(expected) >= 50
    assert len(tests) - len(expected) == VARIANTS
    assert set(Counter(expected.values())) == {"passed", "failed", "invalid"}

    ours = run(root, env={"BOOKSHOP_TRAIL": str(trails["ours"])})
    assert by_place(ours.report) == expected
    # Some scenarios count as not judged, so the run is inconclusive and not merely failed.
    assert (ours.code, ours.report["verdict"], ours.report["errors"]) == (5, "inconclusive", [])
    side_by_side = run(root, "--jobs", "4", env={"BOOKSHOP_TRAIL": str(trails["jobs"])})
    assert by_place(side_by_side.report) == expected

    assert len(events) > 500
    for trail in trails.values():
        assert sorted(trail.read_text().splitlines()) == sorted(events)

    names = {(each["path"], each["line"]): each["name"] for each in ours.report["scenarios"]}
    differing = {names[path, line]: said for path, line, said in tests if said in STRICTER}
    assert differing == STRICTER_SCENARIOS


def test_each_part_of_it_alone_and_in_another_order(tmp_path, run, theirs):
    root = copied("pytest-bdd-suite", tmp_path)
    expected = merged(theirs[0])
    shuffled = run(root, "--order", "shuffle:3")
    assert by_place(shuffled.report) == expected
    rows = run(root, "--tags", "@slow")
    assert by_place(rows.report) == {
        ("features/prices.feature", 18): "passed",
        ("features/prices.feature", 19): "failed",
    }


def test_no_python_module_is_needed(tmp_path, run, theirs):
    """Features beside their conftest.py: without the test modules all is as before."""
    root = copied("pytest-bdd-suite", tmp_path)
    expected = merged(theirs[0])
    for module in ("test_checkout.py", "express/express_test.py"):
        (root / "checkout" / module).unlink()
    ran = run(root)
    assert by_place(ran.report) == expected
    for folder in ("features", "step_defs"):
        shutil.rmtree(root / folder)
    alone = run(root)
    assert by_place(alone.report) == {
        place: outcome for place, outcome in expected.items() if place[0].startswith("checkout/")
    }


def test_an_undefined_step_is_told_before_anything_runs(tmp_path, run):
    root = copied("pytest-bdd-undefined", tmp_path)
    code, tests = under_pytest(root)
    assert (code, [outcome for _, _, outcome in tests]) == (1, ["passed", "failed", "failed"])
    ran = run(root)
    assert ran.code == 2
    assert "passed" not in ran.outcomes.values()
    told = [(each["path"], each["line"]) for each in ran.report["errors"]]
    assert told == [("undefined.feature", 8), ("undefined.feature", 13)]
    assert 'the nearest known step is "a shop"' in ran.report["errors"][0]["message"]


BOUND_TWICE = {
    "a.feature": "Feature: F\n Scenario: s\n  Given a step\n  Then it holds\n",
    "conftest.py": "from pytest_bdd import given\n@given('a step')\ndef _(): pass\n",
    "one/test_a.py": """
        from pytest_bdd import scenarios, then
        scenarios("../a.feature")
        @then("it holds")
        def _(): pass
    """,
    "two/test_b.py": """
        from pytest_bdd import scenarios, then
        scenarios("../a.feature")
        @then("it holds")
        def _(): assert {holds}
    """,
}


@pytest.mark.parametrize(("holds", "outcome"), [(True, "passed"), (False, "failed")])
def test_bound_by_two_modules_it_must_pass_in_both(suite, run, holds, outcome):
    files = {name: text.replace("{holds}", str(holds)) for name, text in BOUND_TWICE.items()}
    root = suite(files)
    (_, tests), ran = under_pytest(root), run(root)
    assert len(tests) == 2
    assert list(ran.outcomes.values()) == list(merged(tests).values()) == [outcome]


def test_a_test_module_that_cannot_be_loaded_is_an_error(suite, run):
    root = suite(
        {
            **BOUND_TWICE,
            "two/test_b.py": "from pytest_bdd import scenarios\n\n1 / 0\nscenarios('.')\n",
        }
    )
    ran = run(root)
    assert ran.code == 2
    assert [(each["path"], each["line"]) for each in ran.report["errors"]] == [("two/test_b.py", 3)]


ASYNC = """
from pytest_bdd import given, then
@given("a step")
async def _(): raise AssertionError
@then("it holds")
def _(): pass
"""


def test_an_async_step_would_never_run_and_is_refused(suite, run):
    """pytest-bdd calls it, awaits nothing, and passes."""
    root = suite({"a.feature": BOUND_TWICE["a.feature"], "conftest.py": ASYNC})
    ran = run(root)
    assert (ran.code, ran.report["errors"][0]["line"]) == (2, 3)
    assert "async" in ran.report["errors"][0]["message"]


LEFT_OUT = """
import pytest
from pytest_bdd import given, then
@pytest.fixture(params=[1, 2], autouse=True)
def number(request): return request.param
@given("a step")
def _(): pass
@then("it holds")
def _(number): assert number == 1
def pytest_collection_modifyitems(items):
    items[:] = [each for each in items if "2" not in each.name]
"""


def test_a_variant_that_a_hook_leaves_out_is_no_pass(suite, run):
    ran = run(suite({"a.feature": BOUND_TWICE["a.feature"], "conftest.py": LEFT_OUT}))
    assert (ran.code, ran.outcomes) == (5, {"s": "invalid"})


HUNG = """
import time
import pytest
from pytest_bdd import given, then
@pytest.fixture(params=[1, 2, 3], autouse=True)
def number(request): return request.param
@given("a step")
def _(number): time.sleep(number == 2 and 60)
@then("it holds")
def _(): pass
"""


def test_the_time_limit_is_for_all_variants_together(suite, run):
    root = suite({"a.feature": BOUND_TWICE["a.feature"], "conftest.py": HUNG})
    ran = run(root, "--scenario-timeout", "1")
    assert (ran.code, ran.outcomes) == (5, {"s": "timed_out"})


def test_where_features_and_imports_lie_is_the_suites_to_say(suite, run):
    """Of its configuration no more: -k would leave the scenario out."""
    root = suite(
        {
            "pyproject.toml": """
                [tool.pytest.ini_options]
                bdd_features_base_dir = "some features"
                pythonpath = ["some code"]
                addopts = "-k nothing"
            """,
            "some features/a.feature": BOUND_TWICE["a.feature"],
            "some code/steps_of_ours.py": "def check(): pass\n",
            "conftest.py": BOUND_TWICE["conftest.py"],
            "tests/test_a.py": """
                import pytest_bdd
                from functools import partial
                from steps_of_ours import check
                bind = partial(pytest_bdd.scenario, "a.feature")
                @bind("s")
                def test_s(): check()
                @pytest_bdd.then("it holds")
                def _(): check()
            """,
        }
    )
    ran = run(root)
    assert (ran.code, ran.outcomes) == (0, {"s": "passed"}), ran.report["errors"]
