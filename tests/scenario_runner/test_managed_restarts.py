"""The service is killed and started again; several subjects in one scenario."""

from __future__ import annotations

import pytest

from tests.scenario_runner.managed_service import managed
from tests.scenario_runner.test_managed_fresh import feature, passes

__all__ = ["managed"]

RESTART = """
    Given cookies are kept
    When I send POST "/things"
    And I send POST "/things"
    And I send GET "/things"
    Then the response JSON at "memory" is 2
    When I remember the response JSON at "pid" as "pid"
    And the service is killed and started again
    And I send GET "/things"
    Then the response JSON at "memory" is 0
    And the response JSON at "files" is 2
    And the response JSON at "cookie" is "who=ann"
    And the response JSON at "pid" is not ${pid}
"""
IN_TWO = """
    Given cookies are kept
    When I send POST "/things"
    And the service is killed
    And the service is started again
    And I send GET "/things"
    Then the response JSON at "files" is 1
"""


@pytest.mark.parametrize("jobs", ["1", "4"])
def test_a_restart_keeps_files_and_cookies_and_loses_memory(suite, run, managed, jobs):
    root = suite({"a.feature": feature(*[RESTART, IN_TWO] * 3, tags="@fresh:scenario")})
    ran = run(root, "--jobs", jobs, subject=managed.subject())
    passes(ran)
    if jobs == "4":
        assert "6 side by side, then 0 apart" in ran.stdout
    assert managed.told().count("serving") == 12


def test_restarts_of_a_shared_service_run_apart(suite, run, managed):
    steps = '    When I send GET "/things"\n    Then the response status is 200\n'
    root = suite({"a.feature": feature(RESTART, *[steps] * 5)})
    ran = run(root, "--jobs", "3", subject=managed.subject())
    passes(ran)
    assert "5 side by side, then 1 apart" in ran.stdout


def test_a_service_left_killed_is_there_again_for_the_next(suite, run, managed):
    dead = '    When I send POST "/things"\n    When the service is killed\n    Then it is gone\n'
    alive = '    When I send GET "/things"\n    Then the response JSON at "files" is 1\n'
    gone = """
    import pytest, urllib.request
    from pytest_bdd import then
    @then("it is gone")
    def gone(subject):
        with pytest.raises(OSError):
            urllib.request.urlopen(subject.url, timeout=5)
    """
    root = suite({"a.feature": feature(dead, alive), "steps/gone.py": gone})
    passes(run(root, subject=managed.subject()))


def test_started_again_without_being_killed_fails(suite, run, managed):
    steps = "    When the service is started again\n    Then the response status is 200\n"
    ran = run(suite({"a.feature": feature(steps)}), subject=managed.subject())
    assert ran.code == 1
    assert "was not killed" in ran.private[0]["message"]


def test_a_service_that_does_not_come_back_fails_the_scenario(suite, run, managed):
    other = '    When I send GET "/things"\n    Then the response status is 200\n'
    root = suite({"a.feature": feature(RESTART, other, tags="@fresh:scenario")})
    ran = run(root, subject=managed.subject("refuse-again"))
    assert (ran.code, ran.outcomes) == (1, {"F 0": "failed", "F 1": "passed"})
    assert "ended with exit code 4 before it was ready" in ran.private[0]["message"]


@pytest.mark.parametrize("code", [True, False])
def test_what_we_did_not_start_is_not_restarted(suite, run, service, tool, code):
    steps = (
        "    When the service is killed and started again\n    Then the response status is 200\n"
    )
    files = {"a.feature": feature(steps)}
    if code:
        files["conftest.py"] = "import pytest\n@pytest.fixture(autouse=True)\ndef a(): pass\n"
    for subject in (service, tool):
        ran = run(suite(files), subject=subject)
        assert ran.code == 2
        error = ran.report["errors"][0]
        assert (error["path"], error["line"]) == ("a.feature", 4)
        assert "was not started by the runner" in error["message"]


TWO = """
    Given cookies are kept
    When I send POST "/things"
    Given the subject is "billing"
    When I send GET "/things"
    Then the response JSON at "name" is "second"
    And the response JSON at "memory" is 0
    And the response JSON at "cookie" is ""
    When the service is killed and started again
    Given the subject is "default"
    When I send GET "/things"
    Then the response JSON at "memory" is 1
    And the response JSON at "cookie" is "who=ann"
    Given the subject is "links"
    When I send GET "/health"
    Then the response body is "ok"
    And both are there
"""
BOTH = """
import json, urllib.request
from pytest_bdd import then
@then("both are there")
def both(subject):
    def name(one):
        with urllib.request.urlopen(one.url + "/things") as answer:
            return json.load(answer)["name"]
    assert [name(subject), name(subject.named("billing"))] == ["", "second"]
    assert subject.named("billing").named("default") is subject
"""


def test_several_subjects_some_of_them_ours(suite, run, managed, service):
    steps = TWO.replace('is "ok"', 'contains "ok"')
    root = suite({"a.feature": feature(steps, steps), "steps/both.py": BOTH})
    more = ("--subject", f"billing={managed.subject('second')}", "--subject", f"links={service}")
    # The links are only an address: it takes a hook before anything can be called fresh.
    assert run(root, *more, "--fresh", "scenario", subject=managed.subject()).code == 2
    hook = ("--reset", "links=GET /health", "--fresh", "scenario")
    passes(run(root, *more, *hook, subject=managed.subject()))


def test_a_subject_that_there_is_not_is_an_error_before_the_run(suite, run, managed):
    steps = '    Given the subject is "biling"\n    When I send GET "/"\n    Then it is\n'
    steps = steps.replace("it is", "the response status is 200")
    more = ("--subject", f"billing={managed.subject('second')}")
    ran = run(suite({"a.feature": feature(steps)}), *more, subject=managed.subject())
    assert (ran.code, managed.told()) == (2, [])
    error = ran.report["errors"][0]
    assert error["line"] == 4
    assert error["message"] == 'there is no subject "biling"; the nearest known are "billing"'
    remembered = '    Given I remember "no-such" as "n"\n    Given the subject is "${n}"\n'
    ran = run(
        suite({"a.feature": feature(remembered + steps.split("\n", 1)[1])}),
        subject=managed.subject(),
    )
    assert ran.outcomes == {"F 0": "failed"}
    assert 'no subject "no-such"' in ran.private[0]["message"]
