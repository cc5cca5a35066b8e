"""The leaves of a Markdown text: its paragraphs, headings, rows, code and HTML, in their order.

A list and a quote hold leaves and are none. Of a list within an item each item has its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

from factory.spec.tokens import tokens_of, tokens_with_html

LeafKind = Literal["heading", "text", "row", "code", "html"]
_KINDS: dict[str, LeafKind] = {
    "heading_open": "heading",
    "paragraph_open": "text",
    "tr_open": "row",
    "fence": "code",
    "code_block": "code",
    "html_block": "html",
}


class Leaf(NamedTuple):
    """Its first and its last line, 1-based; the first of an item's begins at the item's marker."""

    kind: LeafKind
    first: int
    last: int


def leaves(body: str) -> Iterator[Leaf]:
    """The leaves of what the gate reads; `body` is a document without front matter and comments."""
    return _leaves(tokens_of(body))


def leaves_with_html(text: str) -> Iterator[Leaf]:
    """The leaves of a document as it is shown: a comment on lines of its own is HTML."""
    return _leaves(tokens_with_html(text))


def _leaves(tokens: Sequence[Any]) -> Iterator[Leaf]:
    marker = 0
    for token in tokens:
        if token.type == "list_item_open":
            marker = marker or token.map[0] + 1
        elif token.type in _KINDS:
            yield Leaf(_KINDS[token.type], marker or token.map[0] + 1, token.map[1])
            marker = 0
