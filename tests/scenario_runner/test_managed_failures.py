"""Services that do not start, do not stop, or end early; runs that are cut short: never a pass, and
no process is left (the fixture looks for them)."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.scenario_runner.managed_service import EMPTY, managed
from tests.scenario_runner.test_managed_fresh import feature, passes

__all__ = ["managed"]

SLOW = '    When I send GET "/slow"\n    Then the response status is 200\n'


@pytest.mark.parametrize("fresh", ["suite", "scenario"])
def test_a_service_that_will_not_start_fails_its_scenarios(suite, run, managed, fresh):
    root = suite({"a.feature": feature(*[EMPTY] * 8)})
    ran = run(root, "--fresh", fresh, subject=managed.subject("refuse"))
    assert (ran.code, set(ran.outcomes.values())) == (1, {"failed"})
    assert "ended with exit code 3 before it was ready" in ran.private[0]["message"]
    # Not eight times: after three in a row nobody waits for more.
    assert managed.told().count("begun") <= (1 if fresh == "suite" else 5)
    assert "no configuration" in (ran.folder / "private-subjects.log").read_text()
    assert (ran.folder / "private-subjects.log").stat().st_mode & 0o777 == 0o600


def test_a_service_that_is_never_ready(suite, run, managed):
    root = suite({"a.feature": feature(EMPTY)})
    ran = run(root, "--start-timeout", "1", subject=managed.subject("hang"))
    assert (ran.code, ran.outcomes) == (1, {"F 0": "failed"})
    assert "not ready within 1 s" in ran.private[0]["message"]


def test_ready_is_what_the_path_answers(suite, run, managed, tmp_path):
    script = tmp_path / "slowly.py"
    script.write_text(
        "import http.server, os\n"
        "class H(http.server.BaseHTTPRequestHandler):\n"
        " n = 0\n"
        " def log_message(self, *a): pass\n"
        " def do_GET(self):\n"
        "  H.n += self.path == '/up'\n"
        "  self.send_response(503 if H.n < 4 else 404)\n"
        "  self.send_header('X-N', str(H.n)); self.end_headers()\n"
        "http.server.HTTPServer(('127.0.0.1', int(os.environ['PORT'])), H).serve_forever()\n"
    )
    steps = '    When I send GET "/"\n    Then the response header "X-N" is "4"\n'
    root = suite({"a.feature": feature(steps)})
    passes(run(root, "--ready", "/up", subject="service:python3 slowly.py"))
    ran = run(root, "--start-timeout", "2", subject="service:python3 slowly.py")
    assert (ran.code, ran.outcomes) == (1, {"F 0": "failed"})
    assert "answered 503" in ran.private[0]["message"]


def test_why_it_is_not_ready_is_what_it_last_answered(suite, run, tmp_path):
    """Not that the last question, for which no time was left, had no answer."""
    (tmp_path / "stuck.py").write_text(
        "import http.server, os, time\n"
        "class H(http.server.BaseHTTPRequestHandler):\n"
        " n = 0\n"
        " def log_message(self, *a): pass\n"
        " def do_GET(self):\n"
        "  H.n += 1\n"
        "  time.sleep(60 if H.n > 1 else 0)\n"
        "  self.send_response(503); self.end_headers()\n"
        "http.server.HTTPServer(('127.0.0.1', int(os.environ['PORT'])), H).serve_forever()\n"
    )
    root = suite({"a.feature": feature(EMPTY)})
    ran = run(root, "--start-timeout", "3", subject="service:python3 stuck.py")
    assert (ran.code, ran.outcomes) == (1, {"F 0": "failed"})
    assert "answered 503" in ran.private[0]["message"]


def test_a_service_that_ends_early_fails_what_comes_after(suite, run, managed):
    dies = '    When I send GET "/die"\n    Then the response status is 200\n'
    ran = run(suite({"a.feature": feature(EMPTY, dies, EMPTY)}), subject=managed.subject())
    assert ran.outcomes == {"F 0": "passed", "F 1": "failed", "F 2": "failed"}
    assert (
        "[the service ended with exit code 7]" in (ran.folder / "private-subjects.log").read_text()
    )


def test_its_daemons_end_with_the_instance_that_they_belong_to(suite, run, managed):
    # The first instance's daemon is gone before the last scenario ends: it looks for itself.
    look = """
    import os, time
    from pathlib import Path
    from pytest_bdd import then
    @then("so many run", target_fixture="ignored")
    def many(request):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = [
                each for each in Path("/proc").glob("[0-9]*/cmdline")
                # The runner itself may have it in its words.
                if SCRIPT in words(each) and "scenario_runner" not in words(each)
            ]
            # This scenario's own service and its daemon.
            if len(found) == 2:
                return
            time.sleep(0.05)
        raise AssertionError(found)
    def words(path):
        try:
            return path.read_text()
        except OSError:
            return ""
    """.replace("SCRIPT", repr(str(managed.script)))
    steps = '    When I send GET "/"\n    Then so many run\n'
    root = suite({"a.feature": feature(EMPTY, EMPTY, steps), "steps/look.py": look})
    passes(run(root, "--fresh", "scenario", subject=managed.subject("daemon")))


def test_a_daemon_does_not_answer_for_one_that_was_killed(suite, run, managed, tmp_path):
    # The one that is started leaves at once, and a daemon of its own answers in its place.
    script = tmp_path / "leaves.py"
    script.write_text(
        "import os, sys\n"
        "if os.fork() == 0:\n"
        " os.setsid()\n"
        " if os.fork() == 0:\n"
        f"  os.execv(sys.executable, [sys.executable, {str(managed.script)!r}, "
        f"{str(managed.events)!r}])\n"
        " os._exit(0)\n"
        "import time; time.sleep(3)\n"
    )
    steps = (
        '    When I send POST "/things"\n    And I wait for it to leave\n'
        "    And the service is killed and started again\n"
        '    And I send GET "/things"\n    Then the response status is 200\n'
    )
    wait = """
    import time
    from pytest_bdd import when
    @when("I wait for it to leave")
    def wait(): time.sleep(3.5)
    """
    root = suite({"a.feature": feature(steps), "steps/wait.py": wait})
    ran = run(root, subject="service:python3 leaves.py")
    assert (ran.code, ran.outcomes) == (1, {"F 0": "failed"})
    assert "something of it still answers" in ran.private[0]["message"]


def test_a_service_that_prints_without_end(suite, run, managed):
    root = suite({"a.feature": feature(EMPTY, EMPTY)})
    ran = run(root, "--fresh", "scenario", subject=managed.subject("flood"))
    passes(ran)
    assert (ran.folder / "private-subjects.log").stat().st_size < 200_000


KILLS = """
    import os
    from pytest_bdd import then
    @then("the process is gone")
    def gone(): os.kill(os.getpid(), 9)
