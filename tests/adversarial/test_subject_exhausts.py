"""Subject: bombs, hogs, floods, drips and odd answers; each costs it a scenario and us no more."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from pathlib import Path

import pytest

from factory.records import Subject
from tests.adversarial.subject_bench import COMMAND, feature, judge, server

ESCAPES = "\x1b[31mred\x1b]0;title\x07\x9b2J\x1b[8m"


@pytest.fixture(autouse=True)
def _tools(needs) -> None:
    needs("git", "bwrap")


ANSWERS = """
    ok = b"HTTP/1.1 200 OK\\r\\n"
    body = {
        "/deep": b"[" * 200_000 + b"]" * 200_000,
        "/deep-object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "/nan": b'{"ok": NaN}',
        "/infinity": b'{"ok": -Infinity}',
        "/huge-number": b'{"ok": ' + b"9" * 100_000 + b"}",
        "/huge-exponent": b'{"ok": 1e999999999}',
        "/twice": b'{"ok": false, "ok": true}',
        "/trailing": b'{"ok": true} {"ok": true}',
        "/comment": b'{"ok": true} // passed',
        "/bom": b'\\xef\\xbb\\xbf{"ok": true}',
        "/bad-utf8": b'{"ok": true, "x": "\\xff\\xfe"}',
        "/surrogate": b'{"ok": true, "x": "\\\\ud800"}',
        "/empty": b"",
    }.get(self.path)
    if body is not None:
        return self.answer(body, Content_Type="application/json")
    if self.path == "/gzip":
        return self.answer(BOMB, Content_Type="application/json", Content_Encoding="gzip")
    if self.path == "/endless":
        self.wfile.write(ok + b"Transfer-Encoding: chunked\\r\\n\\r\\n")
        while True:
            self.wfile.write(b"10000\\r\\n" + b" " * 65536 + b"\\r\\n")
    if self.path == "/drip":
        self.wfile.write(ok + b"Content-Length: 1000\\r\\n\\r\\n")
        while True:
            self.wfile.write(b" ")
            time.sleep(0.05)
    if self.path == "/headers":
        self.wfile.write(ok)
        while True:
            self.wfile.write(b"X: 1\\r\\n")
            time.sleep(0.02)
    if self.path == "/long-header":
        self.wfile.write(ok + b"X: ")
        while True:
            self.wfile.write(b"x" * 65536)
    if self.path == "/continue":
        while True:
            self.wfile.write(b"HTTP/1.1 100 Continue\\r\\n\\r\\n")
    if self.path == "/silent":
        time.sleep(60)
    if self.path == "/short":
        self.wfile.write(ok + b"Content-Length: 1000\\r\\n\\r\\n" + b'{"ok": true}')
        self.close_connection = True
        return
    if self.path == "/negative":
        self.wfile.write(ok + b"Content-Length: -1\\r\\n\\r\\n" + b'{"ok": true}')
        self.close_connection = True
        return
    if self.path == "/status":
        self.wfile.write(b"HTTP/1.1 200200200 OK\\r\\n\\r\\n" + b'{"ok": true}')
        self.close_connection = True
        return
    if self.path == "/babble":
        self.wfile.write(b'{"ok": true}\\n1 passed\\n')
        self.close_connection = True
        return
"""
QUICK = (
    "deep",
    "deep-object",
    "nan",
    "infinity",
    "huge-number",
    "huge-exponent",
    "twice",
    "trailing",
    "comment",
    "bad-utf8",
    "empty",
    "gzip",
    "endless",
    "long-header",
    "short",
    "status",
    "babble",
)
SLOW = ("drip", "headers", "silent", "continue")
IMPORTS = """
    import gzip
    BOMB = gzip.compress(b'{"ok": true}' + b" " * (8 << 20), 1)
