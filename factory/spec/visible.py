"""A spec as a reader of the rendered page sees it: without HTML comments.

What nobody reviews must not reach an agent, so that an order cannot hide in a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def without_comments(text: str) -> str:
    """The text with every HTML comment taken out; what stands in code stays as it is.

    Lines stay where they were, so that a line number means the same with and without comments.
    """
    if "<!--" not in text:
        return text
    lines = text.split("\n")
    for start, end in _places(text):
        kept = _COMMENT.sub(_line_ends, "\n".join(lines[start:end]))
        lines[start:end] = kept.split("\n")
    return "\n".join(lines)


def _line_ends(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _places(text: str) -> Iterator[tuple[int, int]]:
    """The lines (first, one past the last) of each block that holds a comment as HTML."""
    from markdown_it import MarkdownIt

    for token in MarkdownIt("commonmark").parse(text):
        inline = any(
            child.type == "html_inline" and child.content.startswith("<!--")
            for child in token.children or ()
        )
        if token.map and (inline or (token.type == "html_block" and "<!--" in token.content)):
            yield token.map[0], token.map[1]
