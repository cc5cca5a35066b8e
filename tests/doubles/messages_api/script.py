"""What the double answers: a list of turns for each conversation, and faults on the way.

{"conversations": [{"when": "text in the first message", "turns": [TURN…], "faults": [FAULT…]}]}
or, for one conversation, {"turns": […], "faults": […]}.

TURN:  {"say": str, "thinking": str?, "calls": [{"tool", "input"} or {"tool", "raw"}],
        "stop_reason": str?, "usage": {…}?}      `raw` is the input as sent, JSON or not
FAULT: {"turn": N, "kind": KIND, "times": N?, "retry-after": S?}      turns count from 0
KINDs: 429, 500, 503, 529 (status); cut (connection closed in the middle of the answer);
       half (a max_tokens stop in the middle of a call); overloaded (error event in the stream);
       drip (pings for ever); refused (401)
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

# The heading that the built-in agent puts above steps which it took out.
_FOLDED = re.compile(r"^\[Steps [0-9]+ to ([0-9]+) were taken out", re.MULTILINE)


class Script:
    """The turns and faults of one server. A turn is chosen by what the request holds already."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._conversations = data.get("conversations") or [data]
        self._left: dict[tuple[int, int], int] = {}
        for number, conversation in enumerate(self._conversations):
            for index, fault in enumerate(conversation.get("faults", [])):
                self._left[number, index] = fault.get("times", 1)

    @classmethod
    def load(cls, path: Path) -> Script:
        """From a JSON file."""
        return cls(json.loads(path.read_text("utf-8")))

    def next(self, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """The turn that answers this request, and the fault that befalls it."""
        number, conversation = self._chosen(body)
        turn = turns_before(body["messages"])
        turns = conversation["turns"]
        answer = turns[turn] if turn < len(turns) else {"say": "The script has ended.", "calls": []}
        for index, fault in enumerate(conversation.get("faults", [])):
            if fault["turn"] == turn and self._left[number, index] > 0:
                self._left[number, index] -= 1
                return answer, fault
        return answer, None

    def _chosen(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        first = json.dumps(body["messages"][0], ensure_ascii=False)
        for number, conversation in enumerate(self._conversations):
            if conversation.get("when", "") in first:
                return number, conversation
        return 0, {"turns": []}


def turns_before(messages: list[dict[str, Any]]) -> int:
    """How many turns were played before: those that are there, and those that were folded."""
    content = messages[0]["content"]
    blocks = [] if isinstance(content, str) else content
    folded = [found for block in blocks for found in _FOLDED.findall(block.get("text", ""))]
    answers = sum(message["role"] == "assistant" for message in messages)
    return answers + max(map(int, folded), default=0)


def from_calls(path: Path) -> dict[str, Any]:
    """A script from a file of calls; its last line makes none and becomes the call of finish."""
    turns = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    last = turns[-1]
    assert last["calls"] == [], f"{path}: the last line must make no call"
    turns[-1] = {"say": "", "calls": [{"tool": "finish", "input": {"summary": last["say"]}}]}
    return {"turns": turns}


def from_trajectories(folder: Path) -> dict[str, Any]:
    """A script from a spec's recordings: each attempt's turns, chosen by the feedback it got."""
    conversations = []
    for path in sorted(folder.glob("attempt-*.jsonl"), reverse=True):
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        number = lines[0]["attempt"]
        turns = [
            {"say": line["say"], "calls": line["calls"]} for line in lines if line["line"] == "step"
        ]
        when = f"Attempt {number - 1} was judged" if number > 1 else ""
        conversations.append({"when": when, "turns": turns})
    return {"conversations": conversations}