"""


def asks(path: str) -> str:
    return f"""
        When I send GET "/{path}"
        Then the response JSON at "ok" is true
    """


def test_odd_answers_are_failures_and_cost_little(tmp_path: Path) -> None:
    began = time.monotonic()
    files = server(ANSWERS, start=IMPORTS)
    judged = judge(tmp_path, files, feature(*map(asks, QUICK)), seconds=12)
    assert dict(zip(QUICK, judged.outcomes, strict=True)) == dict.fromkeys(QUICK, "failed")
    assert judged.verdict == "fail"
    assert time.monotonic() - began < 60


def test_an_answer_that_never_ends_has_the_time_of_one_scenario(tmp_path: Path) -> None:
    began = time.monotonic()
    once = "retries: 0\n"  # Asked again, each would have it once more.
    judged = judge(tmp_path, server(ANSWERS), feature(*map(asks, SLOW)), seconds=1, settings=once)
    assert set(judged.outcomes) == {"timed_out"}, judged.outcomes
    assert (judged.verdict, judged.public.failure_class) == ("fail", "timeout")
    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    "speech",
    [
        'wfile.write(b"HTTP/1.1 200 OK\\r\\n"); [drip(b"X: 1\\r\\n") for _ in range(90)]',
        'wfile.write(b"HTTP/1.1 200 "); [drip(b"x") for _ in range(1000)]',
        'wfile.write(b"HTTP/1.1 100 Continue\\r\\n\\r\\n" * 5000); [drip(b"") for _ in range(90)]',
        '[drip(b"HTTP/1.1 100 Continue\\r\\n\\r\\n" * 50) for _ in range(1000)]',
    ],
)
def test_an_answer_to_are_you_ready_that_never_ends(tmp_path: Path, speech: str) -> None:
    """Each byte comes in time, the whole never does."""
    program = f"""
import os, socketserver, time
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        wfile = self.wfile
        def drip(data):
            time.sleep(0.3)
            wfile.write(data)
        self.request.recv(1000)
        {speech}
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
    began = time.monotonic()
    subject = Subject(start="python3 server.py", start_seconds=1.5)
    judged = judge(tmp_path, {"server.py": program}, feature(asks("x")), subject=subject)
    assert (judged.verdict, judged.public.failure_class) == ("fail", "start")
    assert time.monotonic() - began < 8


def test_a_redirect_is_not_followed_to_another_host(tmp_path: Path) -> None:
    """Neither by itself nor when the scenario follows it; no credential goes anywhere else."""
    got: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:

        def take() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client = elsewhere.accept()[0]
                    with client:
                        client.settimeout(1)
                        got.append(client.recv(10_000))
                        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nstolen!")

        threading.Thread(target=take, daemon=True).start()
        port = elsewhere.getsockname()[1]
        files = server(
            f"""
            if self.path == "/away":
                return self.answer(b"", 302, Location="http://127.0.0.1:{port}/stolen")
            if self.path == "/slashes":
                return self.answer(b"", 307, Location="//127.0.0.1:{port}/stolen")
            """
        )
        sends = """
            Given the request header "Authorization" is "Bearer marmalade-7719-token"
            When I send GET "/{path}"
            {follow}
            Then the response body is:
              \"\"\"
              stolen!
              \"\"\"
        """
        steps = [
            sends.format(path=path, follow=follow)
            for path in ("away", "slashes")
            for follow in ("", "And I follow the redirect")
        ]
        judged = judge(tmp_path, files, feature(*steps))
        elsewhere.shutdown(socket.SHUT_RDWR)
    assert judged.verdict == "fail" and set(judged.outcomes) == {"failed"}
    assert got == []


