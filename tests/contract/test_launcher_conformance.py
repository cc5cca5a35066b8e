"""The launcher in every kind of sandbox: fresh instances, restarts, ends, and nothing left."""

# ruff: noqa: F811

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from factory.sandbox.docker import Docker
from factory.sandbox.kind import Kind
from factory.sandbox.launcher.journal import Account, Failure, settled
from tests.contract.launching import SECONDS, Launcher, get, planned, running
from tests.contract.sandbox_boxes import Over, box, docker_image  # noqa: F401

KEEPER = r"""
import os, socket, threading
server = socket.socket()
server.bind(("127.0.0.1", int(os.environ["PORT"])))
server.listen()

def serve(client):
    while data := client.recv(4096):
        if b"/never" not in data:
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")

while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
"""


def left(launcher: Launcher, box: Kind) -> list[object]:
    """Files, processes and containers of a launcher; empty where it cleaned up."""
    found: list[object] = list(launcher.left())
    owner = f"factory-cell-{launcher.process.pid}-"
    found += running(str(launcher.own))
    if isinstance(box, Docker):
        words = ["docker", "ps", "--all", "--quiet", "--filter", f"name={owner}"]
        found += subprocess.run(words, capture_output=True, check=True).stdout.split()
    return found


def ended(launcher: Launcher) -> int:
    return launcher.process.wait(SECONDS)


class TestState:
    def test_each_instance_has_a_state_of_its_own(self, box: Kind, tmp_path: Path) -> None:
        with Launcher(planned(tmp_path, box)) as launcher:
            first, second = launcher.start("1"), launcher.start("2")
            get(first, "keep")
            assert get(first, "kept") == "['x', 'x']"
            assert get(second, "kept") == "[]"
            assert (get(first, "seen"), get(second, "seen")) == ("3", "2")

    def test_a_restart_keeps_what_was_written_and_nothing_else(
        self, box: Kind, tmp_path: Path
    ) -> None:
        with Launcher(planned(tmp_path, box)) as launcher:
            socket = launcher.start("1")
            processes = get(socket, "processes")
            for number in range(1, 4):
                get(socket, "keep")
                assert launcher.ask("restart", "1")["state"] == "ready"
                kept = "x" * number
                assert get(socket, "kept") == f"['{kept}', '{kept}']"
                assert get(socket, "seen") == "2", "memory is gone"
                assert get(socket, "processes") == processes
            assert launcher.ask("stop", "1") == {"state": "stopped", "alive": True}
        assert settled(tmp_path / "journal") == Account(ready=1, alive=True)

    def test_killed_it_answers_nobody_until_it_is_started_again(
        self, box: Kind, tmp_path: Path
    ) -> None:
        with Launcher(planned(tmp_path, box)) as launcher:
            socket = launcher.start("1")
            get(socket, "keep")
            assert launcher.ask("kill", "1") == {"state": "killed"}
            with pytest.raises((OSError, http.client.HTTPException)):
                get(socket, "kept")
            assert launcher.ask("restart", "1")["state"] == "ready"
            assert get(socket, "kept") == "['x', 'x']"
            assert launcher.ask("kill", "1") == {"state": "killed"}
            # What was killed as asked has not ended by itself.
            assert launcher.ask("stop", "1")["alive"] is True

    def test_open_connections_end_and_do_not_keep_the_port(self, box: Kind, tmp_path: Path) -> None:
        """Not even from a service that does not ask for SO_REUSEADDR and never closes first."""
        with Launcher(planned(tmp_path, box, source=KEEPER)) as launcher:
            socket = launcher.start("1")
            for _ in range(2):
                open_ones = [Over(socket) for _ in range(5)]
                for one in open_ones:
                    assert one.ask("GET", "/hello") == b"hi"
                    one.request("GET", "/never")
                assert launcher.ask("restart", "1")["state"] == "ready"
                for one in open_ones:
                    with pytest.raises((OSError, http.client.HTTPException)):
                        one.getresponse().read()


