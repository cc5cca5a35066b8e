"""The inner half of the relay: runs inside a cell, standard library only, never imported by us.

Usage: python3 -I -S relay_inside.py CHANNEL PORT NAMESPACE -- ARGV...

It dials the UNIX socket CHANNEL, starts ARGV, and copies bytes between each connection that
comes over the channel and 127.0.0.1:PORT. It ends with ARGV's exit code (128+N for signal N),
or when the channel closes, so that a cell does not outlive the factory. With PORT 0 it carries
nothing and only guards. One thread does all: threads count against the cell's process limit.

Each message on the channel is one word: `c` with a connection; `w` with a connection that waits
until the port is open; `k`: every other process of the cell is killed, while what they wrote
stays; `r`: that, and ARGV is started again. These two are answered with the same letter, or with
`x` and a reason. NAMESPACE is the pid namespace of the factory: in that one nothing is killed.
"""
# pathlib, contextlib, socket, selectors and signal together take longer to import than Python to
# start, and a cell is started for each scenario (bench/launcher.py). One file, since it is copied.
# ruff: noqa: PTH115, PTH123, PTH208, SIM105

from __future__ import annotations

import errno
import os
import sys
import time
from _socket import (
    AF_INET,
    AF_UNIX,
    CMSG_SPACE,
    IPPROTO_TCP,
    SHUT_RDWR,
    SHUT_WR,
    SO_LINGER,
    SOCK_SEQPACKET,
    SOCK_STREAM,
    SOL_SOCKET,
    TCP_NODELAY,
    TCP_QUICKACK,
    socket,
)
from select import EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT, epoll

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK_BYTES = 65536
PENDING_BYTES = 256 * 1024
# How long a subject's last words may take to reach their readers after it has ended.
FLUSH_SECONDS = 0.5
# How often a connection that waits for the port is tried.
TRY_SECONDS = 0.002
# How long the killed may take to be gone. The kernel needs a moment; a hanging disk forever.
KILL_SECONDS = 10.0
INT_BYTES = 4
MSG_CMSG_CLOEXEC = 0x40000000  # linux/socket.h
SIGKILL, SIGPIPE, SIGXFSZ = 9, 13, 25  # asm-generic/signal.h
FORWARDED = ("TERM", "INT", "HUP", "QUIT", "USR1", "USR2")
PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4  # linux/prctl.h
RESET_ON_CLOSE = b"".join(number.to_bytes(INT_BYTES, sys.byteorder) for number in (1, 0))


class Poll:
    """What to call when something can be done with a descriptor."""

    def __init__(self) -> None:
        self.epoll = epoll()
        self.known: dict[int, Watched] = {}

    def watch(self, descriptor: int, events: int, call: Callable[[int], None]) -> None:
        """Call `call` with what is ready of `events`; an end or an error is ready for all."""
        found = self.known.get(descriptor)
        if found is None:
            self.epoll.register(descriptor, events)
            self.known[descriptor] = Watched(events, call)
            return
        if found.events != events:
            self.epoll.modify(descriptor, events)
        found.events, found.call = events, call

    def forget(self, descriptor: int) -> None:
        if self.known.pop(descriptor, None):
            self.epoll.unregister(descriptor)

    def turn(self, timeout_seconds: float | None) -> None:
        ready = [
            (descriptor, self.known.get(descriptor), events)
            for descriptor, events in self.epoll.poll(timeout_seconds)
        ]
        for descriptor, found, events in ready:
            # A number may be another's by now.
            if found and self.known.get(descriptor) is found:
                if events & (EPOLLHUP | EPOLLERR):
                    events |= found.events
                found.call(events)


class Watched:
    def __init__(self, events: int, call: Callable[[int], None]) -> None:
        self.events = events
        self.call = call


class End:
    """One of the two sockets of a connection, and what waits to be written to it."""

    def __init__(self, sock: socket) -> None:
        self.sock = sock
        self.pending = bytearray()
        self.reads = True  # Its peer may still send.
        self.closing = False  # After `pending`, its write side is shut.
        self.shut = False
        self.other: End = self

    def wanted(self) -> int:
        events = 0
        if self.reads and len(self.other.pending) < PENDING_BYTES and not self.other.shut:
            events |= EPOLLIN
        if self.pending or (self.closing and not self.shut):
            events |= EPOLLOUT
        return events


