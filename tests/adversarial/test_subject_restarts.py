"""Subject: survives its own kill, fakes its restart, hides in the relay, fills what is kept."""

# ruff: noqa: F811

from __future__ import annotations

import contextlib
import http.client
import secrets
import time
from pathlib import Path

import pytest

from factory.sandbox.kind import Kind
from factory.sandbox.launcher.journal import settled
from factory.sandbox.protocol import MEBIBYTE
from tests.contract.launching import Launcher, get, planned, running
from tests.contract.sandbox_boxes import box, docker_image  # noqa: F401

PORT_TAKER = """
@answer
def multiply():
    # Children in every way there is: each would serve the port and tell what it remembers.
    for number in range(8):
        if os.fork() == 0:
            if number % 2:
                os.setsid()
                if os.fork():
                    os._exit(0)
            for name in os.listdir("/proc/self/fd"):
                try:
                    number % 3 and int(name) > 2 and os.close(int(name))
                except OSError:
                    pass
            import signal
            for one in range(1, 65):
                try:
                    signal.signal(one, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            if number % 4 == 2:
                os.execv("/bin/sh", ["sh", "-c", "kill -STOP $$; sleep 60", MARKER])
            os.execv("/usr/bin/sleep", ["sleep", MARKER])
    return "done"
"""


@pytest.fixture
def marker() -> str:
    """A number of seconds that no other program sleeps for."""
    return f"97{secrets.randbelow(10**6):06}.{secrets.randbelow(10**6):06}"


def test_no_child_survives_however_it_was_made(box: Kind, tmp_path: Path, marker: str) -> None:
    more = f"MARKER = {marker!r}\n" + PORT_TAKER
    with Launcher(planned(tmp_path, box, more)) as launcher:
        socket = launcher.start("1")
        before = get(socket, "processes")
        get(socket, "multiply")
        deadline = time.monotonic() + 10
        while len(running(marker)) < 8 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(running(marker)) == 8, "they were there"
        assert launcher.ask("restart", "1")["state"] == "ready"
        assert running(marker) == []
        assert (get(socket, "processes"), get(socket, "seen")) == (before, "2")


def test_a_fork_bomb_does_not_outrun_the_kill(box: Kind, tmp_path: Path) -> None:
    """Children that fork as fast as they can, and each keeps the time of the first's birth."""
    bomb = """
@answer
def bomb():
    import time
    born = time.monotonic()
    def run():
        while True:
            try:
                if os.fork() == 0:
                    open("/tmp/born", "w").write(str(born))
                    continue
            except OSError:
                pass
            if os.getpid() % 3 == 0:
                os._exit(0)
    if os.fork() == 0:
        run()
    return born

@answer
def born():
    return open("/tmp/born").read()

@answer
def forget():
    os.unlink("/tmp/born")

@answer
def remembered():
    return os.path.exists("/tmp/born")
"""
    with Launcher(planned(tmp_path, box, bomb)) as launcher:
        socket = launcher.start("1")
        before = get(socket, "processes")
        with contextlib.suppress(OSError, http.client.HTTPException):
            get(socket, "bomb", 5)
        time.sleep(0.5)
        assert launcher.ask("restart", "1")["state"] == "ready"
        get(socket, "forget")
        time.sleep(0.3)
        assert get(socket, "remembered") == "False", "nobody is left to write it again"
        assert get(socket, "processes") == before


TAMPERER = r"""
import ctypes, glob
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
libc.ptrace.argtypes = [ctypes.c_long] * 4

def relays():
    found = []
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and b"relay" in open(f"/proc/{name}/cmdline", "rb").read():
                found.append(int(name))
        except OSError:
            pass
    return [pid for pid in found if pid not in (1, os.getpid())]

@answer
def tamper():
    worked = []
    for pid in relays():
        for name, flags in (("mem", os.O_RDWR), ("mem", os.O_RDONLY), ("environ", os.O_RDONLY),
                            ("maps", os.O_RDONLY), ("auxv", os.O_RDONLY)):
            try:
                os.close(os.open(f"/proc/{pid}/{name}", flags))
                worked.append(name)
            except OSError:
                pass
        try:
            worked += os.listdir(f"/proc/{pid}/fd")
        except OSError:
            pass
        for request in (16, 0x4206):  # PTRACE_ATTACH, PTRACE_SEIZE
            if libc.ptrace(request, pid, 0, 0) == 0:
                worked.append("ptrace")
                libc.ptrace(17, pid, 0, 0)
        try:
            handle = os.pidfd_open(pid)
        except OSError:
            continue
        for number in range(3, 12):
            if libc.syscall(438, handle, number, 0) >= 0:  # pidfd_getfd
                worked.append(f"descriptor {number}")
        buffer = ctypes.create_string_buffer(8)
        local = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
        remote = (ctypes.c_void_p * 2)(0x400000, 8)
        for call in (310, 311):  # process_vm_readv, process_vm_writev
            one, none = ctypes.c_ulong(1), ctypes.c_ulong(0)
            if libc.syscall(call, pid, local, one, remote, one, none) >= 0:
                worked.append(f"memory by {call}")
            elif ctypes.get_errno() != 1:
                worked.append(f"memory by {call}: only errno {ctypes.get_errno()}")
    return (len(relays()), worked)

@answer
def descriptors():
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink("/proc/self/fd/" + name))
        except OSError:
            pass
    return len([one for one in found if "socket" in one]), [
        one for one in found if "factory" in one or "anon" in one
    ]
"""


