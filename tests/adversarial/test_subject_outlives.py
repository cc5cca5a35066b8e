"""Subject: kills what it can reach, leaves processes behind, dials the relay; all of it ends."""

from __future__ import annotations

import secrets
import threading
from pathlib import Path

import pytest

from factory.records import Subject
from tests.adversarial.subject_bench import COMMAND, feature, judge, running, server

HELLO = """
    When I send GET "/hello"
    Then the response body contains "hello"
"""
ANSWERS = """
    if self.path == "/hello":
        return self.answer(b"hello")
"""
# What is there meanwhile is seen, however busy the machine is.
SLOW = """
    import time
    if self.path == "/hello":
        time.sleep(1)
        return self.answer(b"hello")
"""


@pytest.fixture(autouse=True)
def _tools(needs) -> None:
    needs("git", "bwrap")


@pytest.fixture
def marker() -> str:
    """A number of seconds that no other program sleeps for."""
    return f"98{secrets.randbelow(10**6):06}.{secrets.randbelow(10**6):06}"


KILLER = """
import os, signal, threading, time
def kill():
    time.sleep(0.3)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGSTOP, signal.SIGKILL):
        for pid in [*range(2, 400), os.getppid(), 1, -1]:
            if pid != os.getpid():
                try:
                    os.kill(pid, number)
                except OSError:
                    pass
"""


def test_a_service_that_kills_everything_it_can_signal(tmp_path: Path) -> None:
    """The relay beside it, the first process of the cell, whatever else has a number."""
    start = KILLER + "threading.Thread(target=kill).start()"
    judged = judge(tmp_path, server(SLOW, start=start), feature(HELLO, HELLO), seconds=5)
    assert judged.verdict == "fail" and "passed" not in judged.outcomes
    assert judged.report.subject_alive_after is False


def test_a_command_that_kills_everything_it_can_signal(tmp_path: Path) -> None:
    tool = "#!/usr/bin/env python3\n" + KILLER + "kill()\nprint('done')\n"
    ran = """
        When I run it with no arguments
        Then the output contains "1 passed"
    """
    judged = judge(tmp_path, {"tool": tool}, feature(ran, ran), subject=COMMAND, seconds=10)
    assert judged.verdict == "fail" and judged.outcomes == ["failed", "failed"]


DAEMON = """
import os, subprocess
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3, 256):
            try:
                os.close(number)
            except OSError:
                pass
        for name in ("HUP", "TERM", "INT"):
            __import__("signal").signal(getattr(__import__("signal"), "SIG" + name), 1)
        os.execv("/usr/bin/sleep", ["sleep", "{marker}"])
    os._exit(0)
os.wait()
"""


def test_a_daemon_of_a_service_ends_with_it(tmp_path: Path, marker: str) -> None:
    seen = threading.Event()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.01) and not seen.is_set():
            if running(marker):
                seen.set()

    watcher = threading.Thread(target=look)
    watcher.start()
    files = server(SLOW, start=DAEMON.format(marker=marker))
    try:
        judged = judge(tmp_path, files, feature(HELLO))
    finally:
        over.set()
        watcher.join()
    assert judged.verdict == "pass"
    assert seen.is_set(), "it was there while the scenarios ran"
    assert running(marker) == []


def test_daemons_of_an_install_and_of_a_command_end_at_once(tmp_path: Path, marker: str) -> None:
    seen: list[int] = []

    def look(text: str) -> None:
        if text.startswith(("starting", "running")):
            seen.extend(running(marker))

    daemon = DAEMON.format(marker=marker)
    tool = f"#!/usr/bin/env python3\nprint('before', flush=True)\n{daemon}\nprint('after')\n"
    subject = Subject(install=f"{COMMAND.install} && python3 daemon.py", command="tool")
    ran = """
        When I run it with no arguments
        Then the output contains "after"
    """
    files = {"tool": tool, "daemon.py": daemon}
    judged = judge(tmp_path, files, feature(ran, ran), subject=subject, progress=look)
    assert judged.verdict == "pass"
    assert seen == [] and running(marker) == []


def test_a_service_that_leaves_a_child_to_answer_for_it_has_died(tmp_path: Path) -> None:
    """The process that was started is what must live, not whoever answers."""
    start = "import os\nif os.fork():\n    os.wait() if 0 else __import__('time').sleep(1.0)\n"
    start += "    os._exit(0)"
    late = HELLO.replace('"/hello"', '"/late"')
    body = ANSWERS + "\n    if self.path == '/late':\n        time.sleep(1.2)\n"
    body += "        return self.answer(b'hello')\n"
    judged = judge(tmp_path, server(body, start=start), feature(HELLO, late), seconds=5)
    assert judged.verdict == "fail"
    assert judged.report.subject_alive_after is False


A_SECOND = """
import time
from pytest_bdd import then

@then("a second goes by")
def _a_second() -> None:
    time.sleep(1)
"""


def test_a_service_that_dies_once_it_has_answered_all_has_died(tmp_path: Path) -> None:
    """Every scenario passed; what is shipped would not be running."""
    body = """
    if self.path == "/hello":
        threading.Timer(0.02, os._exit, [0]).start()
        return self.answer(b"hello")
    """
    # How late a death is still seen is shown in tests/unit/sandbox/test_launcher_stop.py.
    suite = feature(HELLO + "    And a second goes by\n") | {"conftest.py": A_SECOND}
    judged = judge(tmp_path, server(body, start="import threading"), suite)
    assert judged.outcomes == ["passed"] and judged.report.subject_alive_after is False
    assert (judged.verdict, judged.public.failure_class) == ("fail", "crash")


def test_the_relays_channel_gives_a_service_nothing(tmp_path: Path) -> None:
    """It dials the socket, asks for descriptors and looks into the relay's memory."""
    body = """
    if self.path == "/relay":
        got = []
        for name in os.listdir("/run/factory"):
            try:
                client = socket.socket(socket.AF_UNIX)
                client.settimeout(1)
                client.connect("/run/factory/" + name)
                got.append(name)
                got.append(repr(socket.recv_fds(client, 100, 8)))
            except OSError:
                pass
        for name in os.listdir("/proc/self/fd"):
            try:
                target = os.readlink("/proc/self/fd/" + name)
            except OSError:
                continue
            if "channel" in target or target.startswith("/run"):
                got.append(target)
        return self.answer(json.dumps(got).encode(), Content_Type="application/json")
    """
    asks = """
        When I send GET "/relay"
        Then the response JSON is:
          \"\"\"
          []
          \"\"\"
    """
    files = server(body, start="import json, socket")
    judged = judge(tmp_path, files, feature(asks))
    assert judged.verdict == "pass", (judged.out / "private/open/private.jsonl").read_text()
