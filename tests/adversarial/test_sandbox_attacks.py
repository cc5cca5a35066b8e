"""Hostile programs in a cell: nothing outside is read, changed or left running."""

# ruff: noqa: F811

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from factory.sandbox import cellfile
from factory.sandbox.bubblewrap import Bubblewrap
from factory.sandbox.kind import Kind
from factory.sandbox.protocol import Bind, Cell, Limits
from tests.contract.sandbox_boxes import (  # noqa: F401
    Over,
    box,
    docker_image,
    gone,
    python,
    ready,
    work,
    writable,
)
from tests.contract.sandbox_subject import SOURCE


class TestReading:
    def test_no_file_and_no_process_shows_a_secret(
        self, box: Kind, tmp_path: Path, monkeypatch
    ) -> None:
        canary = secrets.token_hex(16)
        monkeypatch.setenv("DEPLOY_KEY", canary)
        scenario = tmp_path / "scenario.feature"
        scenario.write_text(canary)
        for folder in [tmp_path, *tmp_path.parents]:
            if folder.name.startswith(("test_", "pytest-")):
                folder.chmod(0o755)  # So that only the sandbox keeps a reader out.
        holder = subprocess.Popen(
            ["sleep", "60"], env={"CANARY": canary}, stdin=scenario.open("rb")
        )
        source = f"""
import os
found, seen = [], 0
def look(path):
    global seen
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        seen += 1
        if {canary[::-1]!r}[::-1].encode() in os.read(file, 1 << 20):
            found.append(path)
        os.close(file)
    except OSError:
        pass
for top in ("/", "/proc/self/root", "/proc/1/root", "/proc/1/cwd"):
    for folder, folders, files in os.walk(top):
        if folder == top:
            folders[:] = [n for n in folders if n not in ("usr", "proc", "sys", "root")]
        for name in files:
            look(os.path.join(folder, name))
look({str(scenario)!r})
for pid in [n for n in os.listdir("/proc") if n.isdigit() and int(n) != os.getpid()]:
    for name in ("environ", "cmdline", "fd/0", "fd/1", "fd/2", "fd/3"):
        look(f"/proc/{{pid}}/{{name}}")
print(seen, found)
"""
        try:
            done = python(box, source, Cell(cwd="/tmp"))
        finally:
            holder.kill()
            holder.wait()
        seen, _, found = done.text.strip().partition(" ")
        assert int(seen) > 5, done
        assert found == "[]"

    def test_sockets_of_the_host_cannot_be_reached(self, box: Kind, tmp_path: Path) -> None:
        with contextlib.ExitStack() as stack:
            tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
            name = f"factory-test-{secrets.token_hex(4)}"
            abstract.bind(f"\0{name}")
            abstract.listen()
            source = f"""
import socket
reached = []
for family, address in (
    (socket.AF_INET, ("127.0.0.1", {tcp.getsockname()[1]})),
    (socket.AF_INET, ("0.0.0.0", {tcp.getsockname()[1]})),
    (socket.AF_UNIX, "\\0{name}"),
    (socket.AF_UNIX, "/var/run/docker.sock"),
    (socket.AF_UNIX, "/run/dbus/system_bus_socket"),
):
    try:
        with socket.socket(family) as client:
            client.settimeout(1)
            client.connect(address)
            reached.append(address)
    except OSError:
        pass
print(reached)
"""
            assert python(box, source).stdout == b"[]\n"

    def test_stdin_is_bytes_and_not_the_file_behind_them(
        self, box: Kind, work: Path, tmp_path: Path, monkeypatch
    ) -> None:
        monkeypatch.setattr("factory.sandbox.select.select", lambda _choice: box)
        script = "cat; echo forged > /proc/self/fd/0; ls -l /proc/self/fd/"
        cellfile.write(tmp_path / "cell", None, Cell(), ["sh", "-c", script], 20)  # type: ignore[arg-type]
        given = tmp_path / "given"
        given.write_text("ours")
        with given.open("r+b") as stdin:
            done = subprocess.run(
                [sys.executable, "-m", "factory.sandbox", str(tmp_path / "cell"), "--"],
                cwd=work,
                stdin=stdin,
                capture_output=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
        assert done.stdout.startswith(b"ours")
        assert str(tmp_path).encode() not in done.stdout
        assert given.read_text() == "ours"


class TestChanging:
    SYSTEM_CALLS = """
import ctypes, json, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
calls = {
    "unshare user": lambda: libc.unshare(0x10000000),
    "unshare mount": lambda: libc.unshare(0x00020000),
    "clone user": lambda: libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0),
    "mount": lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
    "remount": lambda: libc.mount(None, b"/usr", None, 0x1020, None),
    "umount": lambda: libc.umount2(b"/proc", 2),
    "pivot_root": lambda: libc.syscall(155, b"/", b"/tmp"),
    "chroot": lambda: libc.chroot(b"/tmp"),
    "setns": lambda: libc.setns(os.open("/proc/1/ns/net", os.O_RDONLY), 0),
    "keyctl": lambda: libc.syscall(250, 0, -3, 0, 0, 0),
    "add_key": lambda: libc.syscall(248, b"user", b"k", b"v", 1, -3),
    "bpf": lambda: libc.syscall(321, 0, 0, 0),
    "perf": lambda: libc.syscall(298, bytes(128), 0, -1, -1, 0),
    "io_uring": lambda: libc.syscall(425, 8, bytes(120)),
    "by handle": lambda: libc.syscall(304, -100, bytes(64), 0),
    "setuid": lambda: libc.setuid(0),
    "mknod": lambda: libc.mknod(b"/tmp/disk", 0o60666, 0xFE00),
    "reboot": lambda: libc.reboot(0x89ABCDEF),
    "packet socket": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).fileno() * 0,
    "vsock": lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).fileno() * 0,
    "raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).fileno() * 0,
    "terminal": lambda: os.open("/dev/tty", os.O_RDWR) * 0,
    "raise limits": lambda: __import__("resource").setrlimit(7, (1 << 20, 1 << 20)),
    # The cell's own first process may be the same user, but then without any right of its own.
    "memory of 1": lambda: os.open("/proc/1/mem", os.O_RDWR) * 0 if rights() else -1,
}
def rights():
    with open("/proc/1/status") as file:
        found = dict(line.split(":", 1) for line in file if ":" in line)
    return int(found["CapPrm"], 16) or int(found["CapEff"], 16)
worked = []
for name, call in calls.items():
    try:
        value = call()
        if name == "clone user" and value == 0:
            os._exit(0)
        if value is None or value >= 0:
            worked.append(name)
    except OSError:
        pass
    except ValueError:
        pass
for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/kernel/hostname",
             "/sys/kernel/uevent_helper", "/sys/power/state", "/dev/vda",
             "/proc/1/oom_score_adj", "/dev/mem", "/dev/kmsg", "/proc/kcore", "/proc/timer_list"):
    try:
        with open(path, "r+b"):
            worked.append(path)
    except OSError:
        pass
print(json.dumps(worked))
"""

    def test_no_system_call_leads_out(self, box: Kind) -> None:
        if os.uname().machine != "x86_64":
            pytest.skip("the numbers of the system calls are those of x86-64")
        done = python(box, self.SYSTEM_CALLS)
        allowed = {"/proc/1/oom_score_adj"}
        if not isinstance(box, Bubblewrap):
            # Docker's own filter lets these be; without rights and network they reach nothing.
            # /proc/timer_list is /dev/null there.
            allowed |= {"vsock", "keyctl", "add_key", "io_uring", "/proc/timer_list"}
        assert set(json.loads(done.stdout)) <= allowed

    def test_links_left_behind_are_not_followed(self, box: Kind, work: Path) -> None:
        outside = work.parent / "outside"
        (outside / "deep").mkdir(parents=True)
        (outside / "deep" / "file").write_text("ours")
        (outside / "deep" / "file").chmod(0o400)
        if os.geteuid() == 0:
            os.chown(outside / "deep" / "file", 12345, 12345)
        before = [(p.lstat().st_uid, p.lstat().st_mode) for p in outside.rglob("*")]
        script = (
            f"ln -s {outside} l; ln -s {outside}/deep/file f; mkfifo p; chmod 0 p; ln -s l loop"
        )
        done = box.run(writable(work), ["sh", "-c", script], timeout_seconds=20)
        assert [(p.lstat().st_uid, p.lstat().st_mode) for p in outside.rglob("*")] == before
        for _ in range(2):
            done = box.run(
                writable(work), ["sh", "-c", "cat f; cat l/deep/file"], timeout_seconds=20
            )
            assert done.stdout == b""
        assert [(p.lstat().st_uid, p.lstat().st_mode) for p in outside.rglob("*")] == before

    def test_odd_names_and_deep_folders_come_back(self, box: Kind, work: Path) -> None:
        source = """
import os
for name in (b"new\\nline", b"-rf", b"\\xff\\xfe", b" ", b"*", b"x" * 255):
    with open(name, "wb") as file:
        file.write(b"x")
os.chmod(b"new\\nline", 0)
for _ in range(3000):
    os.mkdir("d")
    os.chdir("d")
"""
        assert python(box, source, writable(work), seconds=60).returncode == 0
        names = os.listdir(os.fsencode(work))
        assert len(names) == 7
        for name in names:
            path = os.path.join(os.fsencode(work), name)
            assert os.lstat(path).st_uid == os.geteuid()
            if name != b"d":
                assert Path(os.fsdecode(path)).read_bytes() == b"x"
        subprocess.run(["rm", "-rf", str(work)], check=True)

    def test_a_read_only_bind_shared_with_another_cell_stays_as_it_is(
        self, box: Kind, work: Path, tmp_path: Path
    ) -> None:
        tree = tmp_path / "tree"
        tree.mkdir(mode=0o700)
        (tree / "run").write_text("#!/bin/sh\necho ran\n")
        (tree / "run").chmod(0o700)
        cell = Cell(binds=(Bind(source=tree, target="/app"),), cwd="/app")
        with box.session(cell, ["sh", "-c", "read go; ./run"]) as session:
            done = box.run(
                cell, ["sh", "-c", "./run; echo x > run; chmod 0 run"], timeout_seconds=20
            )
            assert done.stdout == b"ran\n"
            session.stdin.write(b"go\n")
            session.stdin.flush()
            assert session.stdout.readline() == b"ran\n"
        assert tree.stat().st_mode & 0o007 == 0


class TestExhausting:
    def test_a_fork_bomb_in_one_cell_leaves_the_others_alone(self, box: Kind) -> None:
        bomb = "import os, time\nwhile True:\n  try: os.fork()\n  except OSError: time.sleep(0.1)"
        cell = Cell(limits=Limits(processes=50))
        done = threading.Event()

        def explode() -> None:
            python(box, bomb, cell, seconds=3)
            done.set()

        bomber = threading.Thread(target=explode)
        bomber.start()
        time.sleep(1)
        assert not done.is_set()
        assert (
            box.run(cell, ["sh", "-c", "echo $(echo fine)"], timeout_seconds=20).stdout == b"fine\n"
        )
        bomber.join(20)
        assert done.is_set()

    def test_endless_output_ends_at_the_deadline_and_is_not_kept(self, box: Kind) -> None:
        started = time.monotonic()
        # Long enough for a container to start beside others; its name has that of its image.
        seconds = 5 if box.name.startswith("docker") else 1
        done = box.run(
            Cell(), ["cat", "/dev/zero"], timeout_seconds=seconds, output_limit_bytes=1000
        )
        assert done.timed_out
        assert len(done.stdout) == 1000
        assert time.monotonic() - started < 30


class TestService:
    def test_the_relays_channel_cannot_be_dialled_a_second_time(self, box: Kind) -> None:
        source = """
import os, socket, time
for name in os.listdir("/run/factory"):
    print(name)
    try:
        socket.socket(socket.AF_UNIX).connect("/run/factory/" + name)
        print("dialled")
    except OSError:
        pass
try:
    open("/run/factory/x", "w")
    print("written")
except OSError:
    pass
print("end", flush=True)
time.sleep(60)
"""
        with box.service(Cell(), ["python3", "-c", source], port=8080) as service:
            deadline = time.monotonic() + 10
            while b"end" not in service.output() and time.monotonic() < deadline:
                time.sleep(0.02)
            names = [b"__pycache__", b"channel", b"end", b"relay_inside.py"]
            assert sorted(service.output().split()) == names

    def test_a_subject_that_kills_everything_it_can_is_an_end(self, box: Kind) -> None:
        script = "sleep 0.5; trap '' TERM; kill -9 $PPID; kill -9 -1; sleep 60"
        with box.service(Cell(), ["sh", "-c", script], port=8080) as service:
            assert gone(service)
            with socket.socket(socket.AF_UNIX) as client, contextlib.suppress(OSError):
                client.settimeout(5)
                client.connect(str(service.socket))
                assert client.recv(1) == b""
        assert box.run(Cell(), ["echo", "on"], timeout_seconds=20).stdout == b"on\n"

    def test_a_subject_that_never_accepts_holds_up_nobody(self, box: Kind) -> None:
        source = """
import socket, time
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 8080))
server.listen(1)
print("listening", flush=True)
time.sleep(60)
"""
        with box.service(Cell(), ["python3", "-c", source], port=8080) as service:
            deadline = time.monotonic() + 10
            while b"listening" not in service.output() and time.monotonic() < deadline:
                time.sleep(0.02)
            for _ in range(20):
                with pytest.raises(OSError, match="timed out"):
                    Over(service.socket, seconds=0.05).ask("GET", "/")
            assert service.alive()
            started = time.monotonic()
        assert time.monotonic() - started < 5

    def test_an_endless_answer_fills_no_memory(self, box: Kind) -> None:
        source = """
import socket
server = socket.create_server(("127.0.0.1", 8080))
while True:
    client = server.accept()[0]
    try:
        if client.recv(4) == b"size":
            with open(f"/proc/{os.getppid()}/statm") as file:
                client.sendall(file.read().encode())
        else:
            while True:
                client.sendall(b"x" * 65536)
    except OSError:
        pass
    client.close()
"""
        argv = ["python3", "-c", "import os\n" + source]
        with box.service(Cell(), argv, port=8080) as service:
            flood = self.dial(service, b"more")
            assert flood.recv(10)
            time.sleep(1)
            flood.close()
            sizes = self.dial(service, b"size")
            resident_pages = int(sizes.recv(1000).split()[1])
            sizes.close()
            assert resident_pages * os.sysconf("SC_PAGE_SIZE") < 64 << 20

    def dial(self, service, word: bytes) -> socket.socket:
        deadline = time.monotonic() + 20
        while True:
            client = socket.socket(socket.AF_UNIX)
            client.settimeout(10)
            client.connect(str(service.socket))
            with contextlib.suppress(OSError):
                client.sendall(word)
                if client.recv(1, socket.MSG_PEEK):
                    return client
            client.close()
            assert service.alive(), service.output()
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def test_a_subject_that_answers_and_dies_is_heard_out(self, box: Kind) -> None:
        source = SOURCE.replace("os._exit(3)", "self.answer(b'z' * 3_000_000), os._exit(3)")
        with box.service(Cell(), ["python3", "-c", source, "8080"], port=8080) as service:
            ready(service)
            assert len(Over(service.socket).ask("GET", "/exit")) == 3_000_000
            assert gone(service)
