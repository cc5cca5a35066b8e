"""Containers of a factory process that was killed: marked when made, found and removed later."""

from __future__ import annotations

import os
import time
from pathlib import Path

from factory.errors import FactoryError
from factory.ports import scratch

_OWNER = "dark-factory.owner"
_PLACE = "dark-factory.place"
_MADE = "dark-factory.made"
_DAY_SECONDS = 86400.0


def labels() -> list[tuple[str, str]]:
    """What a container is marked with: its process, where that lives, and when it was made."""
    return [
        (_OWNER, scratch.stamp(os.getpid())),
        (_PLACE, _place()),
        (_MADE, str(int(time.time()))),
    ]


def sweep(max_age_seconds: float = _DAY_SECONDS) -> int:
    """Remove containers whose factory process is gone; how many there were.

    A container made elsewhere (before a restart, in another container that shares the daemon)
    goes when it is older than `max_age_seconds`: its process cannot be looked for from here.

    Raises:
        SandboxUnavailable: no daemon answers.
    """
    from factory.sandbox import docker

    columns = [f'{{{{.Label "{key}"}}}}' for key in (_OWNER, _PLACE, _MADE)]
    form = "\t".join(["{{.ID}}", *columns])
    words = ["ps", "--all", "--filter", f"label={_OWNER}", "--format", form]
    removed = 0
    for line in docker.asked(words).splitlines():
        identifier, owner, place, made = line.split("\t")
        if place == _place():
            old = not scratch.lives(owner)
        else:
            old = made.isdigit() and time.time() - int(made) > max_age_seconds
        if old:
            docker.removed(identifier)
            removed += 1
    return removed


def sweep_quietly() -> None:
    """`sweep`, where a daemon that does not answer is somebody else's to report."""
    try:
        sweep()
    except FactoryError:
        return


def _place() -> str:
    """This boot of this machine and this pid namespace: where a pid means the same process."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return "unknown"