class Carrier:
    """Connections between the outside and the port."""

    def __init__(self, poll: Poll, port: int) -> None:
        self.poll = poll
        self.port = port
        self.ends: set[End] = set()
        self.waiting: set[socket] = set()

    def wait(self, outside: socket) -> None:
        """Connect once the port is open, unless the outside has gone by then."""
        self.waiting.add(outside)
        self.poll.watch(outside.fileno(), 0, lambda _events: self.stop_waiting(outside))
        self.try_waiting()

    def try_waiting(self) -> None:
        for outside in list(self.waiting):
            inside = self.dialled()
            if inside is None:
                return
            self.waiting.remove(outside)
            self.poll.forget(outside.fileno())
            self.join(outside, inside)

    def stop_waiting(self, outside: socket) -> None:
        self.waiting.remove(outside)
        self.poll.forget(outside.fileno())
        close(outside)

    def connect(self, outside: socket) -> None:
        inside = self.dialled()
        if inside is None:
            close(outside)
        else:
            self.join(outside, inside)

    def dialled(self) -> socket | None:
        try:
            inside = socket(AF_INET, SOCK_STREAM)
        except OSError:
            return None
        inside.setblocking(False)
        inside.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        if inside.connect_ex(("127.0.0.1", self.port)) in (0, errno.EINPROGRESS):
            return inside
        inside.close()
        return None

    def join(self, outside: socket, inside: socket) -> None:
        outside.setblocking(False)
        pair = End(outside), End(inside)
        pair[0].other, pair[1].other = pair[1], pair[0]
        for end in pair:
            self.ends.add(end)
            self.watch(end)

    def watch(self, end: End) -> None:
        """Let the poll wait for exactly what this end can do next."""
        events = end.wanted()
        if events:
            self.poll.watch(end.sock.fileno(), events, lambda ready: self.move(end, ready))
        else:
            self.poll.forget(end.sock.fileno())

    def move(self, end: End, ready: int) -> None:
        try:
            if ready & EPOLLIN:
                self.read(end)
            if ready & EPOLLOUT:
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
        if end.sock.family == AF_INET:
            # A subject that writes in two parts waits for this, else 40 ms (tcp(7)).
            end.sock.setsockopt(IPPROTO_TCP, TCP_QUICKACK, 1)
        if chunk:
            end.other.pending += chunk
        else:
            end.reads = False
            end.other.closing = True
        try:
            self.write(end.other)
        except BlockingIOError:
            pass

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
            try:
                end.sock.shutdown(SHUT_WR)
            except OSError:
                pass

    def drop(self, end: End) -> None:
        for one in (end, end.other):
            if one in self.ends:
                self.ends.remove(one)
                self.poll.forget(one.sock.fileno())
                close(one.sock)

    def drop_all(self) -> None:
        """End every connection; by a reset inside, so that the port is free at once."""
        for end in list(self.ends):
            if end.sock.family == AF_INET:
                end.sock.setsockopt(SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE)
                self.drop(end)
        for outside in list(self.waiting):
            self.stop_waiting(outside)


def close(sock: socket) -> None:
    """Close once nothing more can come and nothing is unread: an end outside, and not a reset.

    Not so inside: a TCP peer may go on sending, and shall be told by a reset.
    """
    if sock.family == AF_UNIX:
        try:
            sock.setblocking(False)
            sock.shutdown(SHUT_RDWR)
            while sock.recv(CHUNK_BYTES):
                pass
        except OSError:
            pass
    sock.close()


class Subject:
    """The started command, and every other process that it brought into the cell."""

    def __init__(self, argv: list[str], namespace: str) -> None:
        with open("/proc/self/environ", "rb") as file:
            pairs = [line.partition(b"=") for line in file.read().split(b"\0") if line]
        self.argv = argv
        # The very environment we got; Python itself may have changed os.environ.
        self.environment = {name: value for name, _, value in pairs}
        self.own_namespace = os.readlink("/proc/self/ns/pid") != namespace
        self.guarded = shut_off()
        self.before = numbers()
        self.pid = 0

    def start(self) -> int:
        """Start the command, with none of our descriptors; a descriptor that tells of its end.

        Raises:
            OSError: it cannot be started.
        """
        self.pid = os.posix_spawnp(
            self.argv[0],
            self.argv,
            self.environment,
            setsigmask=[],
            setsigdef=[SIGPIPE, SIGXFSZ],
        )
        return os.pidfd_open(self.pid)

    def ended(self) -> bool:
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def killed(self) -> str:
        """Kill every process of the cell but us and its first; what is wrong, or "".

        One call kills all of them at once: the kernel lets no fork begin or end meanwhile.
        """
        if not (self.own_namespace and self.guarded):
            return "the processes of this cell cannot be told from others"
        try:
            os.kill(-1, SIGKILL)
        except ProcessLookupError:
            pass
        deadline = time.monotonic() + KILL_SECONDS
        while time.monotonic() < deadline:
            if self.pid and os.waitpid(self.pid, os.WNOHANG)[0]:
                self.pid = 0
            if numbers() <= self.before:
                return ""
            time.sleep(0.0005)
        return "a process of the cell does not end though it was killed"


