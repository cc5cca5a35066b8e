"""The shipped product off by one, and slow: a proxy in front of it, and the suites that notice."""

import http.client
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from factory.errors import UsageError
from factory.scenarios.strength.proxy import Fault, proxied
from factory.scenarios.strength.strawmen import standing
from tests.unit.scenarios.made import SPECS, factory, repository

HEAVY = """\
Feature: Parcels

  @E1
  Scenario: Far too heavy
    When I send POST "/parcels" with JSON:
      \"\"\"
      {"sender": "zoe", "weight_grams": 99999}
      \"\"\"
    Then the response status is 422

  @E2
  Scenario: Nobody
    Given a random word as "word"
    When I send GET "/parcels/${word}"
    Then the response status is 404
"""
BOUNDS = """\
Feature: Bounds

  @E1
  Scenario Outline: At the bound: <grams>
    When I send POST "/parcels" with JSON:
      \"\"\"
      {"sender": "zoe", "weight_grams": <grams>}
      \"\"\"
    Then the response status is <status>

    Examples:
      | grams | status |
      | 0     | 422    |
      | 1     | 201    |
      | 30000 | 201    |
      | 30001 | 422    |
"""
TIMED = """\
Feature: Time

  @C1
  Scenario: Quick
    When I send GET "/parcels/nobody"
    Then the response arrives within %d milliseconds
"""


class Parcels(BaseHTTPRequestHandler):
    """A product that keeps to the spec, as far as the suites here look."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(201 if 1 <= sent["weight_grams"] <= 30000 else 422)

    def do_GET(self):
        self.answer(404)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def product():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Parcels)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def judged(tmp_path, address, *more, **features):
    repository(tmp_path, **features)
    words = ("strength", ".", "--specs", SPECS, "--subject", address, "--json", *more)
    done = factory(tmp_path, *words)
    data = json.loads(done.stdout) if done.stdout else {}
    return done, {one["strawman"]: one for one in data.get("judged", ())}, data


def sent(address, method, path, body=None):
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request(method, path, body)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, data


def test_each_whole_number_is_shifted_and_nothing_else():
    more = Fault(shift=1)
    body = b'{"a": 1, "b": [true, 2.5, "7", {"c": -1}], "d": null}'
    assert json.loads(more.body(body)) == {
        "a": 2, "b": [True, 2.5, "7", {"c": 0}], "d": None,
    }  # fmt: skip
    assert more.body(b"{no json") == b"{no json"
    assert Fault().body(body) == body
    assert more.target("/links/7/stats?days=90&of=x&y=") == "/links/7/stats?days=91&of=x&y="
    assert Fault(shift=-1).target("/a?page=0") == "/a?page=-1"
    untouched = "/a?x=%41+b&&c"
    assert more.target(untouched) == untouched


def test_a_proxy_passes_on_what_it_is_not_to_spoil():
    with standing("echo", []) as good, proxied(good, Fault()) as address:
        assert sent(address, "PUT", "/x", b'{"n": 1}') == (200, b'{"n": 1}')
        assert sent(address, "HEAD", "/x") == (200, b"")
    with standing("nothing-there", []) as gone, proxied(gone, Fault()) as address:
        assert sent(address, "GET", "/x")[0] == 502


def test_a_slow_answer_comes_no_sooner():
    with standing("echo", []) as good, proxied(good, Fault(delay_seconds=0.3)) as address:
        began = time.monotonic()
        assert sent(address, "GET", "/x")[0] == 200
        assert time.monotonic() - began >= 0.3


def test_only_a_service_can_be_a_subject():
    for address in ("ftp://x", "http://host/path", "a command"):
        with pytest.raises(UsageError, match="no address"), proxied(address, Fault()):
            pass


def test_a_suite_that_does_not_look_at_the_bound_is_told(tmp_path):
    with product() as address:
        done, rows, data = judged(tmp_path, address, a=HEAVY)
    assert done.returncode == 1, done.stderr
    assert rows["one-more"]["requirements"] == ["E1"]
    assert rows["one-less"]["requirements"] == ["E1"]
    # E2 states no number and its scenario sends none: it need not notice.
    assert rows["one-more"]["passed"] == 2
    (lacking,) = data["not_judged"]
    assert (lacking["strawman"], lacking["why"]) == ("slow", "no scenario is for C1")
    assert data["mutants"] is None


def test_a_suite_that_looks_at_the_bound_fails_both(tmp_path):
    with product() as address:
        _, rows, _ = judged(tmp_path, address, a=HEAVY, b=BOUNDS)
    assert rows["one-more"]["requirements"] == []
    assert rows["one-less"]["requirements"] == []
    assert (rows["one-more"]["scenarios"], rows["one-more"]["passed"]) == (6, 4)


@pytest.mark.parametrize(("milliseconds", "weak"), [(500, []), (5000, ["C1"])])
def test_a_constraint_s_time_is_to_be_measured(tmp_path, milliseconds, weak):
    with product() as address:
        _, rows, _ = judged(tmp_path, address, a=TIMED % milliseconds)
    assert rows["slow"]["requirements"] == weak


def test_without_a_product_it_is_said_that_it_was_not_judged(tmp_path):
    repository(tmp_path, a=HEAVY)
    done = factory(tmp_path, "strength", ".", "--specs", SPECS)
    for name in ("one-more", "one-less", "slow"):
        assert f"parcels  {name:<18}  not judged: needs a shipped product" in done.stdout


def test_nothing_is_told_from_a_product_that_does_not_pass(tmp_path):
    with standing("always-200", []) as address:
        done, rows, _ = judged(tmp_path, address, a=HEAVY)
    assert done.returncode == 5 and not rows
    assert "2 of the 2 scenarios for parcels do not pass with the product as it is" in done.stderr


def test_product_and_subject_exclude_each_other(tmp_path):
    repository(tmp_path, a=HEAVY)
    words = ("--subject", "http://127.0.0.1:9", "--product", ".")
    done = factory(tmp_path, "strength", ".", "--specs", SPECS, *words)
    assert done.returncode == 2 and "both given" in done.stderr
