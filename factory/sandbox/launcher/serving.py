"""JSON lines in, JSON lines out: the launcher's conversation with whoever runs scenarios.

Asked: `{"do": "start" | "restart" | "kill" | "stop", "id": "1"}`. Answered, in any order:
`{"id", "state": "ready", "address"}`, `{"id", "state": "killed"}`,
`{"id", "state": "stopped", "alive"}`, or
`{"id", "state": "failed", "whose": "subject" | "ours", "message"}`.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import sys
import threading
from collections.abc import Iterator
from typing import Any

from factory.sandbox.launcher.instance import Answer, Instances

BROKEN = 2
_VERBS = ("start", "restart", "kill", "stop")
_LINE_BYTES = 4096


def serve(instances: Instances, asked: int, answers: int) -> int:
    """Serve the descriptor `asked` until it ends or our parent does; an exit code."""
    lock = threading.Lock()

    def answer_for(identity: str) -> Answer:
        def answer(said: dict[str, Any]) -> None:
            line = json.dumps({"id": identity, **said}).encode() + b"\n"
            with lock, contextlib.suppress(BrokenPipeError):
                while line:
                    line = line[os.write(answers, line) :]

        return answer

    for line in _lines(asked):
        found = _read(line)
        if found is None:
            sys.stderr.write(f"factory.sandbox.launcher: not of the protocol: {line[:200]!r}\n")
            return BROKEN
        verb, identity = found
        instances.do(verb, identity, answer_for(identity))
    return 0


def _lines(descriptor: int) -> Iterator[bytes]:
    """Each line without its end; the last one also where it has none."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    # The end of input may never come: a child of our parent may hold the other end as well.
    parent = None
    with contextlib.suppress(OSError):  # It is not one of our own pid namespace.
        parent = os.pidfd_open(os.getppid())
        poll.register(parent, select.POLLIN)
    rest = b""
    try:
        while True:
            ready = [found for found, _ in poll.poll()]
            chunk = os.read(descriptor, _LINE_BYTES) if descriptor in ready else b""
            if not chunk:
                break
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines
            if len(rest) > _LINE_BYTES:
                break
        if rest:
            yield rest
    finally:
        if parent is not None:
            os.close(parent)


def _read(line: bytes) -> tuple[str, str] | None:
    """What a line asks, and of which instance; None where it is not of the protocol."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or set(said) != {"do", "id"}:
        return None
    verb, identity = said["do"], said["id"]
    if verb not in _VERBS or not isinstance(identity, str) or not 0 < len(identity) <= 100:
        return None
    return verb, identity