class TestFailing:
    @pytest.mark.parametrize(
        ("more", "seconds", "words"),
        [
            ("raise SystemExit('no database')", 20.0, "no database"),
            ("import time; time.sleep(60)", 0.7, "no good answer in 0.7 seconds"),
        ],
    )
    def test_what_does_not_start_is_the_subject_s_fault(
        self, box: Kind, tmp_path: Path, more: str, seconds: float, words: str
    ) -> None:
        with Launcher(planned(tmp_path, box, more, start_seconds=seconds)) as launcher:
            answer = launcher.ask("start", "1")
            assert (answer["state"], answer["whose"]) == ("failed", "subject")
            assert words in answer["message"]
            assert launcher.ask("stop", "1") == {"state": "stopped", "alive": False}
        told = settled(tmp_path / "journal")
        assert (told.ready, told.alive) == (0, None)
        assert [one.whose for one in told.failures] == ["subject"]

    def test_a_cell_that_cannot_be_made_is_ours(self, box: Kind, tmp_path: Path) -> None:
        path = planned(tmp_path, box)
        said = path.read_text()
        broken = said.replace('/bwrap"', '/no-bwrap"').replace('"image": "', '"image": "no-')
        assert broken != said
        path.write_text(broken)
        with Launcher(path) as launcher:
            answer = launcher.ask("start", "1")
            assert (answer["state"], answer["whose"]) == ("failed", "ours")
        assert [one.whose for one in settled(tmp_path / "journal").failures] == ["ours"]

    def test_one_that_has_ended_by_itself_is_not_restarted_and_not_alive(
        self, box: Kind, tmp_path: Path
    ) -> None:
        with Launcher(planned(tmp_path, box)) as launcher:
            for identity, verb in (("1", "restart"), ("2", "kill")):
                socket = launcher.start(identity)
                with pytest.raises((OSError, http.client.HTTPException)):
                    get(socket, "end")
                time.sleep(0.3)  # Its connection is over before it has ended.
                answer = launcher.ask(verb, identity)
                assert (answer["state"], answer["whose"]) == ("failed", "subject")
                assert "by itself" in answer["message"]
            socket = launcher.start("3")
            with pytest.raises((OSError, http.client.HTTPException)):
                get(socket, "end")
            time.sleep(0.3)
            assert launcher.ask("stop", "3") == {"state": "stopped", "alive": False}
        assert settled(tmp_path / "journal").alive is False

    def test_one_that_does_not_come_up_again(self, box: Kind, tmp_path: Path) -> None:
        once = "if os.path.exists('/tmp/once'):\n    raise SystemExit('corrupt')\n"
        once += "open('/tmp/once', 'w').close()\n"
        with Launcher(planned(tmp_path, box, once)) as launcher:
            launcher.start("1")
            answer = launcher.ask("restart", "1")
            assert (answer["state"], answer["whose"]) == ("failed", "subject")
            assert "corrupt" in answer["message"]
            assert launcher.ask("restart", "1")["whose"] == "ours"
            assert launcher.ask("stop", "1") == {"state": "stopped", "alive": False}


class TestMany:
    def test_no_more_live_than_may(self, box: Kind, tmp_path: Path) -> None:
        with Launcher(planned(tmp_path, box, live=2)) as launcher:
            for identity in "123":
                launcher.send("start", identity)
            ready = {one for one in "12" if launcher.answer(one)["state"] == "ready"}
            assert ready == {"1", "2"}
            time.sleep(0.3)
            assert launcher._answers["3"].empty(), "it waits for a place"
            launcher.ask("stop", "1")
            assert launcher.answer("3")["state"] == "ready"

    def test_one_that_waits_too_long_for_a_place_is_ours(self, box: Kind, tmp_path: Path) -> None:
        with Launcher(planned(tmp_path, box, live=1, start_seconds=5.0)) as launcher:
            launcher.start("1")
            answer = launcher.ask("start", "2")
            assert (answer["state"], answer["whose"]) == ("failed", "ours")
            assert "1 instances live" in answer["message"]

    def test_a_stop_does_not_wait_for_the_start(self, box: Kind, tmp_path: Path) -> None:
        # A start that takes longer than anybody here waits for an answer.
        slow = planned(
            tmp_path, box, "import time; time.sleep(900)", live=1, start_seconds=15 * SECONDS
        )
        with Launcher(slow) as launcher:
            launcher.send("start", "1")
            launcher.send("start", "2")
            time.sleep(0.5)
            for identity in "21":
                launcher.send("stop", identity)
                # Docker alone may need a minute on a busy machine.
                answers = [launcher.answer(identity, 2 * SECONDS)["state"] for _ in range(2)]
                assert sorted(answers) == ["failed", "stopped"]
        assert settled(tmp_path / "journal") == Account()

    def test_an_id_may_be_used_again_and_a_living_one_may_not(
        self, box: Kind, tmp_path: Path
    ) -> None:
        with Launcher(planned(tmp_path, box)) as launcher:
            launcher.start("1")
            assert launcher.ask("start", "1")["whose"] == "ours"
            launcher.ask("stop", "1")
            launcher.start("1")
            assert launcher.ask("restart", "9")["whose"] == "ours"
            assert launcher.ask("stop", "1")["alive"] is True
            assert launcher.ask("stop", "1")["alive"] is True


