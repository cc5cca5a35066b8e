"""Evaluation of services whose scenarios want a fresh state, a reset or a restart."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from factory.errors import ConfigurationError, Inconclusive
from factory.evaluate.scenarios import ScenarioSource, checkout
from factory.evaluate.subject import SubjectFailed, account
from factory.ports import scenario_runner
from factory.records import Report, Subject
from factory.sandbox.launcher.journal import Failure, Journal

_SPEC = importlib.util.spec_from_file_location(
    "fresh_candidates", Path(__file__).with_name("candidates.py")
)
assert _SPEC and _SPEC.loader
made = importlib.util.module_from_spec(_SPEC)
sys.modules["fresh_candidates"] = made
_SPEC.loader.exec_module(made)

COUNTER = """\
import http.server, os
FILE = "/tmp/count"
memory = 0
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"memory {memory}, file {os.path.getsize(FILE) if os.path.exists(FILE) else 0}"
        self.say(body.encode())
    def do_POST(self):
        global memory
        if self.path == "/reset":
            memory = 0
            os.path.exists(FILE) and os.unlink(FILE)
        else:
            memory += 1
            with open(FILE, "a") as file:
                file.write("x")
        self.say(b"ok")
    def say(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words): pass
START
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
ONE = """
  @R1
  Scenario: Number {number} counts from nothing
    When I send GET "/count"
    Then the response body contains "memory 0, file 0"
    When I send POST "/count"
    And I send GET "/count"
    Then the response body contains "memory 1, file 1"
"""
RESTART = """Feature: Counting
  @R1
  Scenario: What is written outlives a kill
    When I send POST "/count"
    And the service is killed and started again
    And I send GET "/count"
    Then the response body contains "memory 0, file 1"
"""


@pytest.fixture(autouse=True)
def _tools(needs) -> None:
    needs("git", "bwrap")


def two(tags: str = "", sealed: str = "") -> str:
    feature = f"{tags}\nFeature: Counting\n" + ONE.format(number=1)
    return feature + ONE.format(number=2).replace("@R1", f"@R1 {sealed}")


def observe(tmp_path: Path, feature: str, settings: str = "", start: str = "") -> Report:
    files = {"scenarios/greeting/a.feature": feature}
    if settings:
        files["scenarios.yml"] = f"version: 1\n{settings}\n"
    server = COUNTER.replace("START", start)
    return made.observe(tmp_path, {"server.py": server}, features=files)[1]


def outcomes(report: Report) -> list[str]:
    return sorted(one.outcome for one in report.scenarios)


def test_one_service_serves_a_suite_that_says_nothing(tmp_path: Path) -> None:
    assert outcomes(observe(tmp_path, two())) == ["failed", "passed"]


@pytest.mark.parametrize(
    ("feature", "settings"),
    [
        (two(), "state: {fresh: scenario}"),
        (two("@fresh:scenario"), ""),
        (two("@fresh:scenario"), "state: {fresh: suite}"),
        (two(), "state: {fresh: scenario, reset: {path: /reset}}"),
    ],
)
def test_each_scenario_has_a_fresh_state_where_the_suite_says_so(
    tmp_path: Path, feature: str, settings: str
) -> None:
    report = observe(tmp_path, feature, settings)
    assert outcomes(report) == ["passed", "passed"], report.trouble
    assert (report.reached, report.fault, report.subject_alive_after) == ("ran", "none", True)


def test_the_sealed_scenarios_have_a_service_of_their_own(tmp_path: Path) -> None:
    report = observe(tmp_path, two(sealed="@sealed"))
    assert outcomes(report) == ["passed", "passed"]


def test_a_restart_keeps_what_was_written(tmp_path: Path) -> None:
    report = observe(tmp_path, RESTART)
    assert outcomes(report) == ["passed"], report.trouble
    assert report.subject_alive_after is True


def test_a_service_that_does_not_come_up_again_fails(tmp_path: Path) -> None:
    once = "os.path.exists('/tmp/once') and exit(1)\nopen('/tmp/once', 'w').close()"
    report = observe(tmp_path, RESTART, start=once)
    assert (outcomes(report), report.fault) == (["failed"], "none")
    assert report.subject_alive_after is False


def test_one_dead_instance_of_many_is_a_dead_subject(tmp_path: Path) -> None:
    """Each scenario passed; one of the services that served them ended by itself."""
    dying = "\n".join(
        [
            "say = Handler.say",
            "def dying(self, body):",
            "    say(self, body)",
            "    if body == b'memory 1, file 1':",
            "        self.wfile.flush(), self.connection.shutdown(1), os._exit(0)",
            "Handler.say = dying",
        ]
    )
    report = observe(tmp_path, two("@fresh:scenario"), start=dying)
    assert report.subject_alive_after is False


@pytest.mark.parametrize(
    "settings",
    [
        "state: {fresh: always}",
        "state: {fresh: scenario, reset: /reset}",
        "state: {reset: {method: GET, path: /reset}}",
        "state: {reset: {path: reset}}",
        "state: {reset: {path: '/a b'}}",
        "state: {reset: {method: POST}}",
        "state: {often: 3}",
    ],
)
def test_what_scenarios_yml_cannot_mean_is_refused(tmp_path: Path, settings: str) -> None:
    files = {"scenarios/greeting/a.feature": RESTART, "scenarios.yml": f"version: 1\n{settings}\n"}
    made.repository(tmp_path, files)
    with (
        pytest.raises(ConfigurationError, match="state"),
        checkout(ScenarioSource(url=str(tmp_path)), "greeting"),
    ):
        pass


