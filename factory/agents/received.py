"""What comes in while an answer is streamed: counted by ourselves, bounded, in its due order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from factory.agents.turn import StreamCut

CHARACTERS_OF_A_TOKEN = 16
"""More than a token of any text stands for, but for runs of one character, which count as one."""
CHARACTERS_AT_MOST = 64
"""More than a token of any text stands for, such runs included."""
_RUN = re.compile(r"(.)\1{3,}", re.DOTALL)
_PARTS = ("text", "thinking", "partial_json")


class Flood(Exception):
    """More came than any answer of the length asked for can be."""


class Received:
    """Watches the events of one answer, keeps its usage figures, counts what it brought."""

    def __init__(self, max_tokens: int) -> None:
        self._characters_left = CHARACTERS_AT_MOST * max_tokens + 4096
        self._events_left = 4 * max_tokens + 1000
        self._texts: list[str] = []
        self._blocks = 0
        self._started = False
        self.usages: list[Any] = []
        """Each `usage` that was told, as plain values."""

    @property
    def least_tokens(self) -> int:
        """The output tokens that were received at least."""
        text = _RUN.sub(r"\1", "".join(self._texts))
        return max(-(-len(text) // CHARACTERS_OF_A_TOKEN), self._blocks)

    def watched(self, events: Iterable[Any]) -> Iterator[Any]:
        """The same events.

        Raises:
            StreamCut: they are not in the order in which the Messages API sends them.
            Flood: as it says.
        """
        for event in events:
            self._events_left -= 1
            if self._events_left < 0 or self._characters_left < 0:
                raise Flood
            self._take(event)
            yield event

    def _take(self, event: Any) -> None:
        kind = event.type
        if (kind == "message_start") is self._started:
            raise StreamCut("its events are not in order")
        if kind == "message_start":
            self._started = True
            self._told(event.message)
        elif kind == "message_delta":
            self._told(event)
        elif kind == "content_block_start":
            if event.index != self._blocks:
                raise StreamCut("its blocks are not in order")
            self._blocks += 1
            self._count(event.content_block)
        elif kind == "content_block_delta":
            if type(event.index) is not int or not 0 <= event.index < self._blocks:
                raise StreamCut("a piece of it belongs to no block")
            self._count(event.delta)

    def _told(self, holder: Any) -> None:
        usage = getattr(holder, "usage", None)
        if usage is not None:
            self.usages.append(_plain(usage))

    def _count(self, part: Any) -> None:
        for name in _PARTS:
            text = getattr(part, name, None)
            if isinstance(text, str):
                self._texts.append(text)
                self._characters_left -= len(text)


def least_prompt(parts: Sequence[Any]) -> int:
    """The tokens that a prompt made of these parts (system, tools, messages) has at least.

    Only the length of texts is looked at, so that a long conversation costs no time.
    """
    characters, level = 0, list(parts)
    while level:
        inner: list[Any] = []
        for one in level:
            if isinstance(one, str):
                characters += len(one)
            elif isinstance(one, Mapping):
                inner += one.values()
            elif isinstance(one, (list, tuple)):
                inner += one
        level = inner
    return characters // CHARACTERS_AT_MOST


def _plain(value: Any) -> Any:
    """An object of the SDK as plain values; its types are not trusted to be those declared."""
    dump = getattr(value, "model_dump", None)
    return dump(mode="python", warnings=False) if dump else value
