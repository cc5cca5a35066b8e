"""Fixtures for tests that run in every kind of sandbox."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from factory.errors import SandboxUnavailable
from factory.sandbox import binary
from factory.sandbox.bubblewrap import Bubblewrap
from factory.sandbox.docker import Docker
from factory.sandbox.kind import Kind
from factory.sandbox.protocol import Bind, Cell
from tests.conftest import give_up
from tests.contract.docker_daemon import daemon
from tests.contract.docker_image import build

KINDS = ["bubblewrap", pytest.param("docker", marks=pytest.mark.slow)]


@pytest.fixture(scope="module")
def docker_image() -> Iterator[str]:
    with daemon():
        yield build()


@pytest.fixture(scope="module", params=KINDS)
def box(request: pytest.FixtureRequest) -> Kind:
    return make(request, request.param)


def make(request: pytest.FixtureRequest, kind: str, loosened: str = "") -> Kind:
    """A sandbox of `kind`, one wall of it left out where `loosened` names it."""
    walls = frozenset(filter(None, [loosened]))
    if kind == "docker":
        return Docker(request.getfixturevalue("docker_image"), loosened=walls)
    try:
        return Bubblewrap(binary.find(), loosened=walls)
    except SandboxUnavailable as error:
        give_up(str(error))
        raise


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder that nobody but us may enter, as the stages make them."""
    folder = tmp_path / "work"
    folder.mkdir(mode=0o700)
    return folder


def writable(folder: Path, **others: object) -> Cell:
    return Cell(
        binds=(Bind(source=folder, target="/workspace", writable=True),), cwd="/workspace", **others
    )


def python(box: Kind, source: str, cell: Cell | None = None, seconds: float = 20, **others):
    return box.run(cell or Cell(), ["python3", "-c", source], timeout_seconds=seconds, **others)


class Over(http.client.HTTPConnection):
    """HTTP over a service's UNIX socket."""

    def __init__(self, path: Path, seconds: float = 20) -> None:
        super().__init__("subject", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))

    def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        self.request(method, path, body)
        return self.getresponse().read()


def ready(service) -> None:
    """Wait until the subject answers."""
    deadline = time.monotonic() + 20
    while True:
        try:
            Over(service.socket).ask("GET", "/ready")
            return
        except (OSError, http.client.HTTPException):
            assert service.alive(), service.output()
            assert time.monotonic() < deadline
            time.sleep(0.02)


def gone(service, seconds: float = 10) -> bool:
    """Whether the service stops being alive in time."""
    deadline = time.monotonic() + seconds
    while service.alive() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not service.alive()
