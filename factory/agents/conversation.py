"""The messages of one attempt: what goes to the model, where it is cached, how long it can be.

The first message holds the brief and the feedback. It is followed by steps: the model's answer,
and ours. When many steps have come together, the oldest are folded: taken out, and a list of them
put at the end of the first message, so that all before it stays in the provider's cache.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from factory.agents import folding
from factory.agents.toolbox import ToolReply
from factory.agents.turn import ToolUse, Turn

SYSTEM = f"""\
You are a careful software developer. You build alone, in a sandbox without network, in the folder
/workspace, with the tools `bash` (a shell that keeps its state between calls) and
`str_replace_based_edit_tool`.
- Look before you change: find the code, its tests and how they are run; keep to the style there.
- Test as you go. Run the product's own tests before you change anything and after, write tests for
  what you build, and use the result once as its users will. What you did not run does not work.
- Keep output short: search and cut (`grep -n`, `sed -n`, `tail`) instead of printing whole files.
- Old steps are taken out of this conversation, and a list of them is put after the brief. What
  they held is in {folding.STEPS}, one file a step; read there what you need again.
When everything asked for is done and the tests pass, call `finish` with a summary of a few
sentences. `finish` is the only way to end; nobody reads anything else that you write."""

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
RESUMED = (
    "[The work was interrupted here and goes on. /workspace is as it was, and so are the shell's "
    "folder and variables. /tmp is empty, and nothing runs in the background.]"
)
FOLD_TOKENS = 18_000
"""So many tokens of old steps are worth taking out together."""
KEEP_SHARE = 5 / 12
"""The newest steps of together so much of FOLD_TOKENS stay, and the last two in any case."""
LIST_TOKENS = 12_000
"""A longer list of folded steps loses its oldest lines."""
STEP_CHARACTERS = 120_000
"""More output of one step than this is cut, and in its file whole."""
_CACHED = {"type": "ephemeral"}
_BUILT_IN_TOKENS = 4096
"""Room for what the API adds of its own: the built-in tools' definitions and instructions."""
_BLOCK_TOKENS = 32

Keep = Callable[[int, str], None]
"""Told a step's number and all of its text, before that is taken out."""


