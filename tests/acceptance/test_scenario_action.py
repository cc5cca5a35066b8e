"""scenario-runner/action.yml as its page shows it: under act, scenarios behind a deploy key."""

from __future__ import annotations

import contextlib
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "github"))

import deploy_key
import harness
from hub import git
from specs_world import start

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
PAGE = harness.ROOT / "scenario-runner" / "README.md"
WORKFLOW = PAGE.read_text().split("```yaml\n", 1)[1].split("```", 1)[0]
HIDDEN = "the sealed greeting of a stranger"
FEATURE = f"""Feature: Greeting
  Scenario: {HIDDEN}
    When I send GET "/greeting"
    Then the response status is 200
    And the response body is "hello"
"""


class Service(BaseHTTPRequestHandler):
    """Says what its server has for a word."""

    def do_GET(self) -> None:
        body = self.server.word.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        pass


@contextlib.contextmanager
def served():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.word = "hello"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """`world(url, ...)`: one run of the documented workflow; `world.service` is the subject."""
    from tests.conftest import require

    require("git", "ssh", "ssh-keygen", "python3")
    if harness.act_program() is None:
        require("act")
    if not Path("/usr/sbin/sshd").exists():
        require("sshd")
    folder = tmp_path_factory.mktemp("scenario-action")
    bare = folder / "served" / "acme" / "scenarios.git"
    scenarios, caller = folder / "scenarios", folder / "shop"
    (scenarios / "greeting").mkdir(parents=True)
    (scenarios / "greeting" / "greeting.feature").write_text(FEATURE)
    start(scenarios)
    git("clone", "--quiet", "--bare", str(scenarios), str(bare), cwd=folder)
    (caller / ".github" / "workflows").mkdir(parents=True)
    (caller / ".github" / "workflows" / "scenarios.yml").write_text(WORKFLOW)
    start(caller)
    git("remote", "add", "origin", "https://github.com/acme/shop", cwd=caller)
    release = harness.released_checkout(folder / "release", "scenario-runner/")
    runs: list[harness.ActRun] = []

    with deploy_key.served(bare, folder / "sshd") as key, served() as service:

        def act(url, **env):
            run = harness.act(
                caller,
                work=folder / f"run-{len(runs) + 1}",
                release=release,
                event_name="workflow_dispatch",
                event={"inputs": {"url": url}},
                secrets={"GITHUB_TOKEN": "ghs_none", "SCENARIOS_KEY": key.private_key},
                variables={"SUBJECT_URL": f"http://127.0.0.1:{service.server_port}"},
                env={
                    "FACTORY_TEST_SSH": key.url.removesuffix("/acme/scenarios.git"),
                    "FACTORY_TEST_KNOWN_HOSTS": key.known_hosts,
                    **env,
                },
                workflow="scenarios.yml",
            )
            runs.append(run)
            assert HIDDEN not in run.log
            assert key.private_key.splitlines()[2] not in run.log
            return run

        act.service, act.folder = service, folder
        yield act
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def venv(tmp_path_factory):
    return str(harness.factory_environment(tmp_path_factory.mktemp("venv") / "venv"))


def test_it_installs_itself_by_hash_and_passes_a_service_that_does_what_it_should(world):
    world.service.word = "hello"
    run = world("")
    assert (run.code, run.jobs) == (0, {"scenarios": "succeeded"}), run.log
    assert "the verdict is pass: 1 passed" in run.log


def test_a_service_that_does_not_is_red(world, venv):
    world.service.word = "go away"
    run = world(f"http://127.0.0.1:{world.service.server_port}", FACTORY_VENV=venv)
    assert (run.code != 0, run.jobs) == (True, {"scenarios": "failed"}), run.log
    assert "the verdict is fail: 1 failed" in run.log


def test_no_input_is_a_word_of_a_shell_and_without_a_subject_nothing_is_green(world, venv):
    planted = world.folder / "planted"
    world.service.word = "hello"
    run = world(f"';touch {planted};$(touch {planted})`touch {planted}`'", FACTORY_VENV=venv)
    assert run.jobs == {"scenarios": "failed"}, run.log
    assert "the verdict is inconclusive: 1 missing" in run.log  # The runner had it, and refused.
    assert not planted.exists()
