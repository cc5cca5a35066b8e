"""Mistakes in a text that is no YAML which its lines show by themselves."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST_SHOWN = 60
KEY = re.compile(r"(\s*(?:-\s+)*)([^\s:#\"'\[\]{},][^:#\"'\[\]{},]*):(?=\s|\Z)")
# What YAML does not take at all, and what it takes for the end of a line where an editor does not.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]|\r(?!\n)"
)
_OPENS = re.compile(r"(?:[:\-\[{,][ \t]+|[\[{,]|^[ \t]*)([\"'])", re.MULTILINE)
_CLOSES = {'"': re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL), "'": re.compile(r"(?:[^']|'')*'")}
_BEHIND = re.compile(r"[ \t]*(?:$|#|[,\]}]|:(?:\s|$))", re.MULTILINE)


class YamlFault(NamedTuple):
    """`line` and `column` are 1-based, in the text."""

    message: str
    mend: str
    line: int
    column: int


def unfit(text: str) -> YamlFault | None:
    """The first character that no YAML may hold, or that YAML counts as the end of a line."""
    found = _UNFIT.search(text)
    if found is None:
        return None
    message = f"it holds U+{ord(found[0]):04X}, which nobody sees"
    return YamlFault(message, "remove it", *_place(text, found.start()))


def open_quote(text: str, stopped: int) -> YamlFault | None:
    """The first quote up to the line `stopped` that is closed on no line, or where another opens.

    One left open runs to the next quote, however far below; what comes behind that is no end of a
    value, which tells it from a text of several lines.
    """
    at, line = 0, 0
    while line <= stopped and at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        comment = text[at : end + 1].lstrip().startswith("#") if _begins_line(text, at) else False
        found = None if comment else _OPENS.search(text, at, end)
        if found is None:
            at, line = end + 1, line + 1
            continue
        closing = _CLOSES[found[1]].match(text, found.end())
        over = closing is None or "\n" in closing[0]
        if closing is None or (over and not _BEHIND.match(text, closing.end())):
            return YamlFault(
                f"the quote `{found[1]}` is not closed",
                f"write `{found[1]}` at the end of the value",
                *_place(text, found.start(1)),
            )
        at = closing.end()
        line += closing[0].count("\n")
    return None


def _begins_line(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] == "\n"


def keyless(text: str, number: int) -> YamlFault:
    """What is wrong with the line `number`, from 0, that is no `key: value`."""
    line = text.strip()
    shown = line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"
    tight = re.match(r"([\w-]+):(\S.*)", line)
    words = line.split(None, 1)
    if tight:
        mend = f"write a space behind the colon: `{tight[1]}: {tight[2]}`"
    elif len(words) == 2:
        mend = (
            f"write a colon and a space behind the key: `{words[0]}: {words[1]}`; "
            "or indent the line where it goes on with the one above"
        )
    else:
        mend = "write a colon and a value behind the key"
    column = indentation(text) + 1
    if len(mend) > 3 * LONGEST_SHOWN:
        mend = "write `key: value`, with a colon and a space"
    return YamlFault(f"`{shown}` is no `key: value`", mend, number + 1, column)


def indentation(line: str) -> int:
    """How many characters of white space a line begins with."""
    return len(line) - len(line.lstrip())


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
