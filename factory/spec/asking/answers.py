"""The one tool with which a reader answers, and its answers read back from untrusted input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from factory.agents.turn import Turn
from factory.spec.asking.questions import Question

TOOL = "answer"
LONGEST_ANSWER = 300
NOT_STATED = {"not stated", "not specified", "unspecified", "unstated", "not said", "unknown"}
NOT_APPLICABLE = {"does not apply", "not applicable", "n/a", "na"}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`stated`: the text says so; otherwise `text` is what the reader would assume.

    `applies`: the question has a meaning for what it is about.
    """

    text: str
    stated: bool
    applies: bool = True


def tool(asked: Sequence[Question]) -> dict[str, Any]:
    """The definition of the tool that answers these questions."""
    one = {
        "type": "object",
        "properties": {
            "answer": {"type": "string", "maxLength": LONGEST_ANSWER},
            "stated": {"type": "boolean"},
        },
        "required": ["answer", "stated"],
    }
    return {
        "name": TOOL,
        "description": "Give the answers to all questions. Call it once.",
        "input_schema": {
            "type": "object",
            "properties": {question.id: one for question in asked},
            "required": [question.id for question in asked],
        },
    }


def answers(turn: Turn, asked: Sequence[Question]) -> dict[str, Answer]:
    """The answers of one turn by question id; what does not fit the tool's schema is left out."""
    found: dict[str, Answer] = {}
    for call in turn.calls:
        if call.name == TOOL and call.input is not None:
            for question in asked:
                answer = _answer(call.input.get(question.id))
                if answer is not None:
                    found.setdefault(question.id, answer)
    return found


def _answer(data: Any) -> Answer | None:
    if not isinstance(data, dict):
        return None
    text, stated = data.get("answer"), data.get("stated")
    if not isinstance(text, str) or not isinstance(stated, bool) or len(text) > LONGEST_ANSWER:
        return None
    text = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    plain = text.casefold().strip(" .")
    if plain in NOT_APPLICABLE:
        return Answer(text=text, stated=True, applies=False)
    if plain in NOT_STATED or (stated and not plain):
        return Answer(text="", stated=False)
    return Answer(text=text, stated=stated)
