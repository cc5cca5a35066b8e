"""The kind `command`: any program, told the brief on standard input and in FACTORY_BRIEF's file.

What it spends is not known, unless its last line of output is a JSON object with `total_cost_usd`.
"""

from __future__ import annotations

import json
from typing import Any

from factory.agents.command_line.adapter import BRIEF, Adapter, Launch, Settings
from factory.agents.command_line.events import Event, Told
from factory.agents.command_line.figures import Implausible, usd
from factory.agents.outcome import MESSAGE_LIMIT
from factory.records import Budget

_END_BYTES = 64 * 1024


def launch(settings: Settings, budget: Budget, brief: str) -> Launch:
    """`{brief_file}` in a word is the place of the brief."""
    words = tuple(word.replace("{brief_file}", BRIEF) for word in settings.argv)
    return Launch(argv=words, stdin=brief)


class CommandReader:
    """Keeps the end of the output; the whole run is one step."""

    def __init__(self) -> None:
        self.told: Told | None = None
        self.faults: list[str] = []
        self._end = b""

    def line(self, line: bytes) -> list[Event]:
        """See `Reader.line`."""
        if line.strip():
            self._end = (self._end + line + b"\n")[-_END_BYTES:]
        return []

    def file(self, data: bytes) -> list[Event]:
        """See `Reader.file`; it has none."""
        return []

    def end(self) -> list[Event]:
        """See `Reader.end`: its last word is the last line, or what the output ends with."""
        cost, said = reported(self._end)
        self.told = Told(ended="finished", message=said, usd=cost)
        return [Event(say=self._end.decode("utf-8", "replace").strip())]


def reported(output: bytes) -> tuple[float | None, str]:
    """(total_cost_usd, result) of the last line of output where that is a JSON object.

    `claude -p --output-format json` prints such a line. It is the command's own word, so it is
    read strictly: anything else is (None, the end of the output).
    """
    end = output.strip()
    message = end[-MESSAGE_LIMIT:].decode("utf-8", "replace")
    try:
        told: Any = json.loads(end.splitlines()[-1]) if end else None
    except (ValueError, RecursionError):
        return None, message
    if not isinstance(told, dict):
        return None, message
    said = told.get("result")
    message = said if isinstance(said, str) else message
    try:
        return usd(told, "total_cost_usd"), message
    except Implausible:
        return None, message


ADAPTER = Adapter(
    kind="command",
    program="command",
    checked="",
    service=lambda _model: None,
    launch=launch,
    reader=CommandReader,
    asks_model=False,
)
