"""Markdown into the blocks of its `##` sections, each with the line it stands on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Literal

import msgspec

from factory.errors import InputError
from factory.spec.tokens import tokens_of

BlockKind = Literal["heading", "text", "item", "row", "code"]


class Passage(msgspec.Struct, frozen=True):
    """A run of prose as it was written; `line` is the 1-based line on which it begins.

    `cell` is the column in that line, from 0, at which a cell of a table begins; -1 for what is
    none. In a cell each `|` of `raw` is written as `\\|`.
    """

    raw: str
    line: int
    cell: int = -1


class Block(msgspec.Struct, frozen=True):
    """A lesser heading, a paragraph, an item of a list, a row of a table, or code; 1-based lines.

    `text` is all that it says, on one line; `passages` are its runs of prose, those of the lists
    within an item included. Code has none. `beyond` are those of them that stand in cells which
    their table has no column for: no page shows them. `quoted`: whether it is a paragraph of a
    quotation, which is what somebody is shown.
    """

    kind: BlockKind
    text: str
    line: int
    passages: tuple[Passage, ...] = ()
    beyond: tuple[Passage, ...] = ()
    quoted: bool = False


class Section(msgspec.Struct, frozen=True):
    """What stands below a `##` heading, up to the next; `line` is that of the heading.

    `name` is what the heading means: see `factory.spec.form.meaning_of`.
    """

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


# A list in a list is two levels. What lies deeper than the parser goes would be lost in silence.
_LEVEL_LIMIT = 14


def sections(body: str, *, path: str, meaning_of: Callable[[str], str]) -> Iterator[Section]:
    """The sections of a document; what stands above the first `##` is in one without a name.

    Args:
        body: the document, without front matter and comments, each line where it stands.
        path: its file, for messages.
        meaning_of: the name of the section that a heading means.

    Raises:
        InputError: lists or quotations within each other, more than seven deep.
    """
    tokens = tokens_of(body)
    require_shallow(tokens, path=path)
    lines = body.split("\n") if "|" in body else ()  # They are asked for the cells of a table.
    name, line, blocks = "", 0, list[Block]()
    at = quotes = 0
    while at < len(tokens):
        token = tokens[at]
        kind = token.type
        if kind == "heading_open" and token.tag == "h2":
            if line or blocks:
                yield Section(name, line or blocks[0].line, tuple(blocks))
            heading = tokens[at + 1].content.strip()
            name, line, blocks = meaning_of(heading), token.map[0] + 1, []
            at += 3
            continue
        if kind == "list_item_open":
            block, at = _item(tokens, at, lines)
            blocks.append(block)
            continue
        if kind == "tr_open":
            row, at = _row(tokens, at, lines)
            blocks += row
            continue
        if kind == "inline":
            passage = Passage(token.content, token.map[0] + 1)
            found: BlockKind = "heading" if tokens[at - 1].type == "heading_open" else "text"
            text = _joined([token.content])
            blocks.append(Block(found, text, passage.line, (passage,), quoted=quotes > 0))
        elif kind in ("fence", "code_block"):
            blocks.append(Block("code", _joined([token.content]), token.map[0] + 1))
        elif token.tag == "blockquote":
            quotes += token.nesting
        at += 1
    if line or blocks:
        yield Section(name, line or blocks[0].line, tuple(blocks))


_LEVEL = attrgetter("level")


def require_shallow(tokens: Sequence[Any], *, path: str) -> None:
    """Raise InputError for lists or quotations within each other, more than seven deep."""
    if max(map(_LEVEL, tokens), default=0) <= _LEVEL_LIMIT:
        return
    for token in tokens:
        if token.level > _LEVEL_LIMIT:
            raise InputError(
                f"holds lists or quotations more than {_LEVEL_LIMIT // 2} levels deep",
                path=path,
                line=token.map[0] + 1 if token.map else None,
                mend="flatten them",
            )


class _Collected(msgspec.Struct):
    """What the tokens of an item or a row say, taken one after the other."""

    lines: Sequence[str]
    parts: list[str] = msgspec.field(default_factory=list)
    passages: list[Passage] = msgspec.field(default_factory=list)
    # What stands in cells that their table has no column for.
    beyond: list[Passage] = msgspec.field(default_factory=list)
    # Of the row that is being read: its line, and where in it the next cell is looked for.
    _line: int = 0
    _column: int = 0

    def take(self, token: Any, before: Any) -> None:
        """Take a token, if it says anything; `before` is the one before it."""
        if token.type == "tr_open":
            self._line, self._column = token.map[0] + 1, 0
        elif token.type == "tr_close" and before.type == "td_close":
            self.beyond += self._rest()
        elif token.type == "inline":
            line = token.map[0] + 1
            cell = self._cell(token.content) if before.type in _CELLS else -1
            self.parts.append(token.content)
            self.passages.append(Passage(token.content, line, cell))
        elif token.type in ("fence", "code_block"):
            self.parts.append(token.content)

    def _cell(self, content: str) -> int:
        written = content.replace("|", r"\|")
        place = max(self.lines[self._line - 1].find(written, self._column), self._column)
        self._column = place + len(written)
        return place

    def _rest(self) -> Iterator[Passage]:
        for found in _CELL.finditer(self.lines[self._line - 1], self._column):
            said = found[0].strip(" \t>")  # A row may lack the first bar behind the `>` of a quote.
            if said:
                place = found.start() + found[0].index(said)
                yield Passage(said.replace(r"\|", "|"), self._line, place)


_CELLS = ("td_open", "th_open")
_CELL = re.compile(r"(?:[^|]|(?<=\\)\|)+")


def _item(tokens: Sequence[Any], start: int, lines: Sequence[str]) -> tuple[Block, int]:
    """The list item that opens at `start`, with all below it, and the place after it."""
    line = tokens[start].map[0] + 1
    if tokens[start + 1].type == "paragraph_open" and tokens[start + 4].type == "list_item_close":
        inline = tokens[start + 2]  # One paragraph, as most items are.
        passage = Passage(inline.content, inline.map[0] + 1)
        return Block("item", _joined([inline.content]), line, (passage,)), start + 5
    found, depth, at = _Collected(lines), 0, start
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.type in ("list_item_open", "list_item_close"):
            depth += token.nesting
            if depth == 0:
                break
        else:
            found.take(token, tokens[at - 2])
    text = _joined([*found.parts, *(one.raw for one in found.beyond)])
    beyond = tuple(found.beyond)
    return Block("item", text, line, (*found.passages, *beyond), beyond), at


def _row(tokens: Sequence[Any], start: int, lines: Sequence[str]) -> tuple[list[Block], int]:
    """The row of a table that opens at `start`, without empty cells, and the place after it.

    What stands in cells that the table has no column for is no row: no page shows it. It comes as
    text behind it, on the same line.
    """
    found, at = _Collected(lines), start
    while tokens[at].type != "tr_close":
        if tokens[at].type != "inline" or tokens[at].content:
            found.take(tokens[at], tokens[at - 1])
        at += 1
    found.take(tokens[at], tokens[at - 1])
    line = tokens[start].map[0] + 1
    blocks = [Block("row", " | ".join(found.parts), line, tuple(found.passages))]
    if found.beyond:
        text, beyond = _joined([one.raw for one in found.beyond]), tuple(found.beyond)
        blocks.append(Block("text", text, line, beyond, beyond))
    return blocks, at + 1


def _joined(parts: Sequence[str]) -> str:
    text = " ".join(parts)
    if "  " not in text and text.isprintable():
        return text.strip()  # A space is then all its white space.
    return " ".join(text.split())
