"""Given, When, Then: the steps of a scenario made into one evaluation line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from factory.spec.importing import questions
from factory.spec.importing.blocks import Block, Code, Listing, Paragraph
from factory.spec.importing.words import escape

_FIRST = "given|when|angenommen|gegeben|wenn"
_KEYWORDS = rf"(?:{_FIRST}|then|and|but|dann|und|aber)"
_STEP = re.compile(rf"({_KEYWORDS})\b[\s:,]*(?=\S)", re.IGNORECASE)
_FIRST_STEP = re.compile(rf"(?:{_FIRST})\b[\s:,]*(?=\S)", re.IGNORECASE)
_GIVEN = re.compile(r"\b(?:given|angenommen|gegeben)\b", re.IGNORECASE)
_THEN = re.compile(r"\b(?:then|dann)\b", re.IGNORECASE)
_AFTER_COMMA = re.compile(rf"(?<=[,;] ){_KEYWORDS}\b", re.IGNORECASE)
_SCENARIO = re.compile(r"(?:Scenario|Example|Szenario|Beispiel):\s*(.*)")
_CODE = re.compile(r"(`+[^`]*`+)")
_TASK = re.compile(r"\[[ xX]\]\s+")


def is_scenario(block: Block) -> bool:
    """Whether this is a list of steps, a paragraph of them, or Gherkin in a code block."""
    if isinstance(block, Listing):
        heads = [head(item) for item in block.items]
        steps = len(heads) > 1 and begins_scenario(heads[0]) and all(map(_is_step, heads))
        return steps and not any(map(is_whole, heads))
    if isinstance(block, Paragraph):
        return begins_scenario(block.text)
    return isinstance(block, Code) and block.language.lower() in ("gherkin", "feature", "cucumber")


def begins_scenario(text: str) -> bool:
    """Whether this text begins as the first step of a scenario does."""
    return _FIRST_STEP.match(text) is not None


def is_whole(text: str) -> bool:
    """Whether this text is a scenario from its first step to its Then."""
    return begins_scenario(text) and _THEN.search(text) is not None


def head(item: Sequence[Block]) -> str:
    """The first paragraph of a list item, or ""."""
    return item[0].text if item and isinstance(item[0], Paragraph) else ""


def gherkin(code: Code) -> list[tuple[str, tuple[str, ...]]]:
    """(name, steps) of each scenario in a code block; none where it holds more than steps."""
    found: list[tuple[str, tuple[str, ...]]] = []
    lines = [one.strip() for one in code.text.split("\n")] if is_scenario(code) else []
    for line in filter(None, lines):
        named = _SCENARIO.fullmatch(line)
        if named:
            found.append((escape(named[1]), ()))
        elif _is_step(line):
            found = found or [("", ())]
            found[-1] = (found[-1][0], (*found[-1][1], escape(line)))
        else:
            return []
    return found if all(steps for _, steps in found) else []


def without_task_mark(text: str) -> str:
    """The text without the box of a task list."""
    return _TASK.sub("", text, count=1) if _TASK.match(text) else text


def as_line(blocks: Sequence[Block]) -> tuple[str, tuple[Block, ...]]:
    """A scenario on one line, "Given …, when …, then …, and …", and what cannot be told so."""
    steps: list[str] = []
    nested: list[Block] = []
    for at, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            if not begins_scenario(block.text) and any(map(is_scenario, blocks[at + 1 :])):
                nested.append(block)  # A word on the scenario, before its steps.
                continue
            for line in block.lines:
                # A step has a capital, so that "and" in a broken line is none.
                new = not steps or (line[0].isupper() and _is_step(line))
                _go_on(steps, line, new, " ")
        elif isinstance(block, Listing):
            for item in block.items:
                words, rest = _told(item)
                _go_on(steps, words, not steps or _is_step(words), "; ")
                nested += rest
        else:
            nested.append(block)
    return _joined(steps), tuple(nested)


def with_given(text: str) -> str:
    """The line of a scenario; where it has a Then and no Given, it asks for that."""
    if not is_whole(text) or _GIVEN.search(text):
        return text
    return f"{questions.GIVEN}, {text[0].lower()}{text[1:]}"


def _go_on(steps: list[str], words: str, new: bool, link: str) -> None:
    if new:
        steps.append(words)
    elif words:
        steps[-1] += f"{' ' if steps[-1].endswith(':') else link}{words}"


def _told(item: Sequence[Block]) -> tuple[str, list[Block]]:
    """The words of a list item with the lists in it told in a row; and what cannot be told."""
    words: list[str] = []
    rest: list[Block] = []
    for block in item:
        if isinstance(block, Paragraph):
            words.append(block.text)
        elif isinstance(block, Listing):
            inner = [_told(one) for one in block.items]
            words.append("; ".join(told for told, _ in inner if told))
            rest += [one for _, more in inner for one in more]
        else:
            rest.append(block)
    return " ".join(one for one in words if one), rest


def _joined(steps: Sequence[str]) -> str:
    text = ""
    for step in steps:
        found = _STEP.match(step)
        step = f"{found[1].lower()} {step[found.end() :]}" if found else step
        pieces = _CODE.split(step)
        pieces[::2] = [_AFTER_COMMA.sub(lambda one: one[0].lower(), one) for one in pieces[::2]]
        step = "".join(pieces)
        if not text or text.endswith((".", "!", "?")):
            text += f"{' ' if text else ''}{step[:1].upper()}{step[1:]}" if found else step
        else:
            text += f"{'' if text.endswith((',', ';', ':')) else ','} {step}"
    return text


def _is_step(text: str) -> bool:
    return _STEP.match(text) is not None
