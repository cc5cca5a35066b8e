"""A stop that is asked for looks for a moment whether the service ends by itself."""

from __future__ import annotations

import contextlib
import queue
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factory.sandbox.launcher.instance import Instances
from factory.sandbox.launcher.journal import settled
from factory.sandbox.launcher.plan import Plan
from factory.sandbox.protocol import Cell


class Dying:
    """A service that answers once, lives on and is gone within `seconds` of being asked."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.socket = Path("/nowhere")

    def alive(self, seconds: float = 0.0) -> bool:
        return seconds < self._seconds

    def awaiting(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        theirs.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        self._theirs = theirs  # Open until the request is written.
        return ours


class Box:
    """Stands for a sandbox that has one such service."""

    def __init__(self, service: Dying) -> None:
        self._service = service

    @contextlib.contextmanager
    def service(self, *_words: Any, **_named: Any) -> Iterator[Dying]:
        yield self._service


def planned(tmp_path: Path, service: Dying) -> Plan:
    return Plan(
        sandbox=Box(service),  # type: ignore[arg-type]
        cell=Cell(),
        argv=("service",),
        port=8080,
        ready="/",
        start_seconds=20.0,
        live=1,
        journal=tmp_path / "journal",
    )


@pytest.mark.parametrize(("dies_after", "alive"), [(0.09, False), (30.0, True)])
def test_a_service_is_watched_for_a_moment_before_it_is_stopped(
    tmp_path: Path, dies_after: float, alive: bool
) -> None:
    told: queue.Queue[dict[str, Any]] = queue.Queue()
    with Instances(planned(tmp_path, Dying(dies_after))) as instances:
        instances.do("start", "1", told.put)
        assert told.get(timeout=60)["state"] == "ready"
        instances.do("stop", "1", told.put)
        assert told.get(timeout=60) == {"state": "stopped", "alive": alive}
    assert settled(tmp_path / "journal").alive is alive
