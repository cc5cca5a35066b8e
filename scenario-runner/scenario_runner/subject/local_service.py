"""`service:COMMAND`: a service that we start on loopback, a process group and a folder each."""

from __future__ import annotations

import contextlib
import random
import socket
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from scenario_runner import processes
from scenario_runner.safe_files import remove_tree
from scenario_runner.subject.command import environment
from scenario_runner.subject.given import GivenSubject
from scenario_runner.subject.kept_output import KeptOutput
from scenario_runner.subject.managed import StartFailed, Write
from scenario_runner.subject.ready import wait_until_ready

# Below the ports that a system gives to outgoing connections, of which there are many here.
_PORTS = range(12_000, 32_000)
_ATTEMPTS = 200
_ENDING_SECONDS = 0.05


@dataclass
class _Instance:
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    stopped: bool = False
    output: KeptOutput = field(default_factory=KeptOutput)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class LocalService:
    """A `Managed`. `{port}` in the words and PORT in the environment say where to listen; the
    folder it runs in, which is HOME too, is its state."""

    def __init__(self, given: GivenSubject, start_seconds: float, write: Write) -> None:
        self._given = given
        self._start_seconds = start_seconds
        self._write = write
        self._lock = threading.Lock()
        self._instances: dict[str, _Instance] = {}
        self._closed = False

    def start(self, identity: str) -> str:
        with self._lock:
            self._must_be_open()
            port = free_port({each.port for each in self._instances.values()})
            folder = Path(tempfile.mkdtemp(prefix="scenario-subject-"))
            instance = self._instances[identity] = _Instance(folder, port)
        return self._up(instance)

    def kill(self, identity: str) -> None:
        instance = self._instances[identity]
        _end(instance)
        if _listens(instance.port):
            raise StartFailed(
                "subject",
                "the service was killed, and something of it still answers: it left its process "
                "group and the processes below it",
            )

    def restart(self, identity: str) -> str:
        self.kill(identity)
        return self._up(self._instances[identity])

    def stop(self, identity: str) -> bool:
        with self._lock:
            instance = self._instances.pop(identity, None)
            if instance is None:
                return False
            instance.stopped = True
        if instance.process is not None:
            # One that is ending closes its connections first: who saw that may be here already.
            processes.wait_for_end(instance.process.pid, _ENDING_SECONDS)
        alive = _end(instance)
        self._write(self._given.name, f"instance {identity}", instance.output.text())
        remove_tree(instance.folder)
        return alive

    def close(self) -> None:
        with self._lock:
            self._closed = True
            left = list(self._instances)
        for identity in left:
            self.stop(identity)

    def _must_be_open(self) -> None:
        if self._closed:
            raise StartFailed("ours", "the run is over")

    def _up(self, instance: _Instance) -> str:
        words = [word.replace("{port}", str(instance.port)) for word in self._given.argv]
        with self._lock:
            self._must_be_open()
            if instance.stopped:
                raise StartFailed("ours", "the service was stopped meanwhile")
            try:
                process = instance.process = subprocess.Popen(
                    words,
                    cwd=instance.folder,
                    env=environment(instance.folder, {"PORT": str(instance.port)}),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=processes.become_keeper,
                )
            except (OSError, ValueError, subprocess.SubprocessError) as problem:
                raise StartFailed("ours", f"the service cannot be started: {problem}") from None
            # While nobody can stop it: whoever stops it waits for its last words.
            instance.output.read_from(process)
        try:
            wait_until_ready(
                instance.address,
                self._given.ready,
                self._start_seconds,
                lambda: processes.how_it_ended(process.pid),
            )
        except StartFailed:
            _end(instance)
            raise
        return instance.address


def _end(instance: _Instance) -> bool:
    """Whether it still ran."""
    with instance.lock:  # once it is reaped, its id may be another's
        process, instance.process = instance.process, None
    if process is None:
        return False
    ended = processes.how_it_ended(process.pid)
    processes.kill_tree(process.pid)
    process.wait()
    instance.output.finish()
    if ended is not None:
        instance.output.add(f"[the service {ended}]")
    return ended is None


def free_port(taken: set[int]) -> int:
    for port in random.SystemRandom().sample(_PORTS, _ATTEMPTS):
        if port in taken:
            continue
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise StartFailed("ours", "no port of the loopback address is free")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0
