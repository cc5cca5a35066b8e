"""Scenarios that need an order are found by running them, against real subjects."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from factory.scenarios.repository import read_repository
from factory.scenarios.running import parted, pieces
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
