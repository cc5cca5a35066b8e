"""A Docker daemon for the tests: the one that answers, else one started by hand, as root."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import give_up, require

START_SECONDS = 30.0


@contextlib.contextmanager
def daemon() -> Iterator[None]:
    """Leave DOCKER_HOST naming a daemon that answers; stop, by its pid, the one we started."""
    require("docker")
    if _answers():
        yield
        return
    require("dockerd")
    if os.geteuid() != 0:
        give_up("no Docker daemon answers, and only root can start one")
    # Not pytest's tmp_path: a socket's path must be short, and what Docker mounts must go.
    folder = Path(tempfile.mkdtemp(prefix="factory-docker-"))
    before = os.environ.get("DOCKER_HOST")
    os.environ["DOCKER_HOST"] = f"unix://{folder}/socket"
    with (folder / "log").open("wb") as log:
        started = subprocess.Popen(
            [
                *("dockerd", "--host", os.environ["DOCKER_HOST"], "--bridge=none"),
                *("--iptables=false", "--storage-driver=overlay2"),
                *("--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec"),
                *("--pidfile", f"{folder}/pid"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers():
            if started.poll() is not None or time.monotonic() > deadline:
                give_up("dockerd does not start here: " + (folder / "log").read_text()[-500:])
            time.sleep(0.1)
        yield
    finally:
        started.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            started.wait(20)
        started.kill()
        started.wait()
        if before is None:
            del os.environ["DOCKER_HOST"]
        else:
            os.environ["DOCKER_HOST"] = before
        _unmounted(folder)
        shutil.rmtree(folder)


def _unmounted(folder: Path) -> None:
    """dockerd leaves the mount of its network namespace behind."""
    for line in Path("/proc/self/mounts").read_text().splitlines():
        target = line.split()[1]
        if target.startswith(f"{folder}/"):
            subprocess.run(["umount", "--lazy", target], check=True)


def _answers() -> bool:
    return subprocess.run(["docker", "version"], capture_output=True).returncode == 0
