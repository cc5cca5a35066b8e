"""The messages of one attempt: what goes to the model, where it is cached, how long it can be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from factory.agents.toolbox import ToolReply
from factory.agents.turn import ToolUse, Turn

SYSTEM = """\
You are a careful software developer. You build alone, in a sandbox without network, in the folder
/work, with the tools `bash` (a shell that keeps its state between calls) and
`str_replace_based_edit_tool`. Look before you change; keep to the style that is there; test what
you build. When everything asked for is done and the tests pass, call `finish` with a summary of a
few sentences. `finish` is the only way to end; nobody reads anything else that you write."""

FINISH = "finish"
TOOLS: list[dict[str, Any]] = [
    {"type": "bash_20250124", "name": "bash"},
    {"type": "text_editor_20250728", "name": "str_replace_based_edit_tool"},
    {
        "name": FINISH,
        "description": "End the work: all that was asked for is built and tested. Call it alone, "
        "once, at the very end.",
        "input_schema": {
            "type": "object",
            "properties": {
                "summary": {"type": "string", "description": "What was built, in short."}
            },
            "required": ["summary"],
        },
    },
]
_CACHED = {"type": "ephemeral"}
_BUILT_IN_TOKENS = 4096
"""Room for what the API adds of its own: the built-in tools' definitions and instructions."""
_BLOCK_TOKENS = 32


def system() -> list[dict[str, Any]]:
    """The system prompt; its cache mark covers the tools too, which come before it."""
    return [{"type": "text", "text": SYSTEM, "cache_control": _CACHED}]


def offered(names: Sequence[str] | None) -> list[dict[str, Any]]:
    """The tools of TOOLS with these names, all where None; always `finish`, the way to end."""
    return [tool for tool in TOOLS if names is None or tool["name"] in (*names, FINISH)]


def prompt_bound(*parts: Any) -> int:
    """No prompt made of these parts (system, tools, content) has more tokens than this.

    A token stands for at least one byte.
    """
    return _BUILT_IN_TOKENS + sum(most_tokens(part) for part in parts)


class Conversation:
    """All messages so far, and an upper bound of the tokens that they make.

    Bytes bound the tokens of text not sent yet; of what was sent the API's own count is known.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        first = [{"type": "text", "text": text} for text in texts if text.strip()]
        self._messages: list[dict[str, Any]] = [{"role": "user", "content": first}]
        self._bound = prompt_bound(SYSTEM, TOOLS, first)

    @property
    def prompt_tokens(self) -> int:
        """No prompt made of these messages has more tokens than this."""
        return self._bound

    def messages(self) -> list[dict[str, Any]]:
        """The messages to send, cached up to the last user message and the one before."""
        users = [n for n, message in enumerate(self._messages) if message["role"] == "user"]
        marked = list(self._messages)
        for number in users[-2:]:
            *before, last = marked[number]["content"]
            content = [*before, {**last, "cache_control": _CACHED}]
            marked[number] = {"role": "user", "content": content}
        return marked

    def answered(self, turn: Turn) -> None:
        """Append the model's answer."""
        content = turn.content
        if not content or content[-1]["type"] in ("thinking", "redacted_thinking"):
            # The API takes no empty message back, nor one that ends with a thought.
            content = [*content, {"type": "text", "text": "(no answer)"}]
        self._messages.append({"role": "assistant", "content": content})
        if turn.tokens.prompt and turn.tokens.output:
            self._bound = turn.tokens.prompt + turn.tokens.output + _BLOCK_TOKENS * len(content)
        else:
            self._bound += most_tokens(content)

    def results(self, uses: Sequence[ToolUse], replies: Sequence[ToolReply]) -> None:
        """Append what the calls of the last answer came to."""
        self._append(
            [
                {
                    "type": "tool_result",
                    "tool_use_id": use.id,
                    "content": reply.text if reply.text.strip() else "(no output)",
                    "is_error": reply.is_error,
                }
                for use, reply in zip(uses, replies, strict=True)
            ]
        )

    def nudge(self, text: str) -> None:
        """Append a word of ours after an answer without calls."""
        self._append([{"type": "text", "text": text}])

    def _append(self, content: list[dict[str, Any]]) -> None:
        self._messages.append({"role": "user", "content": content})
        self._bound += most_tokens(content) + _BLOCK_TOKENS * (len(content) + 1)


def most_tokens(value: Any) -> int:
    """An upper bound of the tokens of a text or a piece of a request: the bytes of its JSON."""
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