@pytest.mark.nightly
def test_a_long_name_of_the_folder_for_temporary_files(
    box: Kind, tmp_path: Path, monkeypatch
) -> None:
    """Sockets are made below it, whose paths have a limit."""
    path = planned(tmp_path, box)
    for length in range(40, 70, 3):
        folder = Path(tempfile.mkdtemp(dir="/tmp"))
        folder = folder.rename(f"{folder}{'l' * (length - len(str(folder)))}")
        try:
            monkeypatch.setenv("LONG", str(folder))
            swap = ["sh", "-c", 'TMPDIR=$LONG exec "$@"', "sh"]
            with Launcher(path, swap) as launcher:
                assert launcher.ask("start", "1")["state"] == "ready", length
            assert list(folder.iterdir()) == []
        finally:
            folder.rmdir()


class TestEnds:
    def test_at_the_end_of_its_input_nothing_is_left(self, box: Kind, tmp_path: Path) -> None:
        with Launcher(planned(tmp_path, box)) as launcher:
            launcher.start("1")
            launcher.start("2")
            launcher.send("start", "3")
            assert launcher.process.stdin
            launcher.process.stdin.close()
            assert ended(launcher) == 0
            assert left(launcher, box) == []
        assert settled(tmp_path / "journal").alive is True

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_stops_everything(
        self, box: Kind, tmp_path: Path, number: signal.Signals
    ) -> None:
        with Launcher(planned(tmp_path, box)) as launcher:
            launcher.start("1")
            launcher.send("start", "2")
            launcher.process.send_signal(number)
            launcher.process.send_signal(number)
            assert ended(launcher) == 128 + number
            assert left(launcher, box) == []

    def test_its_parent_is_killed_while_others_hold_its_input_open(
        self, box: Kind, tmp_path: Path
    ) -> None:
        """The kernel was even asked to kill it as well, which would leave its files."""
        parent = """
import ctypes, os, subprocess, sys
libc = ctypes.CDLL(None)
started = subprocess.Popen(sys.argv[1:], preexec_fn=lambda: libc.prctl(1, 9, 0, 0, 0))
print('{"id": "pid", "pid": %d}' % started.pid, flush=True)
started.wait()
"""
        via = [sys.executable, "-c", parent]
        with Launcher(planned(tmp_path, box), via) as launcher:
            pid = launcher.answer("pid")["pid"]
            launcher.start("1")
            handle = os.pidfd_open(pid)
            launcher.process.kill()
            deadline = time.monotonic() + SECONDS
            while Path(f"/proc/{pid}/cmdline").exists() and time.monotonic() < deadline:
                if not Path(f"/proc/{pid}/cmdline").read_bytes():
                    break  # A zombie: who adopted it may not reap at once.
                time.sleep(0.02)
            os.close(handle)
            assert left(launcher, box) == []
        assert settled(tmp_path / "journal") == Account(ready=1, alive=True)

    def test_a_broken_line_stops_everything(self, box: Kind, tmp_path: Path) -> None:
        lines = [
            b'{"do": "explode", "id": "1"}\n',
            b"start 1\n",
            b'{"do": "start", "id": 1}\n',
            b'{"do": "start", "id": ""}\n',
            b'{"do": "start"}\n',
            b'{"do": "start", "id": "1", "more": 1}\n',
            b'["start", "1"]\n',
            b"[" * 3000 + b"\n",
            b"x" * 100_000,
            b"\xff\xfe\n",
        ]
        # The same code reads them for every sandbox: one line is enough in the slow one.
        for line in lines[:1] if isinstance(box, Docker) else lines:
            (tmp_path / "journal").unlink(missing_ok=True)
            with Launcher(planned(tmp_path, box)) as launcher:
                launcher.start("1")
                launcher.raw(line)
                assert ended(launcher) == 2, line
                assert launcher.process.stderr
                assert b"not of the protocol" in launcher.process.stderr.read()
                assert left(launcher, box) == []


def test_failures_are_told_in_order(box: Kind, tmp_path: Path) -> None:
    more = "if os.path.exists('/tmp/once'):\n    raise SystemExit('again')\n"
    more += "open('/tmp/once', 'w').close()\n"
    with Launcher(planned(tmp_path, box, more)) as launcher:
        launcher.start("1")
        launcher.ask("restart", "1")
    told = settled(tmp_path / "journal")
    assert (told.ready, told.alive) == (1, False)
    assert isinstance(told.failures[0], Failure) and "again" in told.failures[0].message
