"""Markdown read into an outline: parts under headings, blocks in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from factory.spec.importing.blocks import (
    Block,
    Code,
    Heading,
    Listing,
    Paragraph,
    Part,
    Quote,
    Table,
)
from factory.spec.importing.hidden import Hidden
from factory.spec.importing.inline import Inline
from factory.spec.markdown import require_shallow

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_LANGUAGE = re.compile(r"[\w.+#-]{1,30}(?!\S)")


def read_outline(text: str, *, path: str, hidden: Hidden) -> Part:
    """The outline of a document.

    Args:
        text: Markdown.
        path: its file, for messages.
        hidden: is told of what no reader of the rendered page sees, which is left out.

    Raises:
        InputError: lists or quotations within each other, more than seven deep.
    """
    from markdown_it.tree import SyntaxTreeNode

    environment: dict[str, Any] = {}
    tokens = _parser().parse(text, environment)
    require_shallow(tokens, path=path)
    inline = Inline(text, environment.get("references", {}), hidden)
    reader = _Reader(inline, hidden, text.split("\n"))
    return reader.outline(SyntaxTreeNode(tokens))


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    # Without blocks of HTML: what stands between tags is read as the text that it is.
    return MarkdownIt("commonmark").enable("table").disable(["html_block", "inline"])


class _Open:
    """A part while its content is being read."""

    def __init__(self, title: str, level: int) -> None:
        self.title, self.level = title, level
        self.blocks: list[Block] = []
        self.parts: list[Part] = []

    def part(self) -> Part:
        return Part(self.title, self.level, tuple(self.blocks), tuple(self.parts))


class _Reader:
    def __init__(self, inline: Inline, hidden: Hidden, lines: Sequence[str]) -> None:
        self.inline = inline
        self.hidden = hidden
        self.lines = lines

    def outline(self, root: SyntaxTreeNode) -> Part:
        """The parts by the levels of their headings; a level that is left out does no harm."""
        stack = [_Open("", 0)]
        for node in root.children:
            if node.type != "heading":
                stack[-1].blocks.extend(self.block(node))
                continue
            level = int(node.tag[1])
            while stack[-1].level >= level:
                closed = stack.pop().part()
                stack[-1].parts.append(closed)
            stack.append(_Open(self.text(node), level))
        while len(stack) > 1:
            closed = stack.pop().part()
            stack[-1].parts.append(closed)
        self.inline.note_unused()
        return stack[0].part()

    def text(self, node: SyntaxTreeNode) -> str:
        """All inline text of a heading or a cell."""
        line = _line(node)
        return " ".join(self.inline.text(one.content, line) for one in _inlines(node))

    def block(self, node: SyntaxTreeNode) -> Iterator[Block]:
        """The block of this node; none for a rule, or where only comments stood."""
        if node.type == "paragraph":
            lines = tuple(
                line
                for one in _inlines(node)
                for line in self.inline.lines(one.content, _line(node))
            )
            if lines:
                yield Paragraph(lines)
        elif node.type == "heading":
            yield Heading(self.text(node), min(max(int(node.tag[1]), 3), 6))
        elif node.type in ("bullet_list", "ordered_list"):
            items = tuple(tuple(self.blocks(item.children)) for item in node.children)
            first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
            if any(items):
                yield Listing(tuple(one for one in items if one), first)
        elif node.type in ("fence", "code_block"):
            yield self.code(node)
        elif node.type == "blockquote":
            quoted = tuple(self.blocks(node.children))
            if quoted:
                yield Quote(quoted)
        elif node.type == "table":
            rows = [row for group in node.children for row in group.children]
            head, *others = [tuple(self.text(cell) for cell in row.children) for row in rows]
            for row in rows[1:]:
                self.note_beyond(row)
            yield Table(head, tuple(others))

    def blocks(self, nodes: Iterable[SyntaxTreeNode]) -> Iterator[Block]:
        for node in nodes:
            yield from self.block(node)

    def note_beyond(self, row: SyntaxTreeNode) -> None:
        """Tell of the cells that a row has beyond the head of its table: no page shows them."""
        line = self.lines[_line(row) - 1]
        for cell in row.children:
            for one in _inlines(cell):
                written = one.content.replace("|", r"\|")
                _, _, line = line.partition(written) if written else ("", "", line)
        if line.strip("| \t"):
            self.hidden.note(_line(row), "a cell beyond the head of its table")

    def code(self, node: SyntaxTreeNode) -> Code:
        info = node.info.strip() if node.type == "fence" else ""
        found = _LANGUAGE.match(info)
        language = found[0] if found else ""
        if info != language:
            self.hidden.note(_line(node), "what stands beside the language of a code block")
        return Code(node.content.rstrip("\n"), language)


def _inlines(node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    return (one for one in node.children if one.type == "inline")


def _line(node: SyntaxTreeNode) -> int:
    return node.map[0] + 1 if node.map else 1
