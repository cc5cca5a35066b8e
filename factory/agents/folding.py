"""Old steps in short: a line of each for the model's list, and the whole of it for a file.

What tools wrote is not trusted: the line quotes it as JSON, so that it can neither begin a line of
its own nor be taken for a word of ours.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

STEPS = "/factory/steps"
"""Where the agent finds its folded steps inside the cell, one file a step, read-only."""
_SAID, _CALLED, _LAST = 160, 160, 80
"""Characters of each that a line of the list keeps."""

Blocks = Sequence[dict[str, Any]]


def file_name(number: int) -> str:
    """The file of one step, below STEPS."""
    return f"{number:04}.txt"


def heading(first: int, last: int) -> str:
    """What stands above the lines of steps that were folded together."""
    return (
        f"[Steps {first} to {last} were taken out of this conversation to keep it short. A line of "
        f"each follows. All that was said, called and answered in a step is in its file, for "
        f"instance `cat {STEPS}/{file_name(last)}` for step {last}.]"
    )


def forgotten(last: int) -> str:
    """What stands for the lines of steps so old that their lines are gone, too."""
    return (
        f"[Steps 1 to {last} were taken out of this conversation to keep it short. What was said, "
        f"called and answered is in {STEPS}, one file a step; `grep -rl WORD {STEPS}` finds it.]"
    )


def line(number: int, answer: Blocks, reply: Blocks) -> str:
    """One step in one line: the words said, each call, how long its output was and its end."""
    said = " ".join(_texts(answer))
    parts = [f"{number}.", *([_quoted(said, _SAID)] if said else [])]
    results = {block["tool_use_id"]: block for block in reply if block["type"] == "tool_result"}
    for block in answer:
        if block["type"] == "tool_use":
            parts.append(f"{block['name']} {_short(_called(block), _CALLED)}")
            if block["id"] in results:
                parts.append(f"-> {_outcome(results[block['id']])}")
    return " ".join(parts)


def whole(number: int, answer: Blocks, reply: Blocks) -> str:
    """All of one step, as the model said and saw it."""
    parts = [f"=== step {number}", *_texts(answer)]
    results = {block["tool_use_id"]: block for block in reply if block["type"] == "tool_result"}
    for block in answer:
        if block["type"] != "tool_use":
            continue
        values = block["input"]
        parts.append(f"=== call of {block['name']}")
        parts += [
            f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
            for name, value in values.items()
        ]
        if block["id"] in results:
            result = results[block["id"]]
            parts += [f"=== result, {_length(result)}", result["content"]]
    parts += _texts(reply)
    return "\n".join(parts) + "\n"


def about_tokens(blocks: Blocks) -> int:
    """Roughly how many tokens these blocks are; equal blocks give an equal number."""
    return len(json.dumps(list(blocks), ensure_ascii=False).encode("utf-8", "replace")) // 4


def _texts(blocks: Blocks) -> list[str]:
    return [block["text"] for block in blocks if block["type"] == "text"]


def _called(block: dict[str, Any]) -> str:
    return json.dumps(block["input"], ensure_ascii=False)


def _outcome(result: dict[str, Any]) -> str:
    ends = [text for text in result["content"].splitlines() if text.strip()]
    last = f", its end {_quoted(ends[-1].strip()[-_LAST:], _LAST)}" if ends else ""
    return f"{'an error, ' if result['is_error'] else ''}{_length(result)}{last}"


def _length(result: dict[str, Any]) -> str:
    return f"{len(result['content'])} characters"


def _quoted(text: str, limit: int) -> str:
    return json.dumps(_short(text, limit), ensure_ascii=False)


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