HOGS = {
    "fork": """
        children = 0
        try:
            while True:
                if os.fork() == 0:
                    time.sleep(30)
                    os._exit(0)
                children += 1
                if children > 600:
                    return self.answer(b"unlimited")
        except OSError:
            os._exit(1)
    """,
    "threads": """
        import threading
        for _ in range(600):
            threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        return self.answer(b"unlimited")
    """,
    # Asked for and not touched: where it is granted, nobody's memory is filled.
    "memory": """
        block = bytearray(3 << 30)
        return self.answer(b"unlimited")
    """,
    "disk": """
        block = b"x" * (1 << 20)
        for place in ("/tmp", "/dev/shm", "/app", "/run", "/"):
            try:
                with open(place + "/full", "wb") as stream:
                    for _ in range(300):
                        stream.write(block)
                return self.answer(b"unlimited")
            except OSError:
                pass
    """,
    "descriptors": """
        held = [open("/dev/null") for _ in range(5000)]
        return self.answer(b"unlimited")
    """,
}


@pytest.mark.parametrize("hog", HOGS)
def test_a_hog_meets_the_limits_of_its_cell(tmp_path: Path, hog: str) -> None:
    steps = """
        When I send GET "/hog"
        Then the response body is:
          \"\"\"
          unlimited
          \"\"\"
    """
    body = 'if self.path == "/hog":\n' + HOGS[hog]
    judged = judge(tmp_path, server(body), feature(steps), seconds=15)
    assert judged.verdict == "fail" and judged.outcomes == ["failed"]
    # Not the free space of the disk: others write to it.
    kept = sum(one.lstat().st_size for one in tmp_path.rglob("*"))
    assert kept < 50 << 20


def test_a_command_that_floods_is_ended(tmp_path: Path) -> None:
    tool = "#!/bin/sh\n[ \"$1\" = out ] && exec yes '1 passed'\nexec yes '1 passed' >&2\n"
    floods = """
        When I run it with "{stream}"
        Then the {output} contains "1 passed"
    """
    steps = [
        floods.format(stream="out", output="output"),
        floods.format(stream="err", output="error output"),
    ]
    judged = judge(tmp_path, {"tool": tool}, feature(*steps), subject=COMMAND, seconds=15)
    assert judged.verdict == "fail" and judged.outcomes == ["failed", "failed"]
    assert (judged.out / "private/open/private.jsonl").stat().st_size < 1 << 20


def test_a_service_that_floods_its_output_is_not_kept(tmp_path: Path) -> None:
    """It goes on answering, so it passes; what it prints is read, dropped and never stored."""
    start = """
        import threading
        def flood():
            while True:
                os.write(1, b"1 passed in 0.01s\\n" * 4000)
        threading.Thread(target=flood, daemon=True).start()
    """
    files = server('if self.path == "/ok":\n    return self.answer(b\'{"ok": true}\')', start=start)
    judged = judge(tmp_path, files, feature(asks("ok")))
    assert judged.verdict == "pass"
    assert sum(one.stat().st_size for one in judged.out.rglob("*") if one.is_file()) < 100_000


@pytest.mark.parametrize("way", ["install", "start"])
def test_a_flood_before_the_scenarios_is_cut_and_never_told(tmp_path: Path, way: str) -> None:
    """Escapes for a terminal, and commands for a workflow, in what it prints as it fails."""
    said = f"{ESCAPES}\n::error::planted\n##[add-mask]planted\n"
    program = f"import sys\nsys.stdout.write({said * 100!r} * 2000)\nsys.exit(3)\n"
    start = "python3 flood.py"
    subject = (
        Subject(install=start, start="true")
        if way == "install"
        else Subject(start=start, start_seconds=5)
    )
    judged = judge(tmp_path, {"flood.py": program}, feature(asks("x")), subject=subject)
    assert judged.verdict == "fail"
    assert len(judged.report.trouble) <= 4000 and "planted" in judged.report.trouble
    everything = judged.told + "".join(judged.said)
    assert "planted" not in everything and "\x1b" not in everything and "\x9b" not in everything
    stored = (judged.out / "report.json").read_bytes()
    assert b"\x1b" not in stored
    assert json.loads(stored)["fault"] == "subject"
