"""Subjects that we start ourselves: what each kind of them can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

Whose = Literal["subject", "ours"]

# Given the name of a subject, what it is about, and what was written: bytes for its authors alone.
Write = Callable[[str, str, bytes], None]


class StartFailed(Exception):
    """There is no subject to talk to. `whose`: the subject's own fault, which fails what needed
    it, or ours and the machine's, of which nobody can conclude anything."""

    def __init__(self, whose: Whose, message: str) -> None:
        super().__init__(message)
        self.whose = whose
        self.message = message


class Managed(Protocol):
    """Instances of one subject, each under an id of the caller's. Threads may call at once, for
    different ids; `close` may come at any moment, and what waits then raises StartFailed."""

    def start(self, identity: str) -> str:
        """A new instance that nobody used; its address, once it answers. Raises StartFailed."""

    def kill(self, identity: str) -> None:
        """SIGKILL for all its processes; what it had written is kept. Raises StartFailed."""

    def restart(self, identity: str) -> str:
        """`kill`, then start it again on what it had written; its address. Raises StartFailed."""

    def stop(self, identity: str) -> bool:
        """End it and remove what it wrote; whether it still ran. Also where its start failed.
        Raises StartFailed where nobody can say that it ended."""

    def close(self) -> None:
        """End every instance and what starts them. Raises StartFailed as `stop` does."""