def test_what_scenarios_yml_says_becomes_the_runners_options(tmp_path: Path) -> None:
    settings = "state: {fresh: feature, reset: {method: DELETE, path: /all}}"
    files = {"scenarios/greeting/a.feature": RESTART, "scenarios.yml": f"version: 1\n{settings}\n"}
    made.repository(tmp_path, files)
    with checkout(ScenarioSource(url=str(tmp_path)), "greeting") as suite:
        state = suite.settings.state
    words = scenario_runner.service(state.fresh, state.reset, 30.0, 8)
    assert words == [
        *("--fresh", "feature", "--reset", "DELETE /all"),
        *("--instances", "8", "--start-timeout", "120"),
    ]  # fmt: skip
    assert scenario_runner.service("suite", None, 0.5, 8)[:2] == ["--fresh", "suite"]
    assert "--reset" not in scenario_runner.service("suite", None, 0.5, 8)


class TestAccount:
    """Whose fault it is that a subject could not be started, whatever a runner says."""

    SUBJECT = Failure(whose="subject", message="no database")
    OURS = Failure(whose="ours", message="no room")

    def told(self, folder: Path, *events: object) -> None:
        journal = Journal(folder / "launcher.jsonl")
        for event in events:
            if event == "ready":
                journal.ready()
            elif isinstance(event, bool):
                journal.over(alive=event)
            else:
                assert isinstance(event, Failure)
                journal.failed(event)
        journal.close()

    def test_none_started(self, tmp_path: Path) -> None:
        self.told(tmp_path, self.SUBJECT, self.SUBJECT)
        with pytest.raises(SubjectFailed, match="no database") as caught:
            account(tmp_path)
        assert caught.value.phase == "start"

    def test_ours_is_inconclusive_even_where_others_started(self, tmp_path: Path) -> None:
        self.told(tmp_path, "ready", self.SUBJECT, self.OURS, True)
        with pytest.raises(Inconclusive, match="no room"):
            account(tmp_path)

    @pytest.mark.parametrize(
        ("events", "ready", "alive"),
        [
            ((), 0, None),
            (("ready", True), 1, True),
            (("ready", "ready", True, False), 2, False),
            (("ready", False, SUBJECT), 1, False),
        ],
    )
    def test_what_became_of_all(
        self, tmp_path: Path, events: tuple[object, ...], ready: int, alive: bool | None
    ) -> None:
        self.told(tmp_path, *events)
        found = account(tmp_path)
        assert (found.ready, found.alive) == (ready, alive)

    def test_no_launcher_ever_ran(self, tmp_path: Path) -> None:
        assert account(tmp_path).ready == 0

    def test_a_launcher_that_was_killed_has_not_told_all(self, tmp_path: Path) -> None:
        self.told(tmp_path, "ready")
        with pytest.raises(Inconclusive, match="before it had stopped"):
            account(tmp_path)
        with (tmp_path / "launcher.jsonl").open("a") as file:
            file.write('{"alive": tr')
        with pytest.raises(Inconclusive, match="cut off"):
            account(tmp_path)

    def test_a_living_launcher_is_waited_for(self, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.setattr("factory.sandbox.launcher.journal._SETTLE_SECONDS", 0.3)
        journal = Journal(tmp_path / "launcher.jsonl")
        with pytest.raises(Inconclusive, match="does not end"):
            account(tmp_path)
        journal.close()
        assert account(tmp_path).ready == 0


def test_a_runner_that_starts_nothing_proves_nothing(tmp_path: Path, monkeypatch) -> None:
    """Every scenario passed, says a report; no service was ever there."""

    def forged(features: Path, **options: object) -> object:
        row = runner.RunnerRow(outcome="passed", seconds=0.1, reruns=())
        rows = {one.id: row for one in runner.take_inventory(features)}
        return runner.RunnerReport(
            outcomes=rows, inventory=len(rows), verdict="pass", disturbances=()
        )

    from factory.evaluate import runner

    monkeypatch.setattr(runner, "run_suite", forged)
    report = observe(tmp_path, RESTART)
    assert (report.fault, report.scenarios) == ("factory", ())
    assert "without a subject" in report.trouble


def test_a_command_is_asked_nothing_about_state(tmp_path: Path) -> None:
    feature = 'Feature: A\n  @R1\n  Scenario: B\n    When I run it with "x"\n'
    feature += "    Then the exit code is 0\n"
    _, report = made.observe(
        tmp_path,
        {"tool": "#!/bin/sh\n"},
        subject=Subject(
            install='cp tool "$PREFIX/bin/"; chmod +x "$PREFIX/bin/tool"', command="tool"
        ),
        features={
            "scenarios/greeting/a.feature": feature,
            "scenarios.yml": "version: 1\nstate: {fresh: scenario}\n",
        },
    )
    assert outcomes(report) == ["passed"], report.trouble
    assert report.subject_alive_after is None