"""


def test_a_child_that_is_killed_leaves_no_service(suite, run, managed):
    gone = EMPTY + "    And the process is gone\n"
    root = suite({"a.feature": feature(EMPTY, gone, EMPTY), "steps/gone.py": KILLS})
    ran = run(root, "--fresh", "scenario", subject=managed.subject("daemon"))
    assert ran.outcomes == {"F 0": "passed", "F 1": "failed", "F 2": "missing"}
    assert ran.code == 5


def test_cut_short_by_the_total_time_or_the_first_failure(suite, run, managed):
    root = suite({"a.feature": feature(*[SLOW] * 100)})
    ran = run(root, "--fresh", "scenario", "--total-timeout", "3", subject=managed.subject())
    assert ran.code == 5
    assert managed.left() == []
    root = suite({"a.feature": feature(SLOW.replace("200", "201"), *[SLOW] * 5)})
    ran = run(root, "--fresh", "scenario", "--fail-fast", subject=managed.subject("daemon"))
    assert (ran.code, ran.outcomes["F 1"]) == (1, "missing")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted(suite, start, managed, tmp_path, number):
    root = suite({"a.feature": feature(*[SLOW] * 200)})
    process = start(
        "run", str(root), "--subject", managed.subject(), "--report", str(tmp_path / "report"),
        "--fresh", "scenario", "--jobs", "2",
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while managed.told().count("serving") < 4:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(process.pid, number)
    process.communicate(timeout=30)
    assert process.returncode == (-9 if number == signal.SIGKILL else 130)
    assert managed.left() == []


LIES = """
    import pytest
    from pytest_bdd import when
    from scenario_runner.subject.family import Family

    @when("it asks twice")
    def twice(subject):
        family = subject.family
        family.asking.answer(family.asking.ask("take", family.scenario, "default"), 20)

    @when("it asks for another")
    def another(subject):
        family = subject.family
        family.asking.ask("take", "s-of-another", "default")

    @when("it restarts what it does not have")
    def restarts(subject):
        family = subject.family
        family.asking.ask("restart", family.scenario, "billing")
"""


@pytest.mark.parametrize(
    "lie", ["it asks twice", "it asks for another", "it restarts what it does not have"]
)
def test_a_child_that_asks_for_what_is_not_its_own_is_stopped(suite, run, managed, lie):
    steps = f"    When {lie}\n{EMPTY}"
    root = suite({"a.feature": feature(steps), "steps/lies.py": LIES})
    ran = run(root, "--fresh", "scenario", subject=managed.subject())
    assert ran.code == 5
    assert "tampered" in ran.report["errors"][0]["message"]


def test_a_child_that_takes_no_instance_passes_nothing(suite, run, managed):
    takes_none = """
    import pytest
    from pytest_bdd import then
    from scenario_runner.subject.family import Family
    Family.take = lambda self: 0.0
    @then("it is fine")
    def fine(): pass
    """
    root = suite({"a.feature": feature("    Then it is fine\n"), "conftest.py": takes_none})
    for fresh in ("suite", "feature", "scenario"):
        ran = run(root, "--fresh", fresh, subject=managed.subject())
        assert (ran.code, ran.outcomes) == (5, {"F 0": "invalid"}), ran.stderr
        ran = run(root, "--fresh", fresh, subject=managed.subject("refuse"))
        assert ran.code == 5, ran.stderr


def test_a_failed_start_that_is_swallowed_is_no_pass(suite, run, managed):
    swallows = """
    from pytest_bdd import then
    from scenario_runner.subject.family import Family
    honest = Family.take
    def take(self):
        try:
            return honest(self)
        except BaseException:
            return 0.0
    Family.take = take
    @then("it is fine")
    def fine(): pass
    """
    root = suite({"a.feature": feature("    Then it is fine\n"), "conftest.py": swallows})
    ran = run(root, "--fresh", "scenario", subject=managed.subject("refuse"))
    assert (ran.code, ran.outcomes) == (1, {"F 0": "failed"})
