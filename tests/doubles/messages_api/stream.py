"""The events of one streamed answer, in the order in which the Messages API sends them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

PIECE = 40


def message(
    identity: str, model: str, turn: dict[str, Any], usage: dict[str, Any]
) -> dict[str, Any]:
    """A whole answer, as sent where `stream` is not asked for."""
    blocks = []
    for block, raw in _blocks(identity, turn):
        blocks.append({**block, "input": json.loads(raw)} if raw is not None else block)
    return {
        "id": f"msg_{identity}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": blocks,
        "stop_reason": _stop_reason(turn),
        "stop_sequence": None,
        "usage": usage,
    }


def events(
    identity: str, model: str, turn: dict[str, Any], usage: dict[str, Any], half: bool = False
) -> Iterator[dict[str, Any]]:
    """The same answer event by event; `half` stops in the middle of the last block."""
    started = {**message(identity, model, {"say": ""}, usage), "content": [], "stop_reason": None}
    started["usage"] = {**usage, "output_tokens": 1}
    yield {"type": "message_start", "message": started}
    yield {"type": "ping"}
    blocks = _blocks(identity, turn)
    for index, (block, raw) in enumerate(blocks):
        empty = {**block, "text": ""} if block["type"] == "text" else block
        if block["type"] == "thinking":
            empty = {**block, "thinking": "", "signature": ""}
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        deltas = list(_deltas(block, raw))
        cut = half and index == len(blocks) - 1
        for delta in deltas[: len(deltas) // 2] if cut else deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    yield {
        "type": "message_delta",
        "delta": {
            "stop_reason": "max_tokens" if half else _stop_reason(turn),
            "stop_sequence": None,
        },
        "usage": {name: value for name, value in usage.items() if isinstance(value, int)},
    }
    yield {"type": "message_stop"}


def _stop_reason(turn: dict[str, Any]) -> str:
    return turn.get("stop_reason") or ("tool_use" if turn.get("calls") else "end_turn")


def _blocks(identity: str, turn: dict[str, Any]) -> list[tuple[dict[str, Any], str | None]]:
    found: list[tuple[dict[str, Any], str | None]] = []
    if turn.get("thinking"):
        thought = {"type": "thinking", "thinking": turn["thinking"], "signature": "c2lnbmVk"}
        found.append((thought, None))
    if turn.get("say"):
        found.append(({"type": "text", "text": turn["say"]}, None))
    for number, call in enumerate(turn.get("calls", [])):
        raw = call["raw"] if "raw" in call else json.dumps(call["input"])
        name = f"toolu_{identity}_{number}"
        block = {"type": "tool_use", "id": name, "name": call["tool"], "input": {}}
        found.append((block, raw))
    return found


def _deltas(block: dict[str, Any], raw: str | None) -> Iterator[dict[str, Any]]:
    if block["type"] == "thinking":
        yield {"type": "thinking_delta", "thinking": block["thinking"]}
        yield {"type": "signature_delta", "signature": block["signature"]}
    elif raw is None:
        for piece in _pieces(block["text"]):
            yield {"type": "text_delta", "text": piece}
    else:
        yield {"type": "input_json_delta", "partial_json": ""}
        for piece in _pieces(raw):
            yield {"type": "input_json_delta", "partial_json": piece}


def _pieces(text: str) -> list[str]:
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
