"""The trajectory: what an agent said and did, step by step, as JSON Lines.

One header, then a line for every step as soon as it is over, then an end. A run that was killed
leaves a trajectory without an end. `factory.agents.replay` plays one again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import msgspec

from factory.agents.prices import Tokens
from factory.agents.redaction import redactor
from factory.agents.toolbox import ToolReply
from factory.errors import AgentError
from factory.moment import moment_text
from factory.records.base import CommitId, Count, Positive, SpecId

FILE = "trajectory.jsonl"
BESIDE = "trajectory.jsonl.new"
"""FILE while the steps of a run that was cut short are written again."""
SIZE_LIMIT_BYTES = 256 * 1024 * 1024


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Header(_Part, frozen=True, kw_only=True, tag="header", tag_field="line"):
    """The first line. `base_tree` is git's id of the tree that the workspace started from."""

    format: Literal["trajectory/1"] = "trajectory/1"
    spec_id: SpecId
    attempt: Positive
    base_tree: CommitId
    agent: str
    model: str = ""
    recorded_at: str


class Call(_Part, frozen=True, kw_only=True):
    """One tool call as the agent made it."""

    tool: str
    input: dict[str, Any]


class Result(_Part, frozen=True, kw_only=True):
    """What one call came to. `digest` is the SHA-256 of `text`, as written here."""

    text: str
    digest: str
    is_error: bool
    exit_code: int | None = None


class Usage(_Part, frozen=True, kw_only=True):
    """Tokens and cost, of one step or of all."""

    input_tokens: Count = 0
    output_tokens: Count = 0
    cache_read_tokens: Count = 0
    cache_write_tokens: Count = 0
    usd: float = 0.0

    @staticmethod
    def of(tokens: Tokens, usd: float) -> Usage:
        """What these tokens are, and what they cost with all that belongs to them."""
        return Usage(
            input_tokens=tokens.input,
            output_tokens=tokens.output,
            cache_read_tokens=tokens.cache_read,
            cache_write_tokens=tokens.cache_write + tokens.cache_write_1h,
            usd=usd,
        )

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            **{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__}
        )


class Step(_Part, frozen=True, kw_only=True, tag="step", tag_field="line"):
    """One turn of the agent: what it said, the calls it made, and what they came to."""

    say: str
    calls: tuple[Call, ...] = ()
    results: tuple[Result, ...] = ()
    usage: Usage = Usage()


class End(_Part, frozen=True, kw_only=True, tag="end", tag_field="line"):
    """The last line: how it ended (an AgentOutcome's word, or `error`) and what it cost."""

    ended: Literal["finished", "budget", "deadline", "steps", "error"]
    message: str = ""
    usage: Usage = Usage()


class Trajectory(_Part, frozen=True, kw_only=True):
    """A whole file. `end` is None for a run that was cut short."""

    header: Header
    steps: tuple[Step, ...]
    end: End | None


class Journal:
    """Writes one trajectory as it happens, flushed line by line, secrets taken out.

    `redact` takes the same secrets out of what is told elsewhere.

    Args:
        folder: where FILE is made anew.
        secrets: values that must never be written.
        catching_up: the steps of a run that was cut short are written again first. FILE stays
            what it is until `caught_up`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        spec_id: str,
        attempt: int,
        base_tree: str,
        agent: str,
        model: str = "",
        secrets: Iterable[str] = (),
        catching_up: bool = False,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.redact = redactor(secrets)
        self._place = folder / (BESIDE if catching_up else FILE)
        self._stream = self._place.open("wb")
        self._ended = False
        self.usage = Usage()
        self._write(
            Header(
                spec_id=spec_id,
                attempt=attempt,
                base_tree=base_tree,
                agent=agent,
                model=model,
                recorded_at=moment_text(datetime.now(UTC)),
            )
        )

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._ended and error is not None:
            self.end("error", f"{type(error).__name__}: {error}")
        self._stream.close()

    def step(
        self,
        say: str,
        calls: Iterable[tuple[str, dict[str, Any]]] = (),
        replies: Iterable[ToolReply] = (),
        usage: Usage | None = None,
    ) -> Step:
        """Write one step and return it as written."""
        usage = usage or Usage()
        self.usage += usage
        step = Step(
            say=self.redact(say),
            calls=tuple(Call(tool=tool, input=self.redact(values)) for tool, values in calls),
            results=tuple(self.result(reply) for reply in replies),
            usage=usage,
        )
        self._write(step)
        return step

    def caught_up(self) -> None:
        """Put what was written so far in FILE's place, at once, and go on there."""
        self._place = self._place.replace(self._place.with_name(FILE))

    def result(self, reply: ToolReply) -> Result:
        """A reply in the form in which it is written."""
        text = self.redact(reply.text)
        return Result(
            text=text, digest=digest(text), is_error=reply.is_error, exit_code=reply.exit_code
        )

    def end(
        self, ended: Literal["finished", "budget", "deadline", "steps", "error"], message: str
    ) -> None:
        """Write the last line, with the usage of all steps."""
        self._write(End(ended=ended, message=self.redact(message), usage=self.usage))
        self._ended = True

    def _write(self, line: Header | Step | End) -> None:
        # ASCII: text from outside may hold lone surrogates, which UTF-8 cannot carry.
        self._stream.write(json.dumps(msgspec.to_builtins(line)).encode() + b"\n")
        self._stream.flush()


def digest(text: str) -> str:
    """`sha256:` and the SHA-256 of the text."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_trajectory(path: Path) -> Trajectory:
    """Read a trajectory file strictly; a half-written last line is left out.

    Raises:
        AgentError: missing, unreadable, of another format, or not in the order of lines.
    """
    try:
        if path.stat().st_size > SIZE_LIMIT_BYTES:
            raise AgentError(f"longer than {SIZE_LIMIT_BYTES} bytes", path=str(path))
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise AgentError(
            f"the trajectory cannot be read: {error.strerror}",
            path=str(path),
            mend="record this attempt first, or choose another agent",
        ) from error
    lines.pop()  # After the last newline: nothing, or the piece of a line that was cut.
    parsed = [_parsed(line, number, path) for number, line in enumerate(lines, 1)]
    header, steps = (parsed[0], parsed[1:]) if parsed else (None, [])
    end = steps.pop() if steps and isinstance(steps[-1], End) else None
    if not isinstance(header, Header) or not all(isinstance(step, Step) for step in steps):
        raise AgentError("not a header, steps and one end", path=str(path), mend="record it anew")
    return Trajectory(
        header=header,
        steps=tuple(step for step in steps if isinstance(step, Step)),
        end=end if isinstance(end, End) else None,
    )


def spent_usd(path: Path) -> float:
    """What the steps in a trajectory cost, also of a run that was cut short; 0 without a file."""
    if not os.path.lexists(path):
        return 0.0
    return sum(step.usage.usd for step in read_trajectory(path).steps)


def _parsed(line: bytes, number: int, path: Path) -> Header | Step | End:
    try:
        return msgspec.json.decode(line, type=Header | Step | End)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AgentError(
            f"not a line of a trajectory: {error}",
            path=str(path),
            line=number,
            mend="record it anew",
        ) from error
