"""The words of `docker create` for a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from factory.ports import scratch
from factory.sandbox.ownership import Identity
from factory.sandbox.protocol import Bind, Cell

# What a container gets where its image says nothing (Docker's own default).
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def create(
    name: str,
    cell: Cell,
    *,
    identity: Identity,
    environment: Mapping[str, str],
    image: str,
    image_variables: Mapping[str, str],
    labels: Sequence[tuple[str, str]],
    loosened: frozenset[str] = frozenset(),
) -> list[str]:
    """Everything before the command.

    Args:
        environment: exactly what the command gets. Values travel in docker's own environment,
            not in its arguments, which every user of the machine may read.
        image_variables: what the image sets; those not in `environment` are taken away again.
    """
    return [
        *("create", "--name", name, "--pull", "never", "--interactive", "--init"),
        *(word for key, value in labels for word in ("--label", f"{key}={value}")),
        *_walls(identity, loosened),
        *_limits(cell),
        *_scratch(cell, loosened),
        *(word for bind in cell.binds for word in ("--mount", _mount(bind))),
        *("--workdir", cell.cwd),
        *_given(environment, loosened),
        *("--entrypoint", "/usr/bin/env", image),
        *_taken_away(environment, image_variables),
    ]


def _walls(identity: Identity, loosened: frozenset[str]) -> list[str]:
    words = ["--user", f"{identity.uid}:{identity.gid}", "--ipc", "private"]
    words += ["--hostname", "sandbox", "--log-driver", "none"]
    words += ["--network", "host" if "network" in loosened else "none"]
    if "processes" in loosened:
        words += ["--pid", "host"]
    if "mounts" not in loosened:
        words += ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    return words


def _limits(cell: Cell) -> list[str]:
    limits = cell.limits
    memory = str(limits.memory_bytes)
    words = ["--memory", memory, "--memory-swap", memory]
    words += ["--pids-limit", str(limits.processes), "--shm-size", str(limits.scratch_bytes)]
    for kind, value in (
        ("nofile", limits.open_files),
        ("fsize", limits.file_bytes),
        ("cpu", limits.cpu_seconds),
        ("core", 0),
    ):
        words += ["--ulimit", f"{kind}={value}:{value}"]
    return words


def _scratch(cell: Cell, loosened: frozenset[str]) -> list[str]:
    if "files" in loosened:
        return ["--volume", f"{scratch.base()}:{scratch.base()}:ro"]
    options = f"rw,exec,nosuid,nodev,mode=1777,size={cell.limits.scratch_bytes}"
    return ["--tmpfs", f"/tmp:{options}"]  # noqa: S108


def _mount(bind: Bind) -> str:
    """A value for --mount, which docker reads as a line of CSV."""
    fields = ["type=bind", f"source={bind.source.absolute()}", f"target={bind.target}"]
    if not bind.writable:
        fields.append("readonly")
    return ",".join('"{}"'.format(field.replace('"', '""')) for field in fields)


def _given(environment: Mapping[str, str], loosened: frozenset[str]) -> list[str]:
    words: list[str] = []
    for name, value in environment.items():
        # docker's own variables mean something to docker itself, so these go as arguments.
        words += ["--env", f"{name}={value}" if name.startswith("DOCKER_") else name]
    return [*words, "--env", "LEAK=1"] if "environment" in loosened else words


def _taken_away(environment: Mapping[str, str], image_variables: Mapping[str, str]) -> list[str]:
    """Docker adds HOSTNAME, newer ones PWD, and the image its own."""
    words: list[str] = []
    for name in sorted({*image_variables, "HOSTNAME", "PWD"} - set(environment)):
        words += ["-u", name]
    return words
