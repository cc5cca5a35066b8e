"""Two scripted readers of a spec: what each answers to each question, by code instead of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from messages_api.script import Script

Reply = Callable[[str, int], Any]
"""What the reader (1 or 2) answers to a question id: {"answer", "stated"}, or None for nothing."""


class Readers(Script):
    """A script that answers each request for readings; `turns` replaces whole turns by number.

    Args:
        reply: the answers.
        turns: number of the request, from 0 on -> the turn to play instead.
        faults: as in `script`; `turn` is the number of the request.
    """

    def __init__(
        self,
        reply: Reply,
        *,
        turns: dict[int, dict[str, Any]] | None = None,
        faults: Sequence[dict[str, Any]] = (),
    ) -> None:
        super().__init__({"turns": []})
        self._reply = reply
        self._instead = turns or {}
        self._faults = [{**fault} for fault in faults]
        self.readers: list[int] = []
        self._answered: dict[str, int] = {}

    def next(self, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """The reader's turn, and the fault that befalls it."""
        number = len(self.readers)
        for fault in self._faults:
            if fault["turn"] == number and fault.get("times", 1) > 0:
                fault["times"] = fault.get("times", 1) - 1
                return self._turn(body, self._reader(body)), fault
        reader = self._reader(body)
        self.readers.append(reader)
        spec = body["messages"][0]["content"][0]["text"]
        self._answered[spec] = reader
        return self._instead.get(number) or self._turn(body, reader), None

    def _reader(self, body: dict[str, Any]) -> int:
        """The first reader gets the questions in order, the second from the last one on."""
        asked = self._asked(body)
        listed = body["messages"][0]["content"][1]["text"].split("\n")[2]
        if len(asked) > 1:
            return 1 if listed.startswith(f"{asked[0]}:") else 2
        return 2 if self._answered.get(body["messages"][0]["content"][0]["text"]) == 1 else 1

    def _turn(self, body: dict[str, Any], reader: int) -> dict[str, Any]:
        answers = {name: self._reply(name, reader) for name in self._asked(body)}
        given = {name: answer for name, answer in answers.items() if answer is not None}
        return {"say": "", "calls": [{"tool": "answer", "input": given}]}

    @staticmethod
    def _asked(body: dict[str, Any]) -> list[str]:
        return list(body["tools"][0]["input_schema"]["properties"])


def stated(text: str) -> dict[str, Any]:
    """An answer that the reader found in the text."""
    return {"answer": text, "stated": True}


def assumed(text: str = "") -> dict[str, Any]:
    """What a reader would assume, having found nothing."""
    return {"answer": text, "stated": False}
