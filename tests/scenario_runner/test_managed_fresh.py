"""A fresh state for each scenario, feature or suite, of a service that the runner starts."""

from __future__ import annotations

import pytest

from tests.scenario_runner.managed_service import EMPTY, managed

__all__ = ["managed"]

SEES_ONE = EMPTY.replace("is 0", "is 1")


def feature(*scenarios: str, tags: str = "", name: str = "F") -> str:
    text = f"{tags}\nFeature: {name}\n"
    for number, steps in enumerate(scenarios):
        marks, _, body = steps.rpartition("!")
        text += f"  {marks}\n  Scenario: {name} {number}\n{body}\n"
    return text


def passes(ran):
    assert ran.code == 0, (
        ran.stderr,
        ran.report["errors"],
        [x.get("message") for x in ran.private],
    )


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_each_fresh_scenario_sees_an_empty_service(suite, run, managed, jobs):
    root = suite({"a.feature": feature(*[EMPTY] * 6)})
    passes(run(root, "--fresh", "scenario", "--jobs", jobs, subject=managed.subject()))
    assert managed.told().count("serving") == 6


def test_a_suite_shares_its_service_unless_told_otherwise(suite, run, managed):
    root = suite({"a.feature": feature(EMPTY, SEES_ONE), "b.feature": feature(EMPTY, name="G")})
    ran = run(root, subject=managed.subject())
    assert ran.outcomes == {"F 0": "passed", "F 1": "passed", "G 0": "failed"}
    assert managed.told().count("begun") == 1


def test_each_feature_has_its_own(suite, run, managed):
    root = suite(
        {
            "a.feature": feature(EMPTY, SEES_ONE, tags="@fresh:feature"),
            "b.feature": feature(EMPTY, SEES_ONE, tags="@fresh:feature", name="G"),
        }
    )
    passes(run(root, subject=managed.subject()))
    assert managed.told().count("begun") == 2


def test_the_nearest_tag_wins(suite, run, managed):
    text = f"""
@fresh:scenario
Feature: F
  Scenario: own
{EMPTY}
  @fresh:suite
  Rule: shared
    Scenario: shared one
{EMPTY}
    Scenario: shared two
{SEES_ONE}
    @fresh:scenario
    Scenario: own again
{EMPTY}
  @fresh:suite
  Scenario Outline: rows <n>
    When I send GET "/things"
    Then the response JSON at "memory" is <n>
    Examples:
      | n |
      | 2 |
    @fresh:scenario
    Examples:
      | n |
      | 0 |
"""
    passes(run(suite({"a.feature": text}), subject=managed.subject()))


def test_steps_of_the_suite_see_the_fresh_instance_in_fixtures_too(suite, run, managed):
    conftest = """
    import urllib.request, json, pytest
    from pytest_bdd import then
    @pytest.fixture(autouse=True)
    def things(subject):
        with urllib.request.urlopen(subject.url + "/things") as answer:
            return json.load(answer)
    @then("nothing was there")
    def nothing(things):
        assert (things["memory"], things["files"]) == (0, 0)
    """
    steps = '  When I send POST "/things"\n  Then nothing was there\n'
    root = suite({"a.feature": feature(steps, steps), "conftest.py": conftest})
    passes(run(root, "--fresh", "scenario", subject=managed.subject()))


def test_fresh_instances_are_started_while_earlier_scenarios_run(suite, run, managed):
    # Its own instance and the next: the first scenario ends only once the second was begun.
    waits = (
        '    Then within 20 seconds GET "/starts" answers with status 200 '
        'and JSON at "starts" is 2\n'
    )
    root = suite({"a.feature": feature(waits, EMPTY)})
    passes(run(root, "--fresh", "scenario", subject=managed.subject()))


def test_no_more_are_started_than_are_needed(suite, run, managed):
    root = suite({"a.feature": feature("@fresh:scenario!" + EMPTY, EMPTY, SEES_ONE)})
    passes(run(root, subject=managed.subject()))
    assert managed.told().count("begun") == 2


