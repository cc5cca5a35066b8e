"""The inner half of the relay: runs inside a cell, standard library only, never imported by us.

Usage: python3 -I -S relay_inside.py CHANNEL PORT -- ARGV...

It dials the UNIX socket CHANNEL, starts ARGV, and copies bytes between each connection that
comes over the channel and 127.0.0.1:PORT. It ends with ARGV's exit code (128+N for signal N),
or when the channel closes, so that a cell does not outlive the factory. With PORT 0 it carries
nothing and only guards. One thread does all: threads count against the cell's process limit.
"""
# pathlib would double the time that this program takes to start.
# ruff: noqa: PTH123

from __future__ import annotations

import contextlib
import errno
import os
import selectors
import signal
import socket
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CHUNK_BYTES = 65536
PENDING_BYTES = 256 * 1024
# How long a subject's last words may take to reach their readers after it has ended.
FLUSH_SECONDS = 0.5
FORWARDED = (
    signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2,
)  # fmt: skip


class End:
    """One of the two sockets of a connection, and what waits to be written to it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.pending = bytearray()
        self.reads = True  # Its peer may still send.
        self.closing = False  # After `pending`, its write side is shut.
        self.shut = False
        self.other: End = self

    def wanted(self) -> int:
        events = 0
        if self.reads and len(self.other.pending) < PENDING_BYTES and not self.other.shut:
            events |= selectors.EVENT_READ
        if self.pending or (self.closing and not self.shut):
            events |= selectors.EVENT_WRITE
        return events


class Relay:
    def __init__(self, channel: socket.socket, port: int) -> None:
        self.channel = channel
        self.port = port
        self.selector = selectors.DefaultSelector()
        self.ends: set[End] = set()
        self.selector.register(channel, selectors.EVENT_READ, self.receive)

    def receive(self, _events: int) -> None:
        """Take connections from outside; end when the outside is gone."""
        try:
            word, descriptors, _, _ = socket.recv_fds(self.channel, 64, 16)
        except OSError:
            word, descriptors = b"", []
        if not word:
            os._exit(1)
        for descriptor in descriptors:
            self.connect(socket.socket(fileno=descriptor))

    def connect(self, outside: socket.socket) -> None:
        try:
            inside = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        except OSError:
            close(outside)
            return
        outside.setblocking(False)
        inside.setblocking(False)
        inside.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = inside.connect_ex(("127.0.0.1", self.port))
        if code not in (0, errno.EINPROGRESS):
            close(inside)
            close(outside)
            return
        pair = End(outside), End(inside)
        pair[0].other, pair[1].other = pair[1], pair[0]
        for end in pair:
            self.ends.add(end)
            self.watch(end)

    def watch(self, end: End) -> None:
        """Let the selector wait for exactly what this end can do next."""
        events = end.wanted()
        key = self.selector.get_map().get(end.sock)
        if key is None and events:
            self.selector.register(end.sock, events, lambda ready: self.move(end, ready))
        elif key is not None and not events:
            self.selector.unregister(end.sock)
        elif key is not None and key.events != events:
            self.selector.modify(end.sock, events, key.data)

    def move(self, end: End, ready: int) -> None:
        try:
            if ready & selectors.EVENT_READ:
                self.read(end)
            if ready & selectors.EVENT_WRITE:
                self.write(end)
        except BlockingIOError:
            pass
        except OSError:
            self.drop(end)
            return
        if end.shut and end.other.shut:
            self.drop(end)
            return
        self.watch(end)
        self.watch(end.other)

    def read(self, end: End) -> None:
        chunk = end.sock.recv(CHUNK_BYTES)
        if end.sock.family == socket.AF_INET:
            # A subject that writes in two parts waits for this, else 40 ms (tcp(7)).
            end.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        if chunk:
            end.other.pending += chunk
        else:
            end.reads = False
            end.other.closing = True
        with contextlib.suppress(BlockingIOError):
            self.write(end.other)

    def write(self, end: End) -> None:
        if end.pending:
            try:
                sent = end.sock.send(end.pending)
            except (BrokenPipeError, ConnectionResetError):
                # It reads no more, but what it has sent must still get through.
                end.shut = True
                end.pending.clear()
                return
            del end.pending[:sent]
        if end.closing and not end.pending and not end.shut:
            end.shut = True
            with contextlib.suppress(OSError):
                end.sock.shutdown(socket.SHUT_WR)

    def drop(self, end: End) -> None:
        for one in (end, end.other):
            if one in self.ends:
                self.ends.remove(one)
                if self.selector.get_map().get(one.sock):
                    self.selector.unregister(one.sock)
                close(one.sock)

    def turn(self, timeout_seconds: float | None) -> None:
        for key, ready in self.selector.select(timeout_seconds):
            if self.selector.get_map().get(key.fd) is key:
                key.data(ready)


def close(sock: socket.socket) -> None:
    """Close once nothing more can come and nothing is unread: an end outside, and not a reset.

    Not so inside: a TCP peer may go on sending, and shall be told by a reset.
    """
    if sock.family == socket.AF_UNIX:
        with contextlib.suppress(OSError):
            sock.setblocking(False)
            sock.shutdown(socket.SHUT_RDWR)
            while sock.recv(CHUNK_BYTES):
                pass
    sock.close()


def start(argv: list[str]) -> int:
    """Start the subject with the very environment we got, and none of our descriptors."""
    with open("/proc/self/environ", "rb") as file:
        pairs = [line.partition(b"=") for line in file.read().split(b"\0") if line]
    environment = {name: value for name, _, value in pairs}
    try:
        return os.posix_spawnp(
            argv[0], argv, environment, setsigmask=[], setsigdef=[signal.SIGPIPE, signal.SIGXFSZ]
        )
    except OSError as error:
        sys.stderr.write(f"{argv[0]}: {error.strerror}\n")
        sys.stderr.flush()
        os._exit(127 if error.errno == errno.ENOENT else 126)


def main(channel_path: str, port: int, argv: list[str]) -> None:
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    channel.connect(channel_path)
    # Until we can hand them on, signals wait: the command may have said already that it is there.
    signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
    pid = start(argv)
    if not port:
        # Nobody else hands on what the container is sent.
        for number in FORWARDED:
            signal.signal(number, lambda number, _: os.kill(pid, number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
    relay = Relay(channel, port)
    ended: list[Any] = []
    watch = os.pidfd_open(pid)
    relay.selector.register(watch, selectors.EVENT_READ, ended.append)
    while not ended:
        relay.turn(None)
    relay.selector.unregister(watch)
    deadline = time.monotonic() + FLUSH_SECONDS
    while relay.ends and (left := deadline - time.monotonic()) > 0:
        relay.turn(left)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[4:])
