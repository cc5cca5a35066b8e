"""Markdown into the blocks of its `##` sections, each with the line it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import msgspec

BlockKind = Literal["heading", "text", "item", "row", "code"]


class Passage(msgspec.Struct, frozen=True):
    """A run of prose as it was written; `line` is the 1-based line on which it begins.

    `after` is the column in that line, from 0, at which to look for it: cells of a table share one.
    """

    raw: str
    line: int
    after: int = 0


class Block(msgspec.Struct, frozen=True):
    """A lesser heading, a paragraph, an item of a list, a row of a table, or code; 1-based lines.

    `text` is all that it says, on one line; `passages` are its runs of prose, those of the lists
    within an item included. Code has none.
    """

    kind: BlockKind
    text: str
    line: int
    passages: tuple[Passage, ...] = ()


class Section(msgspec.Struct, frozen=True):
    """What stands below a `##` heading, up to the next; `line` is that of the heading."""

    name: str
    line: int
    blocks: tuple[Block, ...] = ()

    @property
    def items(self) -> tuple[Block, ...]:
        """The items of its lists; those of lists within lists belong to the outer item."""
        return tuple(one for one in self.blocks if one.kind == "item")

    @property
    def has_text(self) -> bool:
        """Whether it says anything."""
        return any(one.text for one in self.blocks if one.kind != "heading")


# Each rule is tried on nearly every line, and most specs hold nothing for these: a rule is left out
# where what it needs stands nowhere. `code` stays, since others ask whether it is there.
_NEEDS = {
    "table": ("|",),
    "html_block": ("<",),
    "blockquote": (">",),
    "reference": ("]:",),
    "fence": ("```", "~~~"),
}
# A rule, or what underlines a heading, is a line of these, maybe in a quote or an item of a list.
_RULED = " \t>+.)0123456789-*_="


def _parser_for(body: str) -> Any:
    """A parser that reads `body` as one with every rule of CommonMark, and tables, would."""
    idle = [rule for rule, marks in _NEEDS.items() if not any(mark in body for mark in marks)]
    if not any(line and not line.strip(_RULED) for line in body.split("\n")):
        idle += ["hr", "lheading"]
    return _parser(tuple(idle))


@cache
def _parser(idle: tuple[str, ...]) -> Any:
    from markdown_it import MarkdownIt

    # What stands inside a paragraph is read by the rules that need it.
    whole = MarkdownIt("commonmark").enable("table")
    return whole.disable(["inline", "text_join", *idle])


class Title(msgspec.Struct, frozen=True):
    """What looks like a heading; `line` is 1-based, `level` 0 for what Markdown takes for none.

    `within` is the line on which the code block or comment begins that it stands in, else 0.
    """

    text: str
    line: int
    level: int = 0
    within: int = 0


_LIKE_TITLE = re.compile(r"\*\*[^*]{1,80}\*\*:?|__[^_]{1,80}__:?|#{1,6}[^#\s].{0,80}|[^\n.]{1,80}:")
_TITLE = re.compile(r" {0,3}#{1,6}\s+(\S.{0,80})")


def titles(body: str) -> Iterator[Title]:
    """Every heading of a document, of whatever level, and what its author may mean as one."""
    tokens, lines = _parser_for(body).parse(body), body.split("\n")
    for at, token in enumerate(tokens):
        if token.map is None:
            continue
        line = token.map[0] + 1
        if token.type == "heading_open":
            yield Title(tokens[at + 1].content.strip(), line, int(token.tag[1]))
        elif token.type == "inline" and tokens[at - 1].type == "paragraph_open":
            if token.level == 1 and _LIKE_TITLE.fullmatch(token.content.strip()):
                yield Title(token.content.strip(), line)
        elif token.type in ("fence", "html_block"):
            for below, written in enumerate(lines[token.map[0] : token.map[1]]):
                found = _TITLE.fullmatch(written)
                if found:
                    yield Title(found[1].strip(" #"), line + below, within=line)


def sections(body: str, lines: Sequence[str], path: str = "") -> Iterator[Section]:
    """The sections of a document.

    Args:
        body: the document, with empty lines in place of its front matter.
        lines: its lines.
        path: what to call it in messages.

    Raises:
        InputError: a code block or a comment in it is not closed.
    """
    tokens = _parser_for(body).parse(body)
    running = [one for one in tokens if one.type in ("fence", "html_block")]
    if running:
        from factory.spec.unclosed import require_closed  # Most specs have neither.

        require_closed(running, lines, path)
    name, line, blocks = "", 0, list[Block]()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "heading_open" and token.tag == "h2":
            if name:
                yield Section(name, line, tuple(blocks))
            name, line, blocks = tokens[at + 1].content.strip(), token.map[0] + 1, []
            at += 3
            continue
        if token.type == "list_item_open":
            block, at = _item(tokens, at)
            blocks.append(block)
            continue
        if token.type == "tr_open":
            block, at = _row(tokens, at, lines)
            blocks.append(block)
            continue
        if token.type == "inline":
            passage = Passage(token.content, token.map[0] + 1)
            kind: BlockKind = "heading" if tokens[at - 1].type == "heading_open" else "text"
            blocks.append(Block(kind, _joined([token.content]), passage.line, (passage,)))
        elif token.type in ("fence", "code_block"):
            blocks.append(Block("code", _joined([token.content]), token.map[0] + 1))
        at += 1
    if name:
        yield Section(name, line, tuple(blocks))


@dataclass
class _Collected:
    parts: list[str] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)


def _item(tokens: list[Any], start: int) -> tuple[Block, int]:
    """The list item that opens at `start`, with all below it, and the place after it."""
    found, depth, at = _Collected(), 0, start
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.type in ("list_item_open", "list_item_close"):
            depth += token.nesting
            if depth == 0:
                break
        elif token.type == "inline":
            found.parts.append(token.content)
            found.passages.append(Passage(token.content, token.map[0] + 1))
        elif token.type in ("fence", "code_block"):
            found.parts.append(token.content)
    line = tokens[start].map[0] + 1
    return Block("item", _joined(found.parts), line, tuple(found.passages)), at


def _row(tokens: list[Any], start: int, lines: Sequence[str]) -> tuple[Block, int]:
    """The row of a table that opens at `start`, and the place after it."""
    found, at, line, column = _Collected(), start, tokens[start].map[0] + 1, 0
    while tokens[at].type != "tr_close":
        token = tokens[at]
        if token.type == "inline" and token.content:
            found.parts.append(token.content)
            found.passages.append(Passage(token.content, line, column))
            place = lines[line - 1].find(token.content, column)
            column = place + len(token.content) if place >= 0 else column
        at += 1
    return Block("row", " | ".join(found.parts), line, tuple(found.passages)), at + 1


def _joined(parts: Sequence[str]) -> str:
    return " ".join(" ".join(parts).split())
