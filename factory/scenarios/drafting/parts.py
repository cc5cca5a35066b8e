"""The parts of a draft: scenarios and steps, and how they are written as Gherkin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from factory.scenarios.text import UNWRITTEN

Keyword = Literal["Given", "When", "Then"]
KEYWORDS: tuple[Keyword, ...] = ("Given", "When", "Then")
LONGEST_STEP = 1000
LONGEST_TITLE = 100
_FENCES = ('"""', "```")


@dataclass(frozen=True, kw_only=True)
class DraftStep:
    """One step. `says`: the words of the spec that it is for. `known`: the library knows it."""

    keyword: Keyword
    text: str
    says: str
    docstring: str | None = None
    table: tuple[tuple[str, ...], ...] | None = None
    known: bool = True

    def unwritten(self) -> DraftStep:
        """The step in whose place one is still to be written."""
        words = self.says or self.text
        return DraftStep(
            keyword=self.keyword, text=UNWRITTEN + words, says=words, known=False
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DraftScenario:
    """One scenario. `ids` are its requirements; `source` is what the spec says, or ""."""

    title: str
    ids: tuple[str, ...]
    steps: tuple[DraftStep, ...]
    source: str = ""

    def whole(self) -> DraftScenario:
        """With steps to be written where it does or checks nothing."""
        steps = list(self.steps)
        if not any(one.keyword == "When" for one in steps):
            at = next((n for n, one in enumerate(steps) if one.keyword == "Then"), len(steps))
            steps.insert(at, missing("When", "what is done"))
        if not any(one.keyword == "Then" for one in steps):
            steps.append(missing("Then", "what is seen"))
        return replace(self, steps=tuple(steps))


def missing(keyword: Keyword, what: str, says: str = "") -> DraftStep:
    """A step that is still to be written; `says`: the words that it is for, where not `what`."""
    return DraftStep(keyword=keyword, text=UNWRITTEN + what, says=says or what, known=False)


def written(title: str, head: Sequence[str], scenarios: Sequence[DraftScenario]) -> str:
    """A feature file; `head` are comments above it."""
    lines = [f"# {_line(one)}" for one in head] + [f"Feature: {_line(title, LONGEST_TITLE)}"]
    used: set[str] = set()
    for scenario in scenarios:
        lines.append("")
        if scenario.source:
            lines.append(f"  # {_line(scenario.source)}")
        if scenario.ids:
            lines.append("  " + " ".join(f"@{one}" for one in scenario.ids))
        lines.append(f"  Scenario: {_unused(_line(scenario.title, LONGEST_TITLE), used)}")
        before = ""
        for step in scenario.steps:
            lines += _step(step, "And" if step.keyword == before else step.keyword)
            before = step.keyword
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Text on one line, without what nobody sees."""
    shown = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(shown.split())


def _step(step: DraftStep, keyword: str) -> Iterator[str]:
    if not step.known:
        yield f"    # not expressed: {_line(step.says)}"
    yield f"    {keyword} {_line(step.text, LONGEST_STEP) or UNWRITTEN.strip()}"
    if step.known and step.docstring is not None:
        fence = next((one for one in _FENCES if one not in step.docstring), _FENCES[0])
        content = step.docstring.replace('"""', '\\"\\"\\"') if fence == '"""' else step.docstring
        yield f"      {fence}"
        for line in content.split("\n"):
            shown = "".join(one if one.isprintable() or one == "\t" else " " for one in line)
            yield f"      {shown}".rstrip()
        yield f"      {fence}"
    elif step.known and step.table is not None:
        for row in step.table:
            yield "      | " + " | ".join(_cell(one) for one in row) + " |"


def _cell(text: str) -> str:
    return re.sub(r"([\\|])", r"\\\1", plain(text))


def _line(text: str, limit: int = LONGEST_STEP) -> str:
    shown = plain(text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _unused(title: str, used: set[str]) -> str:
    name, number = title or "Without a name", 2
    while name in used:
        name = f"{title} ({number})"
        number += 1
    used.add(name)
    return name
