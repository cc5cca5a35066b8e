"""The program inside, run bare: what it does with connections, ends and its subject."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from factory.sandbox import relay_inside

PROGRAM = relay_inside.__file__
SECONDS = 10


class Relayed:
    def __init__(self, folder: Path, port: int, argv: list[str]) -> None:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(str(folder / "c"))
        listener.listen()
        listener.settimeout(SECONDS)
        own = os.readlink("/proc/self/ns/pid")  # Bare: it shall kill nothing here.
        words = [str(folder / "c"), str(port), own, "--", *argv]
        command = [sys.executable, "-I", "-S", PROGRAM, *words]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        self.channel = listener.accept()[0]
        listener.close()

    def connect(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX)
        ours.settimeout(SECONDS)
        with theirs:
            socket.send_fds(self.channel, [b"c"], [theirs.fileno()])
        return ours


@pytest.fixture
def relayed(tmp_path: Path, request: pytest.FixtureRequest):
    made = []

    def start(port: int, argv: list[str]) -> Relayed:
        made.append(Relayed(tmp_path, port, argv))
        return made[-1]

    yield start
    for one in made:
        one.channel.close()
        # Here no cell takes the subject along.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.wait()


@pytest.fixture
def server():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(SECONDS)
        yield listener


def accepted(server: socket.socket) -> socket.socket:
    connection = server.accept()[0]
    connection.settimeout(SECONDS)
    return connection


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["true"], 0),
        (["sh", "-c", "exit 9"], 9),
        (["sh", "-c", "kill -9 $$"], 137),
        (["no-such"], 127),
        (["/"], 126),
    ],
)
def test_it_ends_as_its_subject_does(relayed, argv: list[str], code: int) -> None:
    assert relayed(0, argv).process.wait(SECONDS) == code


def test_it_ends_when_the_outside_is_gone(relayed) -> None:
    one = relayed(0, ["sleep", "60"])
    one.channel.close()
    assert one.process.wait(SECONDS) == 1


def test_each_direction_ends_by_itself(relayed, server: socket.socket) -> None:
    one = relayed(server.getsockname()[1], ["sleep", "60"])
    with one.connect() as client, accepted(server) as inside:
        client.sendall(b"question")
        client.shutdown(socket.SHUT_WR)
        assert inside.recv(100) == b"question"
        assert inside.recv(100) == b""
        inside.sendall(b"answer")
        inside.shutdown(socket.SHUT_WR)
        assert client.recv(100) == b"answer"
        assert client.recv(100) == b""


def test_a_client_that_vanishes_resets_the_inside(relayed, server: socket.socket) -> None:
    one = relayed(server.getsockname()[1], ["sleep", "60"])
    with one.connect() as client, accepted(server) as inside:
        client.close()
        inside.settimeout(SECONDS)
        with pytest.raises(OSError, match=r"(?i)reset|broken pipe"):
            while True:
                inside.sendall(b"x" * 65536)


def test_what_a_client_sent_before_it_left_still_arrives(relayed, server: socket.socket) -> None:
    one = relayed(server.getsockname()[1], ["sleep", "60"])
    client = one.connect()
    inside = accepted(server)
    client.sendall(b"y" * 100_000)
    client.close()
    received = b""
    with inside, contextlib.suppress(ConnectionResetError):
        while chunk := inside.recv(65536):
            received += chunk
    assert len(received) == 100_000


def test_a_refused_connection_is_an_end_even_after_a_question(relayed) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        one = relayed(unused.getsockname()[1], ["sleep", "60"])
        for _ in range(20):
            with one.connect() as client:
                with contextlib.suppress(BrokenPipeError):
                    client.sendall(b"question")
                assert client.recv(100) == b""


def test_a_slow_reader_stops_its_writer(relayed, server: socket.socket) -> None:
    one = relayed(server.getsockname()[1], ["sleep", "60"])
    with one.connect() as client, accepted(server) as inside:
        client.settimeout(0.5)
        sent = 0
        with pytest.raises(TimeoutError):
            while sent < 100 << 20:
                sent += client.send(b"z" * 65536)
        received = 0
        client.shutdown(socket.SHUT_WR)
        while chunk := inside.recv(1 << 20):
            received += len(chunk)
        assert received == sent
