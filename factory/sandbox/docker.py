"""The sandbox of kind docker: one container a cell, driven through the docker command."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from factory.errors import ProcessFailed, SandboxUnavailable
from factory.ports import process
from factory.ports.process import Completed
from factory.sandbox import docker_arguments, ownership, relay
from factory.sandbox.docker_leftovers import labels, sweep_quietly
from factory.sandbox.kind import Kind, Launch
from factory.sandbox.protocol import Cell

_CALL_SECONDS = 60.0
_MEND = "start a Docker daemon on this machine and let this user use it (`docker version`)"
_NEVER = "0001-01-01T00:00:00Z"


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image as the daemon has it: its environment, and where its Python is."""

    name: str
    environment: Mapping[str, str]
    python: str


class Docker(Kind):
    """Cells made by a Docker daemon on this machine.

    Args:
        image: the name of an image that the daemon has; it needs python3, sh and env.
        loosened: names of walls to leave out, for tests alone (see Bubblewrap).

    Raises:
        SandboxUnavailable: no docker command, no daemon, no such image, or no python3 in it.
    """

    def __init__(self, image: str, *, loosened: frozenset[str] = frozenset()) -> None:
        self._loosened = loosened
        sweep_quietly()
        self._version = asked(["version", "--format", "{{.Server.Version}}"])
        self._image = _inspected(image)

    @property
    def name(self) -> str:
        return f"docker {self._version}"

    def interpreter(self) -> str:
        return self._image.python

    def recipe(self) -> dict[str, str]:
        image = self._image
        return {
            "kind": "docker",
            "image": image.name,
            "environment": json.dumps(dict(image.environment)),
            "python": image.python,
            "version": self._version,
            "client": json.dumps(_environment()),
        }

    @classmethod
    def from_recipe(cls, recipe: Mapping[str, str]) -> Docker:
        """The sandbox that `recipe` describes, not probed again.

        The reader's environment gets back what the docker command needs: a scenario's step has
        another HOME and nothing of DOCKER_HOST.
        """
        os.environ.update(json.loads(recipe["client"]))
        made = cls.__new__(cls)
        made._loosened = frozenset()
        made._version = recipe["version"]
        made._image = Image(
            name=recipe["image"],
            environment=json.loads(recipe["environment"]),
            python=recipe["python"],
        )
        return made

    def environment(self, cell: Cell) -> dict[str, str]:
        """The exact environment inside: the cell's own plus PATH, HOME and LANG."""
        path = self._image.environment.get("PATH", docker_arguments.PATH)
        return {"PATH": path, "HOME": "/tmp", "LANG": "C.UTF-8", **cell.env}  # noqa: S108

    def probe(self) -> None:
        from factory.sandbox import probes

        python = self.interpreter()
        probes.check(self, interpreter=python, environment=self.environment(Cell()))

    @contextlib.contextmanager
    def prepared(self, cell: Cell, argv: Sequence[str]) -> Iterator[Launch]:
        name = f"factory-cell-{os.getpid()}-{os.urandom(6).hex()}"
        with contextlib.ExitStack() as stack:
            if not any(bind.target == relay.INSIDE for bind in cell.binds):
                # The relay program as a guard: it ends the container when we are gone.
                door = stack.enter_context(relay.door())
                stack.enter_context(door.held())
                cell = replace(cell, binds=(*cell.binds, door.bind))
                argv = door.command(self.interpreter(), 0, argv)
            identity = stack.enter_context(ownership.lent(cell.binds))
            stack.callback(removed, name)
            environment = self.environment(cell)
            words = docker_arguments.create(
                name,
                cell,
                identity=identity,
                environment=environment,
                image=self._image.name,
                image_variables=self._image.environment,
                labels=labels(),
                loosened=self._loosened,
            )
            created = _called([*words, *argv], environment=environment)
            if not created.ok:
                raise SandboxUnavailable(
                    f"Docker could not make the cell: {process.describe(created)}", mend=_MEND
                )
            yield Launch(
                argv=(_program(), "start", "--attach", "--interactive", name),
                env=_environment(),
                settle=lambda _code, _errors: _exit_code(name),
                # `docker start --attach` leaves at a signal, and last words are lost.
                forward=lambda _started, number: _sent(name, number),
            )


def _inspected(image: str) -> Image:
    mend = f"give the daemon the image (`docker pull {image}`), with python3 and sh in it"
    said = asked(["image", "inspect", "--format", "{{json .Config.Env}}", image], mend)
    pairs = [pair.partition("=") for pair in json.loads(said) or []]
    python = asked(
        [
            *("run", "--rm", "--pull", "never", "--network", "none", "--cap-drop", "ALL"),
            *("--read-only", "--user", "65534:65534", "--security-opt", "no-new-privileges"),
            *(word for label in labels() for word in ("--label", "=".join(label))),
            *("--entrypoint", "/bin/sh", image, "-c", "command -v python3"),
        ],
        mend,
    )
    return Image(name=image, environment={key: value for key, _, value in pairs}, python=python)


def asked(words: Sequence[str], mend: str = _MEND) -> str:
    """What the docker command answers to `words`.

    Raises:
        SandboxUnavailable: it ended with an error.
    """
    done = _called(words)
    if not done.ok:
        raise SandboxUnavailable(f"Docker cannot be used: {process.describe(done)}", mend=mend)
    return done.text.strip()


def _called(words: Sequence[str], environment: Mapping[str, str] | None = None) -> Completed:
    try:
        return process.run(
            [_program(), *words],
            env={**(environment or {}), **_environment()},
            timeout_seconds=_CALL_SECONDS,
        )
    except ProcessFailed as error:
        raise SandboxUnavailable(f"Docker cannot be used: {error}", mend=_MEND) from error


def _program() -> str:
    found = shutil.which("docker")
    if not found:
        raise SandboxUnavailable("there is no docker command on PATH", mend="install Docker")
    return found


def _environment() -> dict[str, str]:
    """What the docker command itself needs: where its daemon and its configuration are."""
    found = {name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}
    configuration = Path(os.environ.get("HOME", "/"), ".docker")
    return {"DOCKER_CONFIG": str(configuration), **found}


def _exit_code(name: str) -> int:
    """The container's own exit code: that of `docker start` may be the command's or Docker's."""
    state = json.loads(asked(["inspect", "--format", "{{json .State}}", name]))
    if state["StartedAt"] == _NEVER:
        raise SandboxUnavailable(f"Docker could not start the cell: {state['Error']}", mend=_MEND)
    return int(state["ExitCode"])


def _sent(name: str, number: int) -> None:
    """Give a signal to the container, whose first processes hand it on; it may have ended."""
    _called(["kill", "--signal", str(number), name])


def removed(name: str) -> None:
    """Kill and remove the container; one that was never made is as good."""
    done = _called(["rm", "--force", "--volumes", name])
    if not done.ok and b"No such container" not in done.stderr:
        raise ProcessFailed(
            f"a container may be left: {process.describe(done)}",
            mend=f"`docker rm --force {name}`",
        )
