"""Put one answer of the Messages API together from its stream of events."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from factory.agents.prices import Tokens

DEEPEST_INPUT = 32
"""No tool of ours takes nested input at all."""


class StreamCut(Exception):
    """The stream ended before the message did, or is none of the Messages API."""


@dataclass(frozen=True, kw_only=True)
class ToolUse:
    """A call of the model. `input` is None where what it sent is no JSON object: see `trouble`."""

    id: str
    name: str
    input: dict[str, Any] | None
    trouble: str = ""


@dataclass(kw_only=True)
class Turn:
    """One answer: its blocks in the form in which they go back, its calls, why it stopped.

    `tokens` is what it was charged for; nothing where its usage was not to be believed.
    """

    content: list[dict[str, Any]] = field(default_factory=list)
    calls: list[ToolUse] = field(default_factory=list)
    stop_reason: str = ""
    tokens: Tokens = field(default_factory=Tokens)

    @property
    def text(self) -> str:
        """What the model said, without its calls and its thinking."""
        parts = [block["text"] for block in self.content if block["type"] == "text"]
        return "\n".join(part for part in parts if part.strip())


def gather(events: Iterable[Any]) -> Turn:
    """Read a stream to its end.

    A call whose input is not a JSON object, or was cut at the output limit, is kept with an
    empty input, so that it can be answered with an error instead of ending the attempt.

    Raises:
        StreamCut: it ended without `message_stop`.
    """
    turn = Turn()
    inputs: dict[int, str] = {}
    closed: set[int] = set()
    for event in events:
        if event.type == "content_block_start":
            turn.content.append(_opened(event.content_block))
        elif event.type == "content_block_delta":
            _extend(turn.content[event.index], event.delta, inputs, event.index)
        elif event.type == "content_block_stop":
            closed.add(event.index)
        elif event.type == "message_delta":
            turn.stop_reason = event.delta.stop_reason or turn.stop_reason
        elif event.type == "message_stop":
            _close(turn, inputs, closed)
            return turn
    raise StreamCut("it ended in the middle")


def _opened(block: Any) -> dict[str, Any]:
    opened: dict[str, Any] = block.to_dict()
    if opened["type"] == "tool_use":
        return {"type": "tool_use", "id": block.id, "name": block.name, "input": {}}
    return {name: value for name, value in opened.items() if value is not None}


def _extend(block: dict[str, Any], delta: Any, inputs: dict[int, str], index: int) -> None:
    if delta.type == "text_delta":
        block["text"] = block.get("text", "") + delta.text
    elif delta.type == "input_json_delta":
        inputs[index] = inputs.get(index, "") + delta.partial_json
    elif delta.type == "thinking_delta":
        block["thinking"] = block.get("thinking", "") + delta.thinking
    elif delta.type == "signature_delta":
        block["signature"] = delta.signature


def _close(turn: Turn, inputs: dict[int, str], closed: set[int]) -> None:
    for index, block in enumerate(turn.content):
        if block["type"] != "tool_use":
            continue
        values, trouble = _input(inputs.get(index, ""))
        if index not in closed or (turn.stop_reason == "max_tokens" and values is None):
            values, trouble = None, "it was cut off at the output limit; make smaller calls"
        block["input"] = values or {}
        turn.calls.append(
            ToolUse(id=block["id"], name=block["name"], input=values, trouble=trouble)
        )
    # The API takes no empty text back, and no empty answer.
    turn.content = [b for b in turn.content if b["type"] != "text" or b["text"].strip()]


def _input(text: str) -> tuple[dict[str, Any] | None, str]:
    try:
        values = json.loads(text, parse_constant=_no_number) if text.strip() else {}
        json.dumps(values, ensure_ascii=False).encode()  # Half a surrogate pair cannot be sent.
    except (ValueError, RecursionError) as error:
        return None, f"its input is not JSON ({error})"
    if not isinstance(values, dict):
        return None, "its input is not a JSON object"
    if _deeper(values, DEEPEST_INPUT):
        return None, f"its input is nested more than {DEEPEST_INPUT} deep"
    return values, ""


def _deeper(value: Any, limit: int) -> bool:
    """Whether lists and objects nest deeper than `limit`."""
    level = [value]
    for _ in range(limit):
        inner = [v.values() if isinstance(v, dict) else v for v in level]
        level = [item for items in inner for item in items if isinstance(item, (dict, list))]
        if not level:
            return False
    return True


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
