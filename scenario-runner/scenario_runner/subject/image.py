"""`image:NAME`: containers of an image that is there already, through the docker command."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass, field

from scenario_runner.errors import UsageFault
from scenario_runner.subject.given import GivenSubject
from scenario_runner.subject.local_service import free_port
from scenario_runner.subject.managed import StartFailed, Write
from scenario_runner.subject.ready import wait_until_ready

COMMAND_SECONDS = 60.0
_LOOK_SECONDS = 0.2
_LOG_LINES, _LOG_CHARACTERS = "500", 64 * 1024
MAX_PROCESSES = "1024"
# A network of our own: no way out to other networks, none from one instance to another.
_NETWORK = (
    *("--driver", "bridge"),
    *("--opt", "com.docker.network.bridge.enable_ip_masquerade=false"),
    *("--opt", "com.docker.network.bridge.enable_icc=false"),
)


@dataclass
class _Container:
    id: str
    port: int
    looked_at: float = 0.0
    # Whoever comes second to remove it waits for the first.
    removing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def check(given: GivenSubject) -> None:
    """Before anything runs. Raises UsageFault where docker or the image is not there."""
    if shutil.which("docker") is None:
        raise UsageFault(
            f"--subject image:{given.text}: there is no command docker on PATH; install it, or "
            "give service:COMMAND or an address"
        )
    try:
        _docker("version", "--format", "{{.Server.Version}}")
    except StartFailed as problem:
        raise UsageFault(f"--subject image:{given.text}: {problem}; is dockerd running?") from None
    try:
        _docker("image", "inspect", "--format", "{{.Id}}", given.text)
    except StartFailed:
        raise UsageFault(
            f"--subject image:{given.text}: this machine has no such image; build it, or pull it, "
            "before the run: the runner never pulls"
        ) from None


class Image:
    """A `Managed`. The container's own layer is its state; it is removed by its id."""

    def __init__(self, given: GivenSubject, start_seconds: float, write: Write) -> None:
        self._given = given
        self._start_seconds = start_seconds
        self._write = write
        self._lock = threading.Lock()
        self._containers: dict[str, _Container] = {}
        self._network: str | None = None
        self._closed = False

    def start(self, identity: str) -> str:
        with self._lock:
            self._must_be_open()
            if self._network is None:
                name = f"scenario-runner-{secrets.token_hex(8)}"
                self._network = _docker("network", "create", *_NETWORK, name)
            port = free_port({each.port for each in self._containers.values()})
            container = self._containers[identity] = _Container("", port)
            # Under the lock, so that `close` sees each one that was made.
            container.id = _docker(
                *("create", "--pull", "never", "--network", self._network),
                *("--publish", f"127.0.0.1:{port}:{self._given.port}"),
                *("--env", f"PORT={self._given.port}", "--label", "scenario-runner=subject"),
                *("--security-opt", "no-new-privileges", "--pids-limit", MAX_PROCESSES),
                *("--log-opt", "max-size=1m", "--log-driver", "json-file"),
                self._given.text,
            )
        return self._up(container)

    def kill(self, identity: str) -> None:
        container = self._containers[identity]
        if self._ended(container) is None:
            _docker("kill", "--signal", "KILL", container.id)

    def restart(self, identity: str) -> str:
        self.kill(identity)
        return self._up(self._containers[identity])

    def stop(self, identity: str) -> bool:
        with self._lock:  # one that is being made has its id then
            container = self._containers.get(identity)
        if container is None:
            return False
        with container.removing:
            ended = self._remove(identity, container) if container.id else "was never made"
            container.id = ""
        with self._lock:
            self._containers.pop(identity, None)
        return ended is None

    def close(self) -> None:
        with self._lock:
            self._closed = True
            left = list(self._containers)
        for identity in left:
            self.stop(identity)
        if self._network is not None:
            _docker("network", "rm", self._network)
            self._network = None

    def _remove(self, identity: str, container: _Container) -> str | None:
        """How it had ended before, None where it ran."""
        ended = self._ended(container)
        with contextlib.suppress(StartFailed):
            said = _docker("logs", "--tail", _LOG_LINES, container.id, both=True)
            said = said[-_LOG_CHARACTERS:] + (f"\n[the service {ended}]" if ended else "")
            self._write(self._given.name, f"instance {identity}", said.encode())
        _docker("rm", "--force", "--volumes", container.id)
        return ended

    def _must_be_open(self) -> None:
        if self._closed:
            raise StartFailed("ours", "the run is over")

    def _up(self, container: _Container) -> str:
        self._must_be_open()
        _docker("start", container.id)
        wait_until_ready(
            container.address,
            self._given.ready,
            self._start_seconds,
            lambda: self._ended_lately(container),
        )
        return container.address

    def _ended_lately(self, container: _Container) -> str | None:
        """Asking docker takes longer than asking the service: not each time."""
        now = time.monotonic()
        if now - container.looked_at < _LOOK_SECONDS:
            return None
        container.looked_at = now
        self._must_be_open()
        return self._ended(container)

    def _ended(self, container: _Container) -> str | None:
        found = _docker(
            *("inspect", "--format", "{{.State.Running}} {{.State.ExitCode}}", container.id)
        )
        running, _, code = found.partition(" ")
        return None if running == "true" else f"ended with exit code {code}"


def _docker(*arguments: str, both: bool = False) -> str:
    """What it wrote, with its complaints where `both`. Raises StartFailed, ours, where it fails."""
    try:
        done = subprocess.run(
            ["docker", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if both else subprocess.PIPE,
            timeout=COMMAND_SECONDS,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise StartFailed("ours", f"docker {arguments[0]} did not end in time") from None
    except OSError as problem:
        raise StartFailed("ours", f"docker cannot be run: {problem.strerror}") from None
    if done.returncode:
        why = (done.stderr or done.stdout or b"").decode("utf-8", "replace").strip()[:500]
        raise StartFailed("ours", f"docker {arguments[0]} failed: {why}")
    return done.stdout.decode("utf-8", "replace").strip()
