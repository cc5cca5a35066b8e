"""What bench/scenarios.py compares: one suite with each runner's own steps, and a bare client."""

from __future__ import annotations

import sys
from pathlib import Path

# The service: a thread a connection, as most small services are; argv: port, milliseconds.
SERVICE = """
import json, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
delay = float(sys.argv[2]) / 1000
class Things(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    def log_message(self, *_): pass
    def do_GET(self):
        if delay: time.sleep(delay)
        body = json.dumps({"id": int(self.path.rpartition("/")[2]), "name": "a thing"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True
Server(("127.0.0.1", int(sys.argv[1])), Things).serve_forever()
"""

# The floor: the same requests and checks and nothing else; argv: count, connections.
BARE = """
import http.client, json, os, sys, threading
from urllib.parse import urlsplit
address, count = urlsplit(os.environ["SUBJECT"]), int(sys.argv[1])
clients = int(sys.argv[2]) if len(sys.argv) > 2 else 1
def client(first):
    connection = http.client.HTTPConnection(address.hostname, address.port)
    for number in range(first, count, clients):
        connection.request("GET", f"/things/{number}", headers={"X-Client": f"client-{number}"})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200 and "json" in answer.getheader("Content-Type")
        assert json.loads(body)["id"] == number
threads = [threading.Thread(target=client, args=(each,)) for each in range(clients)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""

SCENARIO = """
  @R1 @must
  Scenario: thing {number} is answered
    Given the request header "X-Client" is "client-{number}"
    When I send GET "/things/{number}"
    Then the response status is 200
    And the response header "Content-Type" contains "json"
    And the response JSON at "id" is {number}
"""

BDD_STEPS = """
import os
import pytest, requests
from pytest_bdd import given, parsers, scenarios, then, when
scenarios("../features")
@pytest.fixture(scope="session")
def session():
    return requests.Session()
@pytest.fixture
def headers():
    return {}
@given(parsers.parse('the request header "{name}" is "{value}"'))
def _(headers, name, value): headers[name] = value
@when(parsers.parse('I send GET "{path}"'), target_fixture="answer")
def _(session, headers, path): return session.get(os.environ["SUBJECT"] + path, headers=headers)
@then(parsers.parse("the response status is {status:d}"))
def _(answer, status): assert answer.status_code == status
@then(parsers.parse('the response header "{name}" contains "{text}"'))
def _(answer, name, text): assert text in answer.headers[name]
@then(parsers.parse('the response JSON at "{key}" is {value:d}'))
def _(answer, key, value): assert answer.json()[key] == value
"""

BEHAVE_STEPS = """
import os
import requests
from behave import given, then, when
session = requests.Session()
@given('the request header "{name}" is "{value}"')
def _(context, name, value): context.headers = {name: value}
@when('I send GET "{path}"')
def _(context, path):
    context.answer = session.get(os.environ["SUBJECT"] + path, headers=context.headers)
@then('the response status is {status:d}')
def _(context, status): assert context.answer.status_code == status
@then('the response header "{name}" contains "{text}"')
def _(context, name, text): assert text in context.answer.headers[name]
@then('the response JSON at "{key}" is {value:d}')
def _(context, key, value): assert context.answer.json()[key] == value
"""

CUCUMBER_STEPS = """
const { Given, When, Then } = require('@cucumber/cucumber')
const assert = require('node:assert')
const http = require('node:http')
const agent = new http.Agent({ keepAlive: true })
const subject = process.env.SUBJECT
Given('the request header {string} is {string}', function (name, value) {
  this.headers = { [name]: value }
})
When('I send GET {string}', function (path) {
  return new Promise((resolve, reject) => {
    http.get(subject + path, { agent, headers: this.headers }, (answer) => {
      let body = ''
      answer.on('data', (part) => { body += part })
      answer.on('end', () => { this.answer = answer; this.body = body; resolve() })
    }).on('error', reject)
  })
})
Then('the response status is {int}', function (status) {
  assert.equal(this.answer.statusCode, status)
})
Then('the response header {string} contains {string}', function (name, text) {
  assert(this.answer.headers[name.toLowerCase()].includes(text))
})
Then('the response JSON at {string} is {int}', function (key, value) {
  assert.equal(JSON.parse(this.body)[key], value)
})
"""


def write_suite(folder: Path, count: int, *, definitions: int = 0) -> None:
    """`count` scenarios under `features/`; `definitions` steps that none of them uses."""
    features = folder / "features"
    features.mkdir(parents=True)
    for first in range(0, count, 100):
        body = "".join(
            SCENARIO.format(number=number) for number in range(first, min(first + 100, count))
        )
        text = f"Feature: Things from {first}\n{body}"
        (features / f"things_{first:06}.feature").write_text(text, encoding="utf-8")
    if definitions:
        (features / "steps").mkdir()
        lines = ["from pytest_bdd import given, parsers"]
        for number in range(definitions):
            lines.append(f"@given(parsers.parse('something number {number} of {{size:d}}'))")
            lines.append(f"def _step_{number}(size): pass")
        (features / "steps" / "more.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return
    for name, text in (
        ("bdd/test_things.py", BDD_STEPS),
        ("behave/steps/things.py", BEHAVE_STEPS),
        ("cucumber/things.js", CUCUMBER_STEPS),
    ):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, encoding="utf-8")
    # behave looks for its steps beside the feature files.
    (folder / "behave" / "features").symlink_to(features)


def pytest_bdd(suite: Path) -> list[str]:
    """No plugin but its own, no cache, the least output: as fast as it can be asked to be."""
    tests = str(suite / "bdd")
    options = ["-q", "-p", "no:cacheprovider", "--no-header", "-W", "ignore", f"--rootdir={suite}"]
    return [sys.executable, "-m", "pytest", *options, "-c", "/dev/null", tests]


def behave(program: Path, suite: Path) -> list[str]:
    options = ["--no-summary", "--format", "null", "--no-capture", "--no-skipped"]
    return [str(program), *options, str(suite / "behave")]


def cucumber(program: Path, suite: Path) -> list[str]:
    # The steps require '@cucumber/cucumber' from where it is installed.
    modules = program.parents[1]
    link = suite / "cucumber" / "node_modules"
    if not link.exists():
        link.symlink_to(modules)
    steps = str(suite / "cucumber" / "things.js")
    return [str(program), "--require", steps, "--format", "summary",
            str(suite / "features") + "/*.feature"]  # fmt: skip
