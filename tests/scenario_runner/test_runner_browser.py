"""How a run uses the browser: started where a step asks for it, shown in the private reports."""

from __future__ import annotations

import base64
import contextlib
import importlib.util
import json
import os
import re
import shutil
import signal
import socketserver
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

import pytest
from scenario_runner.browser import launch, roles
from scenario_runner.browser.gate import host_and_port
from scenario_runner.reports.evidence import read_detail

from tests.conftest import require
from tests.scenario_runner import page_service
from tests.scenario_runner.conftest import DISTRIBUTION, environment

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode()


@pytest.fixture(scope="module")
def pages():
    if importlib.util.find_spec("playwright") is None:
        require("playwright")
    require("chromium")
    server = page_service.serve(page_service.Pages)
    yield page_service.address(server)
    server.shutdown()


FEATURE = """
Feature: Shop
  Scenario: passes
    When I open the page "/"
    And I take a screenshot called "the shop"
    Then the heading "Our shop" is shown
  Scenario: fails in the page
    When I open the page "/"
    Then within 0.1 seconds the heading "Their shop" is shown
    And the page shows "x"
  Scenario: fails beside the page
    When I open the page "/away"
    And I send GET "/nowhere"
    Then the response status is 200
  Scenario: a browser without the cookies of the one before
    When I open the page "/me"
    Then the page shows "null"
  Scenario: takes too long
    When I open the page "/"
    Then within 600 seconds the heading "Their shop" is shown
  Scenario: asks by hand
    When I send GET "/"
    Then the response status is 200
"""


def test_pictures_and_what_the_page_was_go_into_the_private_reports(suite, run, pages, tmp_path):
    page, messages = tmp_path / "page.html", tmp_path / "messages.ndjson"
    ran = run(
        suite({"a.feature": FEATURE}), "--scenario-timeout", "12", "--jobs", "2",
        "--html", str(page), "--messages", str(messages), subject=pages,
    )  # fmt: skip
    assert ran.outcomes == {
        "passes": "passed",
        "fails in the page": "failed",
        "fails beside the page": "failed",
        "a browser without the cookies of the one before": "passed",
        "takes too long": "timed_out",
        "asks by hand": "passed",
    }
    assert "1 side by side, then 5 apart" in ran.stdout
    told = {each["name"]: each for each in ran.private}
    names = {
        name: [each["name"] for each in one.get("attachments", ())] for name, one in told.items()
    }
    assert names["passes"] == ["the shop"]
    assert names["fails in the page"] == names["fails beside the page"] == ["at the end"]
    assert "attachments" not in told["asks by hand"]
    noted = json.dumps(told["fails beside the page"]["exchanges"])
    assert "Away" in noted
    assert "http://127.0.0.1:9/fetch" in noted
    html = page.read_text()
    assert html.count('src="data:image/png;base64,') >= 3
    assert "img-src data:" in html
    attached = [
        line["attachment"]
        for line in map(json.loads, messages.read_text().splitlines())
        if "attachment" in line and line["attachment"]["contentEncoding"] == "BASE64"
    ]
    assert {each["mediaType"] for each in attached} == {"image/png"}
    assert all(base64.b64decode(each["body"]).startswith(b"\x89PNG") for each in attached)
    # Nothing of it is public.
    assert "base64" not in json.dumps(ran.report) + ran.stdout


def test_a_picture_of_the_end_belongs_to_the_step_that_failed():
    steps = [{"outcome": "passed"}, {"outcome": "failed"}, {"outcome": "not run"}]
    given = {"name": "at the end", "media_type": "image/png", "data": PNG, "at": 9.0}
    entry = {"began_at": 1.0, "stopped_at": 3.0, "ended": [2.0], "steps": steps}
    detail = read_detail({**entry, "attachments": [given]})
    assert [(each.step, each.name) for each in detail.pictures] == [(1, "at the end")]


@pytest.mark.parametrize(
    "told",
    [
        {"media_type": "text/html", "data": PNG},
        {"media_type": "image/svg+xml", "data": PNG},
        {"media_type": "image/png", "data": base64.b64encode(b"<svg onload=x>").decode()},
        {"media_type": "image/png", "data": PNG + '"><script>'},
        {"media_type": "image/jpeg", "data": PNG},
        {"media_type": ["image/png"], "data": PNG},
        {"media_type": "image/png", "data": 7},
        {},
    ],
)
def test_what_only_says_that_it_is_a_picture_is_left_out(told):
    assert read_detail({"steps": [], "attachments": [told]}).pictures == ()


ASKS = """
Feature: F
  Scenario: by hand
    When I send GET "/"
    Then the response status is 200
  Scenario: in a browser
    When I open the page "/"
    Then the page title is "Shop"
"""


def test_without_a_browser_nothing_runs_and_the_mend_is_said(suite, run, pages):
    root = suite({"a.feature": ASKS})
    ran = run(root, subject=pages, env={"FACTORY_CHROMIUM": "/nowhere/chromium"})
    assert (ran.code, ran.outcomes["in a browser"]) == (2, "invalid")
    (error,) = ran.report["errors"]
    assert (error["path"], error["line"]) == ("a.feature", 5)
    assert "apt-get install chromium" in error["message"]
    # The same where scenarios run under pytest, and where the browser does not start.
    (root / "conftest.py").write_text("def pytest_bdd_before_scenario(): pass\n")
    ran = run(root, subject=pages, env={"FACTORY_CHROMIUM": "/bin/false"})
    assert (ran.code, len(ran.report["errors"])) == (2, 1)
    assert "does not start" in ran.report["errors"][0]["message"]