@dataclass
class _Step:
    number: int
    answer: list[dict[str, Any]]
    reply: list[dict[str, Any]] = field(default_factory=list)
    tokens: int = 0

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return [*self.answer, *self.reply]


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
    The same calls in the same order give the same messages, folded at the same places.

    Args:
        texts: what the first message says.
        keep: given each step that is about to be folded.
        fold_tokens: see FOLD_TOKENS.
    """

    def __init__(
        self, texts: Sequence[str], *, keep: Keep | None = None, fold_tokens: int = FOLD_TOKENS
    ) -> None:
        self._first = [_text(text) for text in texts if text.strip()]
        self._given = len(self._first)
        self._steps: list[_Step] = []
        self._numbers = 0
        self._keep = keep or _nowhere
        self._fold_tokens = fold_tokens
        self._notes: list[dict[str, Any]] = []
        self._bound = prompt_bound(SYSTEM, TOOLS, self._first)

    @property
    def prompt_tokens(self) -> int:
        """No prompt made of these messages has more tokens than this."""
        return self._bound

    def messages(self) -> list[dict[str, Any]]:
        """The messages to send, with three cache marks; the system prompt has the fourth.

        They are on the first message, which a folding only adds to, on the last, and on the one
        before, which was the last of the request before: the API looks for what it has cached at
        a mark and at most 20 blocks before it.
        """
        messages: list[dict[str, Any]] = [{"role": "user", "content": self._first}]
        for step in self._steps:
            messages.append({"role": "assistant", "content": step.answer})
            if step.reply:
                messages.append({"role": "user", "content": step.reply})
        users = [number for number, message in enumerate(messages) if message["role"] == "user"]
        for number in {0, *users[-2:]}:
            *before, last = messages[number]["content"]
            content = [*before, {**last, "cache_control": _CACHED}]
            messages[number] = {"role": "user", "content": content}
        return messages

    def answered(self, turn: Turn) -> None:
        """Append the model's answer."""
        content = turn.content
        if not content or content[-1]["type"] in ("thinking", "redacted_thinking"):
            # The API takes no empty message back, nor one that ends with a thought.
            content = [*content, _text("(no answer)")]
        self._numbers += 1
        self._steps.append(_Step(self._numbers, list(content)))
        if turn.tokens.prompt and turn.tokens.output:
            self._bound = turn.tokens.prompt + turn.tokens.output + _BLOCK_TOKENS * len(content)
        else:
            self._bound += most_tokens(content)

    def results(self, uses: Sequence[ToolUse], replies: Sequence[ToolReply]) -> None:
        """Append what the calls of the last answer came to."""
        texts = [reply.text if reply.text.strip() else "(no output)" for reply in replies]
        blocks: list[dict[str, Any]] = [
            {
                "type": "tool_result",
                "tool_use_id": use.id,
                "content": text,
                "is_error": reply.is_error,
            }
            for use, reply, text in zip(uses, replies, texts, strict=True)
        ]
        if sum(len(text) for text in texts) > STEP_CHARACTERS:
            step = self._steps[-1]
            self._keep(step.number, folding.whole(step.number, step.answer, blocks))
            room = STEP_CHARACTERS // len(texts)
            for block in blocks:
                block["content"] = _cut(block["content"], room, step.number)
        self._reply(blocks)

    def nudge(self, text: str) -> None:
        """Append a word of ours after an answer without calls."""
        self._reply([_text(text)])

    def note(self, text: str) -> None:
        """Add a word of ours to our last message, or to the next where the model is due one."""
        if not self._steps:
            return
        last, block = self._steps[-1], _text(text)
        if not last.reply:
            self._notes = [block]
        elif last.reply[-1] != block:
            last.reply = [*last.reply, block]
            self._bound += most_tokens([block]) + _BLOCK_TOKENS

    def _reply(self, content: list[dict[str, Any]]) -> None:
        content = [*content, *self._notes]
        self._notes = []
        step = self._steps[-1]
        step.reply = content
        step.tokens = folding.about_tokens(step.blocks)
        self._bound += most_tokens(content) + _BLOCK_TOKENS * (len(content) + 1)
        self._fold()

    def _fold(self) -> None:
        """Take out the older steps, where they are many enough to be worth a new cache entry."""
        kept = tokens = 0
        for step in reversed(self._steps):
            tokens += step.tokens
            if kept >= 2 and tokens > self._fold_tokens * KEEP_SHARE:
                break
            kept += 1
        old, rest = self._steps[:-kept], self._steps[-kept:]
        if not old or sum(step.tokens for step in old) < self._fold_tokens:
            return
        lines = [folding.heading(old[0].number, old[-1].number)]
        for step in old:
            self._keep(step.number, folding.whole(step.number, step.answer, step.reply))
            lines.append(folding.line(step.number, step.answer, step.reply))
        given, lists = self._first[: self._given], self._first[self._given :]
        if lists and folding.about_tokens(lists) > LIST_TOKENS:
            lists = [_text(folding.forgotten(old[0].number - 1))]
        added = _text("\n".join(lines))
        self._first = [*given, *lists, added]
        self._steps = rest
        # What was taken out had at least no tokens; and bytes bound what is left.
        left = prompt_bound(SYSTEM, TOOLS, self._first, *(step.blocks for step in rest))
        left += _BLOCK_TOKENS * sum(len(step.blocks) + 2 for step in rest)
        self._bound = min(self._bound + most_tokens(added) + _BLOCK_TOKENS, left)


def most_tokens(value: Any) -> int:
    """An upper bound of the tokens of a text or a piece of a request: the bytes of its JSON."""
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _cut(text: str, room: int, number: int) -> str:
    if len(text) <= room:
        return text
    where = f"{folding.STEPS}/{folding.file_name(number)}"
    half = room // 2
    said = f"[... {len(text) - 2 * half} characters left out; all of it is in {where} ...]"
    return f"{text[:half]}\n{said}\n{text[-half:]}"


def _nowhere(number: int, text: str) -> None:
    pass