def test_waiting_for_a_fresh_instance_is_no_part_of_a_scenarios_time(suite, run, managed):
    slow = managed.subject().replace("service:", 'service:sh -c "sleep 0.5; exec $0 $@" ')
    ran = run(suite({"a.feature": feature(EMPTY)}), "--fresh", "scenario", subject=slow)
    passes(ran)
    entry, scenario = ran.private[0], ran.report["scenarios"][0]
    began = entry["stopped_at"] - entry["began_at"]
    assert scenario["duration_seconds"] <= began + 0.4
    assert ran.report["duration_seconds"] >= 0.5


def test_the_time_limit_covers_the_wait(suite, run, managed):
    root = suite({"a.feature": feature(EMPTY)})
    for jobs in ("1", "2"):
        ran = run(
            root, "--fresh", "scenario", "--jobs", jobs, "--scenario-timeout", "1",
            subject=managed.subject("hang"),
        )  # fmt: skip
        assert (ran.code, set(ran.outcomes.values())) == (5, {"timed_out"})


def test_a_reset_hook_in_place_of_an_instance(suite, run, managed):
    only_memory = EMPTY.replace('    And the response JSON at "files" is 0\n', "")
    sees_one = only_memory.replace("is 0", "is 1")
    root = suite(
        {
            "a.feature": feature(only_memory, only_memory, tags="@fresh:scenario"),
            "b.feature": feature(only_memory, sees_one, tags="@fresh:feature", name="G"),
            "c.feature": feature(sees_one.replace("is 1", "is 2"), name="H"),
        }
    )
    for jobs in ("1", "4"):
        managed.events.write_text("")
        ran = run(root, "--reset", "POST /reset", "--jobs", jobs, subject=managed.subject())
        if jobs == "1":
            passes(ran)
        else:
            # What shares the suite's state runs first then, beside others.
            assert [each for each in ran.outcomes.items() if each[1] != "passed"] == [
                ("H 0", "failed")
            ]
            assert "1 side by side, then 4 apart" in ran.stdout
        assert managed.told().count("reset") == 3
        assert managed.told().count("begun") == 1


def test_a_reset_that_fails_is_no_pass_and_no_fail(suite, run, managed):
    root = suite({"a.feature": feature(EMPTY, "@fresh:scenario!" + EMPTY)})
    ran = run(root, "--reset", "POST /broken", subject=managed.subject())
    assert (ran.code, ran.outcomes) == (5, {"F 0": "passed", "F 1": "invalid"})
    assert "POST /broken answered 500" in ran.report["errors"][0]["message"]


def test_an_address_can_be_reset_and_cannot_be_fresh_without(suite, run, service):
    steps = '    When I send GET "/health"\n    Then the response status is 200\n'
    root = suite({"a.feature": feature(steps, "@fresh:scenario!" + steps)})
    ran = run(root, subject=service)
    assert (ran.code, ran.outcomes["F 1"]) == (2, "invalid")
    error = ran.report["errors"][0]
    assert (error["path"], error["line"]) == ("a.feature", 8)
    assert "--reset" in error["message"] and "service:COMMAND" in error["message"]
    ran = run(root, "--fresh", "feature", subject=service)
    assert (ran.code, ran.report["errors"][0]["message"][:16]) == (2, "--fresh feature:")
    passes(run(root, "--reset", "GET /health", subject=service))


def test_a_command_is_fresh_anyway(suite, run, tool):
    steps = '    When I run it with "csv"\n    Then the exit code is 0\n'
    passes(run(suite({"a.feature": feature(steps)}), "--fresh", "scenario", subject=tool))


@pytest.mark.parametrize(
    ("tags", "line", "words"),
    [
        ("@fresh:scenaro", 1, "unknown tag @fresh:scenaro; there is @fresh:suite"),
        ("@a\n@Fresh:scenario", 2, "unknown tag"),
        ("@fresh:suite @fresh:feature", 1, "keep one"),
    ],
)
def test_an_unknown_tag_is_an_error_before_the_run(suite, run, managed, tags, line, words):
    ran = run(suite({"a.feature": feature(EMPTY, tags=tags)}), subject=managed.subject())
    assert ran.code == 2
    error = ran.report["errors"][0]
    assert error["line"] == line and words in error["message"]
    assert managed.told() == []
