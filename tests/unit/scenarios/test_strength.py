"""Straw men: what each answers, and that a weak suite is told from a strong one."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from factory.scenarios.strength.canned import canned
from factory.scenarios.strength.strawmen import STRAWMEN, standing
from factory.spec.document import read_spec
from tests.unit.scenarios.made import SPECS, factory, repository

ANSWERS = canned(read_spec(SPECS / "specs" / "parcels.md"))
WEAK = """\
Feature: Parcels

  @R1
  Scenario: Some answer
    When I send GET "/parcels/zz7"
    Then the response status is 200

  @R2
  Scenario: The canned one
    When I send GET "/parcels?sender=zoe"
    Then the response JSON at "parcels.0.sender" is "anna"

  @E1
  Scenario: Nothing is refused
    When I send POST "/parcels" with JSON:
      \"\"\"
      {"sender": "zoe", "weight_grams": 31}
      \"\"\"
    Then the response status is 201

  @E2
  Scenario: Both are wanted
    When I send POST "/parcels" with JSON:
      \"\"\"
      {"sender": "zoe", "weight_grams": 0}
      \"\"\"
    Then the response status is 422

  @E2 @R1
  Scenario: Nobody
    When I send GET "/parcels/nobody"
    Then the response status is 404
"""


def ask(address, method, path, body=None):
    host = urlsplit(address).netloc
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request(method, path, None if body is None else json.dumps(body))
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, json.loads(data) if data else None


def test_the_spec_s_own_answers_are_read():
    told = {(one.method, one.path.pattern): one.answer for one in ANSWERS}
    made = told["POST", "/parcels"]
    assert (made.status, made.body) == (201, {"id": None, "sender": None, "state": None})
    listed = told["GET", "/parcels"]
    assert (listed.status == 200 and listed.body == {"parcels": None}) or listed.body
    assert told["GET", "/parcels/[^/]+"].headers == {"Cache-Control": "no-store"}
    assert told["DELETE", "/parcels/[^/]+"].status == 204


SENT = {"sender": "zoe", "weight_grams": 0}


def test_what_each_does():
    with standing("always-200", ANSWERS) as address:
        assert ask(address, "DELETE", "/parcels/1") == (200, {})
    with standing("echo", ANSWERS) as address:
        assert ask(address, "PUT", "/x", SENT) == (200, SENT)
    with standing("canned-answers", ANSWERS) as address:
        assert ask(address, "DELETE", "/parcels/1") == (204, None)
        assert ask(address, "GET", "/elsewhere")[0] == 404
    with standing("first-request-wins", ANSWERS) as address:
        first = ask(address, "POST", "/parcels", SENT)
        assert first[0] == 201 and first[1]["sender"] == "zoe"
        assert ask(address, "POST", "/parcels", {"sender": "amy"}) == first
    with standing("no-validation", ANSWERS) as address:
        status, data = ask(address, "POST", "/parcels", SENT)
        assert status == 201 and data["weight_grams"] == 0
        assert ask(address, "GET", f"/parcels/{data['id']}") == (200, data)
        assert ask(address, "GET", "/parcels/other")[0] == 404
    with standing("no-persistence", ANSWERS) as address:
        status, data = ask(address, "POST", "/parcels", SENT)
        assert status == 201
        assert ask(address, "GET", f"/parcels/{data['id']}")[0] == 404
    with standing("nothing-there", ANSWERS) as address, pytest.raises(ConnectionRefusedError):
        ask(address, "GET", "/")


def test_a_weak_suite_is_told_with_its_requirements(tmp_path):
    repository(tmp_path, a=WEAK)
    done = factory(tmp_path, "strength", ".", "--specs", SPECS, "--json")
    assert done.returncode == 1, done.stdout + done.stderr
    data = json.loads(done.stdout)
    rows = {one["strawman"]: one for one in data["judged"]}
    assert list(rows) == list(STRAWMEN) and data["strong"] is False
    assert rows["nothing-there"]["passed"] == 0
    assert rows["no-validation"]["requirements"] == ["E1"]
    assert rows["no-persistence"]["requirements"] == ["E1"]
    # R1 and E2 have each a scenario besides that no straw man passes.
    assert all(not {"R1", "E2"} & set(one["requirements"]) for one in data["judged"])
    assert "Nobody" not in done.stdout + done.stderr


def test_a_suite_of_a_command_is_passed_over(tmp_path):
    text = 'Feature: L\n\n  @R1\n  Scenario: S\n    When I run it with "sum a"\n'
    repository(tmp_path, a=text + "    Then the exit code is 1\n")
    done = factory(tmp_path, "strength", ".", "--specs", SPECS)
    assert done.returncode == 3 and "no scenarios that send requests" in done.stderr
