"""What a reader makes of a program's stream: steps as they are done, and its last word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from factory.agents.command_line.figures import NO_TOKENS, Implausible, parsed
from factory.agents.prices import Tokens
from factory.agents.toolbox import ToolReply

TEXT_LIMIT = 60_000
CALLS_LIMIT = 200
FAULTS_LIMIT = 20


@dataclass(frozen=True, kw_only=True)
class Event:
    """One step: what was said, the calls as (tool, input), what each came to, tokens known so far.

    The tokens are a lower bound: some programs tell the rest only at their end.
    """

    say: str = ""
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    replies: tuple[ToolReply, ...] = ()
    tokens: Tokens = NO_TOKENS


@dataclass(frozen=True, kw_only=True)
class Told:
    """A program's last word. `used` are its tokens by model, `usd` its own figure; None: untold.

    The model "" is the one that it was started with.
    """

    ended: Literal["finished", "budget", "steps", "deadline", "failed", "refused"]
    message: str = ""
    usd: float | None = None
    used: Mapping[str, Tokens] | None = None


class Reader(Protocol):
    """Reads one program's stream. `faults` says what in it speaks against believing `told`."""

    told: Told | None
    faults: list[str]

    def line(self, line: bytes) -> list[Event]:
        """The steps that one line of standard output completes; never raises."""
        ...

    def file(self, data: bytes) -> list[Event]:
        """The steps that the newest state of the program's own file adds; never raises."""
        ...

    def end(self) -> list[Event]:
        """What was left unfinished."""
        ...


@dataclass
class StepUnderWay:
    """Puts words, calls and replies together until every call is answered."""

    _say: list[str] = field(default_factory=list)
    _calls: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    _replies: dict[str, ToolReply] = field(default_factory=dict)
    tokens: Tokens = NO_TOKENS

    def said(self, words: str, *, joined: bool = False) -> None:
        """`joined`: goes on with the words before, without a line's end between."""
        if not words:
            return
        if joined and self._say:
            words = self._say.pop() + words
        self._say.append(clipped(words))
        del self._say[:-CALLS_LIMIT]

    def called(self, identity: str, tool: str, values: Any) -> None:
        """A call; one more than anybody makes at once is only counted among the words."""
        values = values if isinstance(values, dict) else {}
        if len(self._calls) < CALLS_LIMIT:
            self._calls[identity] = (tool[:200], _clipped_values(values))

    def answered(
        self, identity: str, words: str, *, is_error: bool, exit_code: int | None = None
    ) -> None:
        """A reply; one to a call that was never made is left out."""
        if identity in self._calls:
            reply = ToolReply(text=clipped(words), is_error=is_error, exit_code=exit_code)
            self._replies[identity] = reply

    @property
    def whole(self) -> bool:
        """Whether calls were made and all of them are answered."""
        return bool(self._calls) and len(self._replies) == len(self._calls)

    @property
    def open(self) -> bool:
        """Whether a call is not answered yet."""
        return len(self._replies) < len(self._calls)

    def taken(self) -> list[Event]:
        """The step, or nothing where nothing was said or called; begins a new one."""
        event = Event(
            say=clipped("\n".join(self._say)),
            calls=tuple(self._calls.values()),
            replies=tuple(self._replies.get(one, _UNANSWERED) for one in self._calls),
            tokens=self.tokens,
        )
        self._say, self._calls, self._replies = [], {}, {}
        self.tokens = NO_TOKENS
        return [event] if event.say or event.calls or event.tokens != NO_TOKENS else []


class JsonLines:
    """A reader of JSON Lines; a program's reader says in `event` what each object means."""

    def __init__(self) -> None:
        self.told: Told | None = None
        self.faults: list[str] = []
        self.step = StepUnderWay()

    def line(self, line: bytes) -> list[Event]:
        """See `Reader.line`."""
        if not line.strip():
            return []
        if self.told is not None:
            self.fault("more lines after its last word")
        try:
            return self.event(parsed(line))
        except Implausible as fault:
            self.fault(str(fault))
            return []

    def event(self, data: dict[str, Any]) -> list[Event]:
        """What one object completes; raises Implausible for one that cannot be."""
        raise NotImplementedError

    def file(self, data: bytes) -> list[Event]:
        """See `Reader.file`; this program has none."""
        return []

    def end(self) -> list[Event]:
        """See `Reader.end`."""
        return self.step.taken()

    def fault(self, what: str) -> None:
        """Note what speaks against believing this stream."""
        if len(self.faults) < FAULTS_LIMIT:
            self.faults.append(what)


def clipped(words: str) -> str:
    """Text with its middle left out where it is long."""
    half = TEXT_LIMIT // 2
    if len(words) <= TEXT_LIMIT:
        return words
    return f"{words[:half]}\n[... the middle left out ...]\n{words[-half:]}"


_UNANSWERED = ToolReply(text="[no answer was told]", is_error=True, exit_code=None)


def _clipped_values(values: dict[str, Any], depth: int = 6) -> dict[str, Any]:
    """A call's input, its texts clipped; what is nested deeper than any tool's is left out."""

    def bounded(value: Any, left: int) -> Any:
        if isinstance(value, str):
            return clipped(value)
        if isinstance(value, dict):
            items = list(value.items())[:CALLS_LIMIT]
            return {clipped(key): bounded(one, left - 1) for key, one in items} if left else "…"
        if isinstance(value, list):
            return [bounded(one, left - 1) for one in value[:CALLS_LIMIT]] if left else "…"
        return value

    found: dict[str, Any] = bounded(values, depth)
    return found
