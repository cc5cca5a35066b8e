"""The outer half of the relay: a UNIX socket outside, carried to a TCP port inside a cell.

Each connection accepted outside is passed, as a connected descriptor, over one channel to a
small program inside (relay_inside.py), which copies bytes between it and 127.0.0.1:port. No
listening socket of the host enters the cell, and a connected stream cannot be connected anew.
The channel's listener is closed as soon as the program inside has dialled it, before the
subject starts.
"""

from __future__ import annotations

import contextlib
import shutil
import socket as sockets
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from factory.errors import SandboxUnavailable
from factory.ports import scratch
from factory.sandbox import running
from factory.sandbox.protocol import Bind

INSIDE = "/run/factory"
_PROGRAM = "relay_inside.py"
_CHANNEL = "channel"
_DIAL_SECONDS = 30.0
_BACKLOG = 128


@dataclass(frozen=True, kw_only=True)
class Door:
    """Both sockets, listening, and the folder that shows the inner one to the cell."""

    front: Path
    bind: Bind
    front_listener: sockets.socket
    channel_listener: sockets.socket

    def command(self, interpreter: str, port: int, argv: Sequence[str]) -> list[str]:
        """The command to run in the cell: the relay program, and under it `argv`."""
        program = f"{INSIDE}/{_PROGRAM}"
        channel = f"{INSIDE}/{_CHANNEL}"
        return [interpreter, "-I", "-S", program, channel, str(port), "--", *argv]

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Let the program inside dial, to guard and to carry nothing: with us it ends."""
        dialled: list[sockets.socket] = []

        def wait() -> None:
            with contextlib.suppress(OSError):
                dialled.append(self.channel_listener.accept()[0])

        waiting = threading.Thread(target=wait, name="guard", daemon=True)
        waiting.start()
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                self.channel_listener.shutdown(sockets.SHUT_RDWR)
            waiting.join()
            for channel in dialled:
                channel.close()


@contextlib.contextmanager
def door() -> Iterator[Door]:
    """Make both sockets in a private folder; close and remove them at the end."""
    with scratch.scratch("cell") as folder, contextlib.ExitStack() as stack:
        inside = folder / "inside"
        inside.mkdir(mode=0o755)
        inside.chmod(0o755)
        program = inside / _PROGRAM
        shutil.copyfile(Path(__file__).with_name(_PROGRAM), program)
        program.chmod(0o644)
        front, channel = folder / "subject", inside / _CHANNEL
        front_listener = stack.enter_context(_listener(front, 0o600))
        channel_listener = stack.enter_context(_listener(channel, 0o666))
        yield Door(
            front=front,
            bind=Bind(source=inside, target=INSIDE),
            front_listener=front_listener,
            channel_listener=channel_listener,
        )


def _listener(path: Path, mode: int) -> sockets.socket:
    listener = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(mode)
    listener.listen(_BACKLOG)
    return listener


class RelayedService:
    """A Service whose process runs under the relay program."""

    def __init__(self, door: Door, started: subprocess.Popen[bytes], output: running.Head) -> None:
        self._door = door
        self._started = started
        self._output = output

    @property
    def socket(self) -> Path:
        return self._door.front

    def alive(self) -> bool:
        return self._started.poll() is None

    def output(self) -> bytes:
        return bytes(self._output)

    @contextlib.contextmanager
    def joined(self) -> Iterator[None]:
        """Wait for the program inside to dial, then hand it every connection.

        Raises:
            SandboxUnavailable: it ended or said nothing; the message has its output.
        """
        channel = self._dialled()
        with channel:
            hand_over = threading.Thread(
                target=_hand_over,
                args=(self._door.front_listener, channel),
                name="relay",
                daemon=True,
            )
            hand_over.start()
            try:
                yield
            finally:
                with contextlib.suppress(OSError):
                    self._door.front_listener.shutdown(sockets.SHUT_RDWR)
                with contextlib.suppress(OSError):
                    channel.shutdown(sockets.SHUT_RDWR)
                hand_over.join()

    def _dialled(self) -> sockets.socket:
        listener = self._door.channel_listener
        listener.settimeout(0.2)
        deadline = time.monotonic() + _DIAL_SECONDS
        try:
            while time.monotonic() < deadline:
                ended = not self.alive()
                with contextlib.suppress(TimeoutError):
                    channel = listener.accept()[0]
                    channel.settimeout(_DIAL_SECONDS)
                    return channel
                if ended:
                    break
        finally:
            listener.close()
        said = self._output.settle(1.0).decode("utf-8", "replace").strip()[-2000:]
        raise SandboxUnavailable(
            f"the relay did not start inside the sandbox: {said or 'no output'}",
            mend="the sandbox needs a python3 inside; `factory doctor` shows what it finds",
        )


def _hand_over(listener: sockets.socket, channel: sockets.socket) -> None:
    """Pass on every connection until the listener or the channel is shut."""
    while True:
        try:
            connection = listener.accept()[0]
        except OSError:
            return
        with connection:
            try:
                sockets.send_fds(channel, [b"c"], [connection.fileno()])
            except OSError:
                return