def test_nothing_of_it_is_loaded_where_no_step_asks_for_it(suite, run, pages):
    code = """
        import sys
        from pytest_bdd import then
        @then("no browser is loaded")
        def _():
            assert "playwright" not in sys.modules
            assert "asyncio" not in sys.modules
            assert "scenario_runner.browser.browser" not in sys.modules
    """
    text = ASKS.split("  Scenario: in")[0] + "    And no browser is loaded\n"
    ran = run(suite({"a.feature": text, "conftest.py": textwrap.dedent(code)}), subject=pages)
    assert ran.code == 0, ran.private
    script = "import sys, scenario_runner.cli; sys.exit('playwright' in sys.modules)"
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, env=environment(), check=False).returncode == 0


def test_under_pytest_and_in_the_middle_of_a_suites_own_steps(suite, run, pages):
    code = """
        from pytest_bdd import then
        @then("the suite knows better")
        def _(subject):
            assert subject.url.startswith("http")
    """
    text = ASKS + "    And the suite knows better\n"
    ran = run(suite({"a.feature": text, "conftest.py": textwrap.dedent(code)}), subject=pages)
    assert ran.outcomes == {"by hand": "passed", "in a browser": "passed"}, ran.private


class _Deadly(page_service.Pages):
    """Kills the browser that asks for /deadly, which no page can do by itself."""

    folder = ""

    def do_GET(self) -> None:
        if self.path == "/deadly":
            # Who comes later is the next scenario's. Both count the time since the machine began.
            asked = time.clock_gettime(time.CLOCK_BOOTTIME) * os.sysconf("SC_CLK_TCK")
            for process in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    words = (process / "cmdline").read_text()
                    theirs = "--user-data-dir" in words and self.folder in words
                    began = (process / "stat").read_text().rpartition(")")[2].split()[19]
                    if theirs and int(began) <= asked:
                        os.kill(int(process.name), signal.SIGKILL)
        super().do_GET()


def test_a_browser_that_ends_by_itself_is_no_fault_of_the_subject(suite, run, pages, request):
    text = """
    Feature: F
      Scenario: while it opens a page
        When I open the page "/deadly"
        Then the page shows "x"
      Scenario: with a step of the suite
        When I open the page "/deadly"
        Then the suite knows better
      Scenario: between two steps
        When I open the page "/"
        And I send GET "/deadly"
        Then the heading "Our shop" is shown
      Scenario: with another browser
        When I open the page "/"
        Then the heading "Our shop" is shown
    """
    code = "from pytest_bdd import then\n@then('the suite knows better')\ndef _(): pass\n"
    # So long that a socket in it has no path that fits. Another user than root goes through it;
    # pytest's own folder each new pytest closes to all others.
    above = Path(tempfile.mkdtemp())
    request.addfinalizer(lambda: shutil.rmtree(above))
    folder = above / ("scratch" * 15)
    folder.mkdir()
    above.chmod(0o755)
    _Deadly.folder = str(folder)
    server = page_service.serve(_Deadly)
    ran = run(
        suite({"a.feature": text, "conftest.py": code}),
        subject=page_service.address(server), env={"TMPDIR": str(folder)},
    )  # fmt: skip
    server.shutdown()
    *dead, alive = ran.outcomes.values()
    assert (dead, alive) == (["invalid"] * 3, "passed"), [
        each.get("message") for each in ran.private
    ]
    assert ran.report["verdict"] == "inconclusive"
    assert "the browser ended while a scenario was using it" in ran.private[0]["message"]


class _OnSocket(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def get_request(self):
        return super().get_request()[0], ("local", 0)


def test_a_subject_on_a_unix_socket_is_seen_as_any_other(suite, run, pages, tmp_path):
    path = tmp_path / "s"
    with _OnSocket(str(path), page_service.Pages) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        subject = "http+unix://" + str(path).replace("/", "%2F")
        ran = run(suite({"a.feature": ASKS}), subject=subject)
        server.shutdown()
    assert set(ran.outcomes.values()) == {"passed"}, ran.private


def test_the_walls_stand(suite, run, pages, tmp_path):
    """What keeps a page that took over the browser: as far as this kernel lets us, all of them."""
    require("bwrap")
    text = FEATURE.split("  Scenario: fails beside")[0]
    ran = run(suite({"a.feature": text}), subject=pages)
    noted = json.dumps([each.get("exchanges") for each in ran.private])
    found = re.search(r'"walls": "([^"]*)"', noted)
    assert found, noted
    walls = found[1].split(", ")
    assert "sandbox of the browser" in walls
    assert ("user" in walls) == (os.geteuid() == 0)
    if not launch._works(launch._own_network):
        pytest.skip("no network namespaces here")
    assert "network" in walls
    assert "files" in walls


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://Host", ("host", 80)),
        ("https://host/x", ("host", 443)),
        ("http://[::1]:8/", ("::1", 8)),
    ],
)
def test_where_an_address_leads(address, expected):
    assert host_and_port(address) == expected


def test_every_role_has_one_plural():
    plurals = [roles.plural(role) for role in roles.ROLES]
    assert len({*plurals, *roles.ROLES}) == 2 * len(roles.ROLES)
    assert all(roles.singular(roles.plural(role)) == role for role in roles.ROLES)


def test_the_axe_that_is_used_comes_with_its_package():
    from scenario_runner.browser import accessibility

    assert accessibility._script().startswith("/*! axe v4.")
    assert not list(Path(DISTRIBUTION).rglob("axe*.js"))