def test_the_relay_cannot_be_read_or_written_so_no_restart_can_be_faked(
    box: Kind, tmp_path: Path
) -> None:
    with Launcher(planned(tmp_path, box, TAMPERER)) as launcher:
        socket = launcher.start("1")
        for _ in range(2):
            assert get(socket, "tamper") == "(1, [])"
            assert launcher.ask("restart", "1")["state"] == "ready"


def test_a_restarted_service_has_none_of_the_relays_descriptors(box: Kind, tmp_path: Path) -> None:
    """At the first start there was no connection yet that could have been inherited."""
    from tests.contract.sandbox_boxes import Over

    with Launcher(planned(tmp_path, box, TAMPERER)) as launcher:
        socket = launcher.start("1")
        before = get(socket, "descriptors")
        open_ones = [Over(socket) for _ in range(5)]
        for one in open_ones:
            one.connect()
        assert launcher.ask("restart", "1")["state"] == "ready"
        deadline = time.monotonic() + 10
        while (after := get(socket, "descriptors")) != before and time.monotonic() < deadline:
            time.sleep(0.05)  # The connection of the readiness check may not be over yet.
        assert after == before


@pytest.mark.parametrize("signal", ["SIGKILL", "SIGSEGV"])
def test_who_ends_the_relay_has_ended_itself(box: Kind, tmp_path: Path, signal: str) -> None:
    more = (
        TAMPERER
        + f"""
@answer
def strike():
    import signal
    for pid in relays():
        os.kill(pid, signal.{signal})
"""
    )
    with Launcher(planned(tmp_path, box, more)) as launcher:
        socket = launcher.start("1")
        with contextlib.suppress(OSError, http.client.HTTPException):
            get(socket, "strike", 5)
        answer = launcher.ask("restart", "1")
        assert (answer["state"], answer["whose"]) == ("failed", "subject")
        assert launcher.ask("stop", "1") == {"state": "stopped", "alive": False}
    assert settled(tmp_path / "journal").alive is False


def test_who_ends_itself_as_it_is_killed_gets_no_restart(box: Kind, tmp_path: Path) -> None:
    """A crash is not washed away by the restart that comes after it."""
    more = "@answer\ndef crash():\n    import threading\n    threading.Timer(0.05, os._exit, [0])"
    more += ".start()\n"
    with Launcher(planned(tmp_path, box, more)) as launcher:
        get(launcher.start("1"), "crash")
        time.sleep(0.5)
        assert launcher.ask("restart", "1")["whose"] == "subject"


FILLER = """
@answer
def fill():
    total = 0
    for folder in ("/tmp", "/dev/shm"):
        for number in range(4):
            try:
                with open(f"{folder}/{number}-{os.getpid()}", "wb") as file:
                    while True:
                        file.write(b"x" * 65536)
            except OSError:
                pass
        total += sum(os.stat(f"{folder}/{n}").st_size for n in os.listdir(folder))
    return total

@answer
def elsewhere():
    found = []
    for folder in ("/", "/app", "/run", "/run/factory", "/dev", "/usr", "/etc", "/proc", "/var"):
        try:
            open(folder + "/x", "w").close()
            found.append(folder)
        except OSError:
            pass
    return found
"""


def test_what_is_kept_has_a_cap_that_restarts_do_not_lift(box: Kind, tmp_path: Path) -> None:
    with Launcher(planned(tmp_path, box, FILLER)) as launcher:
        socket = launcher.start("1")
        for _ in range(3):
            assert int(get(socket, "fill", 60)) <= 2 * 4 * MEBIBYTE
            assert get(socket, "elsewhere") == "[]"
            assert launcher.ask("restart", "1")["state"] == "ready"
        launcher.ask("stop", "1")
        assert launcher.left() == []


def test_a_flood_of_restarts_and_of_words_is_served(box: Kind, tmp_path: Path) -> None:
    more = "print('y' * 300_000, flush=True)\n"
    with Launcher(planned(tmp_path, box, more)) as launcher:
        launcher.start("1")
        for _ in range(10):
            launcher.send("restart", "1")
        assert {launcher.answer("1")["state"] for _ in range(10)} == {"ready"}
        assert launcher.ask("stop", "1")["alive"] is True
