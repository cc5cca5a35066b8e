"""A document to import: its text without what nobody sees, its front matter, its outline."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from factory.config.yaml_source import parse_yaml
from factory.errors import InputError
from factory.spec.importing.blocks import Part
from factory.spec.importing.hidden import Hidden, LeftOut
from factory.spec.importing.outline import read_outline
from factory.spec.text_file import SPEC_LIMIT_BYTES, read_text_file
from factory.spec.visible import without_comments

OUR_KEYS = {"id", "kind", "status", "stakes"}
_JOINERS = "\u200c\u200d"  # Scripts and emoji need them.
_FENCE = re.compile(r"---[ \t]*")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One Markdown file, read.

    `front` is its front matter as data and `front_text` as it was written, both empty where it
    has none; `left_out` is what no reader of the rendered page sees.
    """

    path: Path
    root: Part
    front: dict[str, Any] = field(default_factory=dict)
    front_text: str = ""
    left_out: tuple[LeftOut, ...] = ()


def read_source(path: Path) -> Source:
    """Read a Markdown file.

    Raises:
        InputError: it cannot be read, is no UTF-8, holds NUL, is longer than 1 MiB or nested too
            deeply, or it is a spec in our form already.
    """
    return parse_source(
        read_text_file(path, shown=str(path), limit_bytes=SPEC_LIMIT_BYTES).text, path=path
    )


def parse_source(text: str, *, path: Path) -> Source:
    """Read a document's text; raises InputError as `read_source` does."""
    hidden = Hidden()
    lines = text.replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        lines[number - 1] = _visible(line)
        if lines[number - 1] != line:
            hidden.note(number, "invisible characters")
    end = _end_of_front_matter(lines)
    front_text = "\n".join(lines[1:end])
    front = _front_matter(front_text)
    if front.keys() >= OUR_KEYS:
        raise InputError(
            "is a spec in our form already",
            path=str(path),
            line=1,
            mend="copy it to specs/ as it is, and run `factory check`",
        )
    start = end + 1 if front else 0
    body = "\n".join([""] * start + lines[start:])
    return Source(
        path=path,
        root=read_outline(_without_comments(body, hidden), path=str(path), hidden=hidden),
        front=front,
        front_text=front_text if front else "",
        left_out=hidden.sorted(),
    )


def _visible(line: str) -> str:
    """The line without control and format characters; a separator becomes a space."""
    if line.isascii() and line.isprintable():
        return line
    kept = []
    for char in line:
        category = unicodedata.category(char)
        if category in ("Cc", "Zl", "Zp"):
            kept.append(char if char == "\t" else " ")
        elif (category != "Cf" or char in _JOINERS) and char not in "\ufffe\uffff":
            kept.append(char)
    return "".join(kept)


def _end_of_front_matter(lines: list[str]) -> int:
    """The index of the line that closes it, or 0 where there is none."""
    if not _FENCE.fullmatch(lines[0]):
        return 0
    return next((n for n, line in enumerate(lines[1:], 1) if _FENCE.fullmatch(line)), 0)


def _front_matter(text: str) -> dict[str, Any]:
    """The front matter as data; empty where it is none: a document may begin with a rule."""
    try:
        data = parse_yaml(text, path="").data
    except InputError:
        return {}
    return data if isinstance(data, dict) else {}


def _without_comments(text: str, hidden: Hidden) -> str:
    """The text without HTML comments; one that is only now whole is left to who reads inlines."""
    less = without_comments(text)
    before, was = text.split("\n"), False
    for number, line in enumerate(less.split("\n"), 1):
        changed = line != before[number - 1]
        if changed and not was:
            hidden.note(number, "a comment")
        was = changed
    return less
