"""The outer end of the tools: starts the cell, sends calls, believes nothing that comes back."""

from __future__ import annotations

import contextlib
import json
import os
import select
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from factory.agents.protocol import WORKSPACE
from factory.errors import AgentError
from factory.sandbox.protocol import Bind, Cell, Limits, Sandbox, Session

TOOLS = ("bash", "str_replace_based_edit_tool")
SERVER = Path(__file__).with_name("server.py")
INSIDE = "/factory/tools.py"
CALL_SECONDS = 120.0
START_SECONDS = 20.0
GRACE_SECONDS = 10.0
"""How much longer than a call's own limit the server may take to say that it was stopped."""
LINE_LIMIT_BYTES = 1024 * 1024
"""An honest reply has 30,000 characters, each at most 12 bytes in JSON."""
TEXT_LIMIT = 40_000
STATE_LIMIT = 32_000
RESTARTS = 3


class ToolReply(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one call came to. `exit_code` is bash's own, None where no command ended by itself."""

    text: str
    is_error: bool
    exit_code: int | None


class _Line(ToolReply, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: int
    shell: str | None = None


class _Ended(Exception):
    """The server is gone."""


class Toolbox:
    """The tools in one cell, for the length of a `with`; leaving it ends everything inside.

    Args:
        sandbox: where the cell is made.
        workspace: the folder outside that is mounted writable at WORKSPACE.
        environment: the cell's whole environment.
        limits: what the processes inside may use together.
        server: the program to run inside; another one in tests.
        binds: what else is shown inside.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        workspace: Path,
        *,
        environment: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        server: Path = SERVER,
        binds: Sequence[Bind] = (),
    ) -> None:
        self._sandbox = sandbox
        self._cell = Cell(
            binds=(
                Bind(source=workspace, target=WORKSPACE, writable=True),
                Bind(source=server, target=INSIDE),
                *binds,
            ),
            env={"PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
            cwd=WORKSPACE,
            limits=limits or Limits(),
        )
        self._context: AbstractContextManager[Session] | None = None
        self._session: Session | None = None
        self._calls = 0
        self._restarts = 0
        self.shell = ""
        """What makes a new shell like the one inside; "" for a new one. Only for `restore`."""

    def __enter__(self) -> Toolbox:
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def call(
        self, tool: str, values: Mapping[str, Any], *, timeout_seconds: float = CALL_SECONDS
    ) -> ToolReply:
        """Carry out one call inside and return its checked reply.

        A server that ended (the agent killed it, memory ran out) is started again a few times
        and the reply says so.

        Raises:
            AgentError: the cell answered something else than was agreed, or keeps ending.
        """
        self._calls += 1
        request = {
            "id": self._calls,
            "tool": tool,
            "input": dict(values),
            "timeout_seconds": timeout_seconds,
        }
        try:
            self._send(json.dumps(request).encode() + b"\n", GRACE_SECONDS)
            line = self._receive(timeout_seconds + GRACE_SECONDS)
        except _Ended:
            return self._again("The tools ended during this call and were started again.")
        except TimeoutError:
            return self._again("The tools did not answer in time and were started again.")
        return self._checked(line)

    def restore(self, shell: str) -> None:
        """Bring the shell to where an earlier one was: folder, variables, functions, options."""
        self.call("restore", {"shell": shell})

    def _checked(self, line: bytes) -> ToolReply:
        try:
            reply = msgspec.json.decode(line, type=_Line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise self._broken(f"not a reply: {error}") from error
        if reply.id != self._calls:
            raise self._broken(f"answered call {reply.id}, not {self._calls}")
        if len(reply.text) + len(reply.shell or "") > TEXT_LIMIT + STATE_LIMIT:
            raise self._broken(f"a text of {len(reply.text)} characters")
        if reply.shell is not None:
            self.shell = reply.shell
        return ToolReply(text=reply.text, is_error=reply.is_error, exit_code=reply.exit_code)

    def _start(self) -> None:
        self._context = self._sandbox.session(self._cell, ["python3", "-I", INSIDE])
        self._session = self._context.__enter__()
        os.set_blocking(self._session.stdin.fileno(), False)
        os.set_blocking(self._session.stdout.fileno(), False)
        try:
            hello = self._receive(START_SECONDS)
        except (_Ended, TimeoutError) as error:
            self._stop()
            raise AgentError(
                "the tools did not start inside the sandbox",
                mend="run `factory doctor`; the sandbox needs python3 and bash inside",
            ) from error
        if hello.strip() != b'{"ready": 1}':
            raise self._broken("did not greet as agreed")

    def _stop(self) -> None:
        if self._context is not None:
            context, self._context, self._session = self._context, None, None
            context.__exit__(None, None, None)

    def _again(self, said: str) -> ToolReply:
        self._stop()
        self.shell = ""
        self._restarts += 1
        if self._restarts > RESTARTS:
            raise AgentError(f"the tools inside the sandbox ended {self._restarts} times")
        self._start()
        return ToolReply(text=f"[{said} Files are kept.]", is_error=True, exit_code=None)

    def _broken(self, what: str) -> AgentError:
        self._stop()
        return AgentError(
            f"the process inside the sandbox broke the tools' protocol: {what[:300]}",
            mend="look at the trajectory: the agent may have tampered with its tools",
        )

    def _send(self, data: bytes, seconds: float) -> None:
        assert self._session is not None
        deadline = time.monotonic() + seconds
        pipe = self._session.stdin.fileno()
        view = memoryview(data)
        while view:
            _, ready, _ = select.select([], [pipe], [], max(deadline - time.monotonic(), 0))
            if not ready:
                raise TimeoutError
            try:
                with contextlib.suppress(BlockingIOError):
                    view = view[os.write(pipe, view[:65536]) :]
            except (BrokenPipeError, OSError) as error:
                raise _Ended from error

    def _receive(self, seconds: float) -> bytes:
        assert self._session is not None
        deadline = time.monotonic() + seconds
        pipe = self._session.stdout.fileno()
        data = bytearray()
        while b"\n" not in data:
            if len(data) > LINE_LIMIT_BYTES:
                raise self._broken(f"a line of more than {LINE_LIMIT_BYTES} bytes")
            ready, _, _ = select.select([pipe], [], [], max(deadline - time.monotonic(), 0))
            if not ready:
                raise TimeoutError
            chunk = os.read(pipe, 65536)
            if not chunk:
                raise _Ended
            data += chunk
        line, _, rest = bytes(data).partition(b"\n")
        if rest:
            raise self._broken("spoke without being asked")
        return line
