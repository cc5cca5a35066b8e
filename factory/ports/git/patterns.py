"""Patterns in the form of .gitignore, matched here so that no git setting has a say.

The rules are those of gitignore(5): a slash before the end ties a pattern to its folder, a slash
at the end means folders, `**` spans folders, `!` takes back, the last match decides, and nothing
below an excluded folder can be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class _Pattern:
    regex: re.Pattern[str]
    negated: bool
    folders_only: bool


class Patterns:
    """An ordered list of patterns, all relative to one folder."""

    def __init__(self, lines: Iterable[str], *, ignore_case: bool = False) -> None:
        """Parse `lines`; comments and empty lines mean nothing.

        Args:
            ignore_case: match patterns that exclude in any case; those that take back stay exact.

        Raises:
            ValueError: a pattern that git would never match, such as an unclosed bracket.
        """
        parsed = (_parse(line, ignore_case) for line in lines)
        self._patterns = [pattern for pattern in parsed if pattern]

    def decide(self, path: str, is_folder: bool) -> bool | None:
        """What the last pattern that matches `path` itself says; None where none does."""
        for pattern in reversed(self._patterns):
            if pattern.folders_only and not is_folder:
                continue
            if pattern.regex.fullmatch(path):
                return not pattern.negated
        return None

    def covers(self, path: str, is_folder: bool = False) -> bool:
        """Whether `path` or a folder above it is excluded."""
        parts = path.split("/")
        for count in range(1, len(parts) + 1):
            if self.decide("/".join(parts[:count]), is_folder or count < len(parts)):
                return True
        return False


def _parse(line: str, ignore_case: bool) -> _Pattern | None:
    text = line.rstrip("\r\n")
    while text.endswith(" ") and not text.endswith("\\ "):
        text = text[:-1]
    if not text or text.startswith("#"):
        return None
    negated = text.startswith("!")
    text = text[1:] if negated else text
    folders_only = text.endswith("/")
    text = text[:-1] if folders_only else text
    tied = "/" in text
    text = text.removeprefix("/")
    if not text:
        return None
    flags = re.DOTALL | (re.IGNORECASE if ignore_case and not negated else 0)
    body = _translate(text.split("/"), tied)
    return _Pattern(re.compile(body if tied else f"(?:.*/)?{body}", flags), negated, folders_only)


def _translate(segments: list[str], tied: bool) -> str:
    out = ""
    last = len(segments) - 1
    literal = tied  # git compares what comes before the first wildcard by itself, ...
    for at, segment in enumerate(segments):
        if segment == "**":
            out += ".+" if at == last else "(?:.*/)?"
        elif literal and (prefix := re.fullmatch(r"([^*?\[\\]+)\*\*", segment)):
            # ... so that `**` spans folders right behind it too, whatever its manual says.
            out += re.escape(prefix[1]) + (".*" if at == last else "(?:.*/)?")
        else:
            out += _segment(segment) + ("" if at == last else "/")
        literal = literal and not re.search(r"[*?\[\\]", segment)
    return out


def _segment(text: str) -> str:
    out, at = "", 0
    while at < len(text):
        letter = text[at]
        at += 1
        if letter == "*":
            out += "" if out.endswith("[^/]*") else "[^/]*"
        elif letter == "?":
            out += "[^/]"
        elif letter == "[":
            piece, at = _bracket(text, at)
            out += piece
        elif letter == "\\":
            if at == len(text):
                raise ValueError(f"a backslash at the end of {text!r}")
            out += re.escape(text[at])
            at += 1
        else:
            out += re.escape(letter)
    return out


def _bracket(text: str, at: int) -> tuple[str, int]:
    """A bracket expression from behind its `[` on, as a regex, and where the text goes on."""
    negated = text[at : at + 1] in ("!", "^")
    at += negated
    body, first = "", True
    while at < len(text) and (first or text[at] != "]"):
        if text.startswith("[:", at):
            raise ValueError(f"character classes such as [:alpha:] are not supported: {text!r}")
        if text[at] == "\\":
            at += 1
        if at >= len(text):
            break
        plain = text[at] == "-" and not first and text[at + 1 : at + 2] not in ("]", "")
        body += "-" if plain and text[at - 1] != "\\" else re.escape(text[at])
        at += 1
        first = False
    if at >= len(text):
        raise ValueError(f"an unclosed bracket in {text!r}")
    try:
        re.compile(f"[{body}]")
    except re.error as error:
        raise ValueError(f"a bracket that matches nothing in {text!r}") from error
    return f"(?!/)[{'^' if negated else ''}{body}]", at + 1
