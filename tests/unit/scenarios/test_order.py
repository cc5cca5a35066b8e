"""Scenarios that need an order are found by running them, against real subjects."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from factory.scenarios.order import is_started
from factory.scenarios.repository import read_repository
from factory.scenarios.running import copy_suite, left_out, parted, pieces
from factory.scenarios.strength.judge import judged
from tests.unit.scenarios.made import SPECS, factory, repository

MAKES = """\
  @R1
  Scenario: One is registered
    When I send POST "/parcels" with JSON:
      \"\"\"
      {"sender": "zoe", "weight_grams": 17}
      \"\"\"
    Then the response status is 201
"""
NEEDS = """\
  # Only where somebody was here before.
  @R2
  Scenario: And is found
    When I send GET "/parcels/zoe"
    Then the response status is 200
"""
ALONE = """\
  @E2
  Scenario Outline: Nobody: <name>
    When I send GET "/parcels/<name>"
    Then the response status is 404

    Examples:
      | name |
      | xyq  |
      | qxy  |
"""


class Parcels(BaseHTTPRequestHandler):
    """Registers whoever is sent; a reset begins each run: the first of it is no answer."""

    def do_GET(self):
        known = self.path.rpartition("/")[2] in self.server.known
        self.answer(200 if known else 404)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.known.add(body["sender"])
        self.answer(201)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def subject():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Parcels)
    server.known = set()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_scenario_that_needs_another_is_found(tmp_path, subject):
    # First as it stands: what it needs comes after it, and stays for the next runs.
    repository(tmp_path, a=f"Feature: Parcels\n\n{NEEDS}\n{MAKES}\n{ALONE}")
    done = factory(
        tmp_path, "check", ".", "--specs", SPECS, "--shuffle", subject,
        "--orders", 1, "--seed", 1, "--json",
    )  # fmt: skip
    found = [(one["rule"], one["line"]) for one in json.loads(done.stdout)["findings"]]
    assert done.returncode == 1 and found == [("scenario-order", 5)], done.stdout + done.stderr


def test_scenarios_that_stand_alone_have_no_finding(tmp_path, subject):
    repository(tmp_path, a=f"Feature: Parcels\n\n{MAKES}\n{ALONE}")
    done = factory(tmp_path, "check", ".", "--specs", SPECS, "--shuffle", subject, "--orders", 2)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_suite_that_cannot_run_is_an_error(tmp_path):
    repository(tmp_path, a=f"Feature: Parcels\n\n{MAKES}    And there is no such step\n")
    (tmp_path / "conftest.py").write_text("")
    done = factory(tmp_path, "check", ".", "--specs", SPECS, "--shuffle", "true")
    assert done.returncode == 2 and "undefined step" in done.stderr


def test_a_file_is_parted_between_scenarios_with_their_tags():
    text = f'Feature: F\n\n  Background:\n    Given a folder "x"\n\n{MAKES}\n{NEEDS}'
    lines = text.split("\n")
    titles = [n for n, line in enumerate(lines, 1) if line.lstrip().startswith("Scenario")]
    first, second = parted(text, titles).values()
    assert "One is registered" in first and "And is found" not in first and "@R2" not in first
    assert "Background" in second and "@R2" in second and "# Only" in second
    assert "One is registered" not in second and "@R1" not in second


def test_rules_are_not_parted(tmp_path):
    text = f"Feature: F\n\n  Rule: one\n{MAKES}\n  Rule: two\n{NEEDS}"
    repository(tmp_path, a=text, b=f"Feature: G\n{MAKES}\n{NEEDS}")
    [suite] = read_repository(tmp_path).suites
    assert [len(one.scenarios) for one in pieces(suite)] == [2, 1, 1]


KILLS = """
  @R1
  Scenario: It is kept
    When I send POST "/parcels"
    And the service is killed and started again
    Then the response status is 201
"""
FRESH = KILLS.replace("@R1", "@R2 @fresh:scenario").replace(
    "    And the service is killed and started again\n", ""
)
PLAIN = FRESH.replace(" @fresh:scenario", "").replace("@R2", "@R1")


def test_what_wants_a_subject_of_its_own_is_left_out_of_runs_on_an_address(tmp_path):
    rule = f"Feature: H\n\n  Rule: one\n{PLAIN.replace('It is', 'That is')}{KILLS}"
    whole = f"Feature: F\n{PLAIN}{KILLS.replace('It is', 'All is')}{FRESH.replace('It', 'This')}"
    repository(tmp_path, a=whole, b=rule)
    found = read_repository(tmp_path)
    [suite] = found.suites
    suite.require_readable()
    assert [one.name for one in left_out(suite)] == [
        "All is kept", "This is kept", "That is kept", "It is kept",
    ]  # fmt: skip
    assert len(list(pieces(suite, started=True))) == 4
    copy_suite(suite, found, tmp_path / "copy")
    [copied] = (tmp_path / "copy").rglob("*.feature")
    assert "killed" not in copied.read_text() and "It is kept" in copied.read_text()
    [kept] = [one for piece in pieces(suite) for one in piece.scenarios]
    told = judged("echo", "parcels", suite.outline.scenarios, {kept.id: "passed"})
    assert (told.scenarios, told.passed) == (1, 1)
    assert told.requirements == (), "what was left out might have failed R1"


def test_strength_says_what_it_left_out(tmp_path):
    repository(tmp_path, a=f"Feature: F\n{KILLS}")
    done = factory(tmp_path, "strength", ".", "--specs", SPECS, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    why = "1 of 1 left out: scenarios that kill the service, or want it fresh"
    assert told["not_judged"] == [{"spec": "parcels", "strawman": "any", "why": why}]
    shuffled = factory(tmp_path, "check", ".", "--specs", SPECS, "--shuffle", "http://127.0.0.1:9")
    assert "note: 1 scenario of parcels that would kill the service" in shuffled.stderr, (
        shuffled.stderr
    )


@pytest.mark.parametrize(
    ("subject", "started"),
    [
        ("http://127.0.0.1:8080", False),
        ("http+unix://%2Frun%2Fs", False),
        ("service:python3 s.py --to http://x", True),
        ("launcher:./run", True),
        ("./loglens", True),
    ],
)
def test_which_subjects_the_runner_starts(subject, started):
    assert is_started(subject) is started
