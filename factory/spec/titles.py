"""What of a document looks like a heading, whether Markdown takes it for one or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from factory.spec.tokens import tokens_with_html


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
    # With blocks of HTML, whatever the rules read: a heading may stand in a comment.
    tokens, lines = tokens_with_html(body), body.split("\n")
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
