"""The sandbox of kind bubblewrap: namespaces made by `bwrap`, as root or as a plain user."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from factory.errors import SandboxUnavailable
from factory.ports import scratch
from factory.sandbox import binary, inner, ownership, running, seccomp, view
from factory.sandbox.kind import Kind, Launch
from factory.sandbox.protocol import Cell

MEND = (
    "this needs user namespaces or root: on Ubuntu 24.04 and later run "
    "`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`, "
    "in a container give it `--security-opt seccomp=unconfined`, or use Docker"
)


class Bubblewrap(Kind):
    """Cells made by bubblewrap.

    Args:
        found: the program; looked for where None.
        loosened: names of walls to leave out (those in `probes.PROBES`, and `caller`: bwrap
            inherits our environment), to show in tests that each probe catches its breach.
            Nothing outside tests gives any.
    """

    carries_terminals = True

    def __init__(
        self, found: binary.Binary | None = None, *, loosened: frozenset[str] = frozenset()
    ) -> None:
        self.binary = found or binary.find()
        self._loosened = loosened
        self._root = os.geteuid() == 0

    @property
    def name(self) -> str:
        return f"bubblewrap {self.binary.version}"

    def recipe(self) -> dict[str, str]:
        path, version = str(self.binary.path), self.binary.version
        return {"kind": "bubblewrap", "path": path, "version": version}

    @classmethod
    def from_recipe(cls, recipe: Mapping[str, str]) -> Bubblewrap:
        """The sandbox that `recipe` describes, not probed again."""
        return cls(binary.Binary(path=Path(recipe["path"]), version=recipe["version"]))

    def interpreter(self) -> str:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return str(Path(sys.base_prefix, "bin", version))

    def probe(self) -> None:
        from factory.sandbox import probes

        probes.check(
            self,
            interpreter=self.interpreter(),
            environment=view.environment(Cell()),
        )

    @contextlib.contextmanager
    def prepared(self, cell: Cell, argv: Sequence[str]) -> Iterator[Launch]:
        with ownership.lent(cell.binds) as identity, contextlib.ExitStack() as stack:
            status_read, status_write = os.pipe()
            stack.callback(os.close, status_read)
            status = _Status(status_read, status_write)
            stack.callback(status.await_end)
            contents = {
                target: _in_memory(stack, content)
                for target, content in view.files(identity).items()
            }
            options = view.arguments(
                cell, root=self._root, file_descriptors=contents, loosened=self._loosened
            )
            options += ["--json-status-fd", str(status_write)]
            passed = [status_write, *contents.values(), *self._leaks(stack, options)]
            program = seccomp.program()
            if program and "mounts" not in self._loosened:
                passed.append(_in_memory(stack, program))
                options += ["--seccomp", str(passed[-1])]
            passed.append(_in_memory(stack, "\0".join(options).encode("utf-8", "surrogateescape")))
            command = inner.command(cell, argv, identity=identity, drop=self._root)
            yield Launch(
                argv=(str(self.binary.path), "--args", str(passed[-1]), "--", *command),
                env=dict(os.environ) if "caller" in self._loosened else {},
                pass_fds=tuple(passed),
                settle=status.settle,
                forward=lambda _started, number: status.forward(number),
            )

    def _leaks(self, stack: contextlib.ExitStack, options: list[str]) -> list[int]:
        """Open what a test asked to have open; returns descriptors that the cell inherits."""
        if "files" in self._loosened:
            options += ["--ro-bind", str(scratch.base()), str(scratch.base())]
        if "descriptors" not in self._loosened:
            return []
        stray = os.open("/", os.O_RDONLY)
        stack.callback(os.close, stray)
        return [stray]


class _Status:
    """What bwrap says about itself on --json-status-fd: the first pid, and the exit code."""

    def __init__(self, read: int, write: int) -> None:
        self._read = read
        self._write: int | None = write
        self._text = b""
        os.set_blocking(read, False)

    def settle(self, returncode: int, stderr: bytes) -> int:
        """The command's exit code.

        Raises:
            SandboxUnavailable: bwrap ended without having started the command.
        """
        code = self._said().get("exit-code")
        if code is None:
            said = stderr.decode("utf-8", "replace").strip()[-1000:]
            raise SandboxUnavailable(
                f"bubblewrap could not make the cell: {said or f'code {returncode}'}", mend=MEND
            )
        return code

    def await_end(self) -> None:
        """Return when no process of the cell is left."""
        pid = self._said().get("child-pid")
        if self._write is not None:
            os.close(self._write)
            self._write = None
        if pid:
            running.await_end(pid)

    def forward(self, number: int) -> None:
        """Give a signal to the command; an interrupt to its group, as a terminal does."""
        first = self._said().get("child-pid")
        # The first process of the cell is bwrap's own; the command is its oldest child.
        children = Path(f"/proc/{first}/task/{first}/children")
        with contextlib.suppress(OSError, IndexError):  # It has not begun, or has ended.
            command = int(children.read_text().split()[0])
            if number == signal.SIGINT:
                os.killpg(os.getpgid(command), number)
            else:
                os.kill(command, number)

    def _said(self) -> dict[str, int]:
        with contextlib.suppress(BlockingIOError):
            self._text += os.read(self._read, 65536)
        said: dict[str, int] = {}
        for line in self._text.splitlines():
            told = json.loads(line)
            said.update({key: value for key, value in told.items() if isinstance(value, int)})
        return said


def _in_memory(stack: contextlib.ExitStack, content: bytes) -> int:
    """A descriptor that reads `content`; closed with the stack."""
    descriptor = os.memfd_create("cell")
    stack.callback(os.close, descriptor)
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
