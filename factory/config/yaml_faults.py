"""What is wrong with a text that is no YAML, in the words of its author: what, where, how to mend.

A YAML library says at which character it gave up, in the words of its grammar. The mistake is often
a line or more above, and nearly always one of a few: a tab, a value that wants quotes, a quote or a
bracket left open, a colon too many or too few.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from factory.config.yaml_lines import (
    KEY,
    LONGEST_SHOWN,
    YamlFault,
    indentation,
    keyless,
    open_quote,
    unfit,
)

_RESERVED = "@`%*&!|>,]}"
_PAIRS = {"[": "]", "{": "}"}
_ANY = "check indentation, quotes and colons on that line"


def explain(problem: yaml.YAMLError | RecursionError, text: str) -> YamlFault:
    """The mistake for which a YAML library refused `text`."""
    hidden = unfit(text)
    if hidden:
        return hidden
    text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    if mark is None:
        return YamlFault(" ".join(str(problem).split()), _ANY, 1, 1)
    stopped = _Stopped(problem, lines, min(mark.line, len(lines) - 1), mark.column)
    return open_quote(text, stopped.line) or next(stopped.faults())


class _Stopped:
    """Where the library gave up, from 0; `context` is where what it was reading began."""

    def __init__(self, problem: Any, lines: list[str], line: int, column: int) -> None:
        self.problem = problem
        self.lines, self.line, self.column = lines, line, column
        self.text = lines[line]
        self.before = self.text[:column]
        self.context = getattr(problem, "context_mark", None)

    def faults(self) -> Iterator[YamlFault]:
        """What it may be, the most certain first; the last is always there."""
        yield from self.tab()
        yield from self.bracket()
        yield from self.keyless()
        yield from self.colon()
        yield from self.escape()
        yield from self.reserved()
        yield from self.behind()
        yield from self.indentation()
        problem = self.problem
        said = problem.problem or problem.context
        yield YamlFault(str(said), _ANY, self.line + 1, self.column + 1)

    def tab(self) -> Iterator[YamlFault]:
        if self.text[self.column : self.column + 1] != "\t":
            return
        rest = self.text[self.column :].lstrip()
        if rest[:1] and rest[0] in _RESERVED:
            self.column = len(self.text) - len(rest)  # What the tab stands before is at fault.
            if self.before.strip():
                return
        where = "before a value" if self.before.strip() else "at the beginning of a line"
        yield YamlFault(
            f"a tab stands {where}, where only spaces may",
            "write spaces in place of the tab",
            self.line + 1,
            self.column + 1 if self.before.strip() else len(self.before) + 1,
        )

    def bracket(self) -> Iterator[YamlFault]:
        if self.context is None or "flow" not in str(self.problem.context):
            return
        line, column = self.context.line, self.context.column
        if not "".join(self.lines[line:]).strip():  # It waited for a value till the end.
            line = self.line_above() or 0
            column = max(map(self.lines[line].rfind, _PAIRS))
        opens = self.lines[line][column : column + 1] if column >= 0 else ""
        if opens in _PAIRS:
            yield YamlFault(
                f"the `{opens}` is not closed",
                f"write `{_PAIRS[opens]}` behind its last value, or put the value in quotes where "
                f"`{opens}` is part of a text",
                line + 1,
                column + 1,
            )

    def keyless(self) -> Iterator[YamlFault]:
        """A line without `key: value`; the library notices it at the next colon, or at the end."""
        found = None
        if "could not find expected ':'" in str(self.problem.problem) and self.context:
            found = self.context.line
        elif self.first_colon() and indentation(self.text) <= indentation(self.above()):
            found = self.line_above()
        if found is not None and not KEY.match(self.lines[found]):
            yield keyless(self.lines[found], found)

    def colon(self) -> Iterator[YamlFault]:
        if self.text[self.column : self.column + 1] != ":":
            return
        key = KEY.match(self.text)
        if key and key.end() < self.column:
            yield YamlFault(
                "a second colon stands on the line, outside quotes",
                self.quoted(key.end()),
                self.line + 1,
                self.column + 1,
            )
        elif self.first_colon() and indentation(self.text) > indentation(self.above()):
            yield YamlFault(
                "the line is indented deeper than the one above, which has a value already",
                "begin it below the first letter of the line above",
                self.line + 1,
                indentation(self.text) + 1,
            )

    def escape(self) -> Iterator[YamlFault]:
        at = self.text.rfind("\\", 0, self.column + 1)
        if at >= 0 and "quoted scalar" in str(self.problem.context):
            yield YamlFault(
                "a backslash in double quotes begins no escape that YAML knows",
                "write `\\\\` for a backslash, or put the value in single quotes",
                self.line + 1,
                at + 1,
            )

    def reserved(self) -> Iterator[YamlFault]:
        """A value, or a line, that begins with what YAML keeps for itself."""
        at = self.column
        if self.context is not None and self.context.line == self.line:
            at = self.context.column
        sign = self.text[at : at + 1]
        if sign and sign in _RESERVED:
            value = bool(self.text[:at].strip())
            shown = "a backtick" if sign == "`" else f"`{sign}`"
            yield YamlFault(
                f"{'a value' if value else 'the line'} begins with {shown}, "
                "which means something else to YAML",
                self.quoted(at) if value else "begin it with a key, as in `owner: …`",
                self.line + 1,
                at + 1,
            )

    def behind(self) -> Iterator[YamlFault]:
        """More after a value that is complete: a quote in quotes, a word behind a list."""
        last = self.before.rstrip()[-1:]
        if last and last in "\"']}":
            mend = "put quotes around all of the value"
            if last == "'":
                mend += "; within single quotes an apostrophe is written twice: `''`"
            yield YamlFault(
                f"more stands behind the closing `{last}`", mend, self.line + 1, self.column + 1
            )

    def indentation(self) -> Iterator[YamlFault]:
        own = indentation(self.text)
        if "<document start>" in str(self.problem.problem):
            yield from self.ended()
        if self.column > own or not self.text.strip():
            return
        if self.text.lstrip().startswith("- "):
            message, mend = "an item of a list stands among keys", "write `key:` in the line above"
        elif self.text.lstrip().startswith(":"):
            message, mend = "the line begins with a colon", "write a key before it"
        elif self.text.startswith("---"):
            message, mend = "`---` ends the keys", "remove the line"
        else:
            message = "the line begins in another column than its neighbours"
            mend = "indent it as they are"
        yield YamlFault(message, mend, self.line + 1, own + 1)

    def ended(self) -> Iterator[YamlFault]:
        """What came before was complete to YAML: a line of three dots, or an indented first key."""
        for number, line in enumerate(self.lines[: self.line]):
            if line.startswith("..."):
                yield YamlFault("`...` ends the keys", "remove the line", number + 1, 1)
        first = next((n for n, one in enumerate(self.lines) if one.strip()), 0)
        if self.lines[first].startswith(" "):
            message = "the first key is indented, and what follows is not"
            yield YamlFault(message, "write all keys in one column", first + 1, 1)

    def quoted(self, start: int) -> str:
        """How to write the line with the value at `start` in quotes."""
        value = re.split(r"\s#", self.text[start:], maxsplit=1)[0].strip()
        head = self.text[:start].strip()
        if re.search(r"[\[{]", head):
            value = re.split(r"[,\]}]", value, maxsplit=1)[0].strip()
            head = ""
        written = f"{head} {json.dumps(value, ensure_ascii=False)}".strip()
        fits = value and len(written) <= LONGEST_SHOWN
        return f"put it in quotes: `{written}`" if fits else "put the value in quotes"

    def first_colon(self) -> bool:
        """Whether it gave up at the colon of the line's own key."""
        return self.text[self.column : self.column + 1] == ":" and ": " not in self.before

    def line_above(self) -> int | None:
        """The line before that says anything, from 0."""
        above = range(self.line - 1, -1, -1)
        return next((n for n in above if self.lines[n].strip()), None)

    def above(self) -> str:
        """Its text, or ""."""
        number = self.line_above()
        return "" if number is None else self.lines[number]
