"""The outer half of the relay: a UNIX socket outside, carried to a TCP port inside a cell.

Each connection accepted outside is passed, as a connected descriptor, over one channel to a
small program inside (relay_inside.py), which copies bytes between it and 127.0.0.1:port. No
listening socket of the host enters the cell, and a connected stream cannot be connected anew.
The channel's listener is closed as soon as the program inside has dialled it, before the
subject starts. The channel also asks for a restart, which happens inside (docs/decisions/0011).
"""

from __future__ import annotations

import contextlib
import functools
import select
import shutil
import socket as sockets
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from factory.errors import SandboxUnavailable
from factory.ports import scratch
from factory.sandbox import running
from factory.sandbox.protocol import Bind, ServiceEnded

INSIDE = "/run/factory"
_MODULE = "relay_inside"
_PROGRAM = Path(__file__).with_name(f"{_MODULE}.py")
_CHANNEL = "channel"
_DIAL_SECONDS = 30.0
_LAST_WORDS_SECONDS = 2.0
_RESTART_SECONDS = 30.0
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
        # Imported rather than run as a script, so that Python takes it compiled where it can.
        start = f"import sys; sys.path.insert(0, {INSIDE!r}); import {_MODULE} as relay; "
        start += "relay.main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[5:])"
        namespace = str(Path("/proc/self/ns/pid").readlink())
        words = [f"{INSIDE}/{_CHANNEL}", str(port), namespace]
        return [interpreter, "-I", "-S", "-c", start, *words, "--", *argv]

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
        shutil.copyfile(_PROGRAM, inside / _PROGRAM.name)
        _put_compiled(inside)
        for made in (inside / "__pycache__", *inside.rglob("*.py*")):
            made.chmod(0o755 if made.is_dir() else 0o644)
        front, channel = folder / "subject", inside / _CHANNEL
        front_listener = stack.enter_context(_listener(front, 0o600, sockets.SOCK_STREAM))
        channel_listener = stack.enter_context(_listener(channel, 0o666, sockets.SOCK_SEQPACKET))
        yield Door(
            front=front,
            bind=Bind(source=inside, target=INSIDE, opened=True),
            front_listener=front_listener,
            channel_listener=channel_listener,
        )


@functools.cache
def _compiled() -> tuple[str, bytes]:
    """The program's file below __pycache__ and its content; compiling takes a third of its start.

    A Python of another version passes the file over and compiles anew.
    """
    import importlib.util
    import py_compile

    name = Path(importlib.util.cache_from_source(str(_PROGRAM), optimization="")).name
    with scratch.scratch("cell") as folder:
        made = py_compile.compile(
            str(_PROGRAM),
            cfile=str(folder / name),
            doraise=True,
            optimize=0,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
        return name, Path(str(made)).read_bytes()


def _put_compiled(folder: Path) -> None:
    name, content = _compiled()
    cache = folder / "__pycache__"
    cache.mkdir()
    (cache / name).write_bytes(content)


def _listener(path: Path, mode: int, kind: sockets.SocketKind) -> sockets.socket:
    listener = sockets.socket(sockets.AF_UNIX, kind)
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
        self._channel: sockets.socket | None = None

    @property
    def socket(self) -> Path:
        return self._door.front

    def alive(self, seconds: float = 0.0) -> bool:
        if self._channel is not None:
            # It tells at once; docker, of which we see its command, needs half a second.
            hung_up = select.poll()
            hung_up.register(self._channel, 0)
            if hung_up.poll(seconds * 1000):
                return False
        return self._started.poll() is None

    def output(self) -> bytes:
        # docker brings the last words of one that has ended a while after the channel tells.
        return self._output.settle(0.0 if self.alive() else _LAST_WORDS_SECONDS)

    def awaiting(self) -> sockets.socket:
        """A connection to the port that is made once the port is open; the end is where it ends."""
        ours, theirs = sockets.socketpair(sockets.AF_UNIX, sockets.SOCK_STREAM)
        with theirs, contextlib.suppress(OSError):
            self._send(b"w", [theirs.fileno()])
        return ours

    def kill(self) -> None:
        """Kill every process of the cell at once and keep the cell; its connections end.

        Raises:
            ServiceEnded: the command had ended by itself, or ended the relay.
            SandboxUnavailable: it could not be done.
        """
        self._ask(b"k")

    def restart(self) -> None:
        """`kill`, unless that was done, and start the command again.

        Raises:
            ServiceEnded, SandboxUnavailable: as `kill`.
        """
        self._ask(b"r")

    def _ask(self, word: bytes) -> None:
        assert self._channel is not None
        said = b""
        with contextlib.suppress(OSError):
            self._send(word, [])
            waiting = select.poll()
            waiting.register(self._channel, select.POLLIN)
            if waiting.poll(_RESTART_SECONDS * 1000):
                said = self._channel.recv(4096)
            else:
                said = b"xit gave no answer"
        if said[:1] == b"x":
            reason = said[1:].decode("utf-8", "replace")
            raise SandboxUnavailable(
                f"the subject could not be killed or started again: {reason}",
                mend="the sandbox's Python needs the module _ctypes; where it has, report this",
            )
        if said != word:
            raise ServiceEnded("the subject had ended by itself before it was to be killed")

    def _send(self, word: bytes, descriptors: list[int]) -> None:
        assert self._channel is not None
        sockets.send_fds(self._channel, [word], descriptors)

    @contextlib.contextmanager
    def joined(self) -> Iterator[None]:
        """Wait for the program inside to dial, then hand it every connection.

        Raises:
            SandboxUnavailable: it ended or said nothing; the message has its output.
        """
        self._channel = channel = self._dialled()
        with channel:
            hand_over = threading.Thread(
                target=_hand_over,
                args=(self._door.front_listener, self._send),
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


def _hand_over(listener: sockets.socket, send: Callable[[bytes, list[int]], None]) -> None:
    """Pass on every connection until the listener or the channel is shut."""
    while True:
        try:
            connection = listener.accept()[0]
        except OSError:
            return
        with connection:
            try:
                send(b"c", [connection.fileno()])
            except OSError:
                return