def numbers() -> set[str]:
    """Every process that there is in the cell."""
    return {name for name in os.listdir("/proc") if name.isdigit()}


def shut_off() -> bool:
    """Keep the subject, which is the same user, out of our memory and descriptors (ptrace(2))."""
    try:
        from _ctypes import call_function, dlopen, dlsym
    except ImportError:
        return False
    prctl = dlsym(dlopen(None, 0), "prctl")  # type: ignore[arg-type]
    call_function(prctl, (PR_SET_DUMPABLE, 0, 0, 0, 0))
    return bool(call_function(prctl, (PR_GET_DUMPABLE, 0, 0, 0, 0)) == 0)


class Relay:
    """The channel, the subject and what is carried between them."""

    def __init__(self, channel: socket, carrier: Carrier, subject: Subject, watch: int) -> None:
        self.channel = channel
        self.carrier = carrier
        self.subject = subject
        self.poll = carrier.poll
        self.over = False
        self.watch = watch
        self.poll.watch(channel.fileno(), EPOLLIN, self.receive)
        self.poll.watch(watch, EPOLLIN, self.end)

    def end(self, _events: int) -> None:
        self.over = True
        self.poll.forget(self.watch)

    def receive(self, _events: int) -> None:
        """Do what the outside asks; end when it is gone."""
        try:
            word, parts, _, _ = self.channel.recvmsg(8, CMSG_SPACE(INT_BYTES), MSG_CMSG_CLOEXEC)
        except OSError:
            word, parts = b"", []
        if word in (b"k", b"r"):
            self.kill(word)
        elif word in (b"c", b"w") and parts:
            descriptor = int.from_bytes(parts[0][2][:INT_BYTES], sys.byteorder)
            connection = socket(fileno=descriptor)
            (self.carrier.connect if word == b"c" else self.carrier.wait)(connection)
        else:
            os._exit(1)

    def kill(self, word: bytes) -> None:
        """Kill the subject, and start it again where `word` is `r`; after trouble, end."""
        if self.subject.pid:
            if self.subject.ended():
                return  # By itself, and so it stays.
            self.poll.forget(self.watch)
            os.close(self.watch)
        trouble = self.subject.killed()
        self.carrier.drop_all()
        try:
            if word == b"r" and not trouble:
                self.watch = self.subject.start()
                self.poll.watch(self.watch, EPOLLIN, self.end)
        except OSError as error:
            trouble = f"{self.subject.argv[0]}: {error.strerror}"
        try:
            self.channel.send(b"x" + trouble.encode() if trouble else word)
        except OSError:
            trouble = "nobody is left outside"
        if trouble:
            os._exit(1)

    def run(self) -> int:
        """Carry until the subject ends; its exit code."""
        while not self.over:
            self.poll.turn(TRY_SECONDS if self.carrier.waiting else None)
            self.carrier.try_waiting()
        # That tells the outside, which must not take our last words for the subject's life.
        self.poll.forget(self.channel.fileno())
        self.channel.close()
        deadline = time.monotonic() + FLUSH_SECONDS
        while self.carrier.ends and (left := deadline - time.monotonic()) > 0:
            self.poll.turn(left)
        return os.waitstatus_to_exitcode(os.waitpid(self.subject.pid, 0)[1])


def start_handing_on_signals(subject: Subject) -> int:
    """Start the subject and hand on to it what `docker start --attach` is sent; nobody else does.

    Signals wait until they can be handed on: the command may have said already that it is there.
    """
    import signal

    numbers = [signal.Signals[f"SIG{name}"] for name in FORWARDED]
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    watch = subject.start()
    for number in numbers:
        signal.signal(number, lambda number, _: os.kill(subject.pid, number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
    return watch


def main(channel_path: str, port: int, namespace: str, argv: list[str]) -> None:
    subject = Subject(argv, namespace)
    channel = socket(AF_UNIX, SOCK_SEQPACKET)
    channel.connect(channel_path)
    try:
        watch = subject.start() if port else start_handing_on_signals(subject)
    except OSError as error:
        sys.stderr.write(f"{argv[0]}: {error.strerror}\n")
        sys.stderr.flush()
        os._exit(127 if error.errno == errno.ENOENT else 126)
    code = Relay(channel, Carrier(Poll(), port), subject, watch).run()
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[5:])
