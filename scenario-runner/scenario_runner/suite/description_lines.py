"""Spot lines that were meant as steps but that Gherkin reads as description.

Between a title and its first step Gherkin takes any line for prose, so `Then: …`, `then …` or
`Scenario …` without a colon asserts nothing and no tool says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

_ENGLISH = ("given", "when", "then", "and", "but")
_TITLE = re.compile(
    r"(scenario outline|scenario template|scenario|background|examples|rule)\s*:",
    re.IGNORECASE,
)


def looks_like_a_step(line: str) -> bool:
    """True for a line such as `Then: x` that Gherkin refused in the middle of steps."""
    first = re.match(r"\s*([^\W\d_]+)", line)
    return bool(first) and first is not None and first.group(1).lower() in _ENGLISH


def numbers(node: Any, lines: Sequence[str]) -> list[int]:
    """Line numbers of a node's description: the prose lines right after its title."""
    wanted = [line.strip() for line in node["description"].split("\n")]
    found: list[int] = []
    position = node["location"]["line"]
    for text in wanted:
        if not text:
            continue
        while position < len(lines) and lines[position].strip() != text:
            position += 1
        if position >= len(lines):
            break
        position += 1
        found.append(position)
    return found


class StepWords:
    """The step keywords of one language, and English ones, which people mix in."""

    def __init__(self, keywords: Iterable[str]) -> None:
        words = {keyword.strip().lower() for keyword in keywords} | set(_ENGLISH)
        words.discard("*")
        # Longest first, so that a keyword is not taken for another that begins like it.
        self.words = sorted((word for word in words if word), key=len, reverse=True)

    def complaint(self, line: str, *, inside_steps: bool) -> str | None:
        """What to say about a description line, or None. `inside_steps`: a scenario's or a
        background's description, where prose that begins with a keyword has no business."""
        lowered = line.lower()
        for word in self.words:
            if not lowered.startswith(word):
                continue
            rest = line[len(word) :]
            if re.match(r"\s*[:;,.]", rest) and (inside_steps or rest.lstrip()[:1] == ":"):
                return (
                    f'"{line[:80]}" is read as description, not as a step; '
                    f'write "{line[: len(word)].capitalize()} " without punctuation after it'
                )
            # Keywords of one or two letters (A, I, E, Y) are ordinary words in lower case.
            if inside_steps and len(word) > 2 and (not rest or not rest[0].isalnum()):
                return (
                    f'"{line[:80]}" is read as description, not as a step; '
                    "spell the keyword with a capital and one space after it"
                )
        if _TITLE.match(line):
            return f'"{line[:80]}" is read as description; spell the keyword with its capitals'
        if line.startswith("|") or (inside_steps and line.count("|") > 1):
            return f'"{line[:80]}" is read as description, not as a table row'
        if inside_steps and self._misspelt(line):
            return f'"{line[:80]}" is read as description, not as a step; mend its keyword'
        return None

    def _misspelt(self, line: str) -> bool:
        """A mangled keyword before a phrase of the library: `Thn the response status is 200`."""
        from scenario_runner.engine.phrases import is_library_phrase

        _first, _, rest = line.partition(" ")
        return bool(rest) and (is_library_phrase(rest.strip()) or is_library_phrase(line))
