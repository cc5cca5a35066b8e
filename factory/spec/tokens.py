"""Markdown into the tokens of its blocks, by the rules that a text needs and no others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

# Each rule is tried on nearly every line, and most specs hold nothing for these: a rule is left out
# where what it needs stands nowhere.
_NEEDS = {
    "table": ("|",),
    "blockquote": (">",),
    "reference": ("]:",),
    "fence": ("```", "~~~"),
    "code": ("    ", "\t"),
    "normalize": ("\r", "\0"),
}
# A rule, or what underlines a heading, is a line of these, maybe in a quote or an item of a list.
_RULED = " \t>+.)0123456789-*_="


def parser_for(body: str, *, html: bool = False, tables: bool = True) -> Any:
    """A parser that reads `body` as one with every rule of CommonMark, and tables, would.

    Without blocks of HTML, unless `html`: what stands between tags is read as the text that it is.
    """
    idle = [rule for rule, marks in _NEEDS.items() if not any(mark in body for mark in marks)]
    if not any(line and not line.strip(_RULED) for line in body.split("\n")):
        idle += ["hr", "lheading"]
    if not html:
        idle.append("html_block")
    if not tables and "table" not in idle:
        idle.append("table")
    return _parser(tuple(idle))


@lru_cache(maxsize=1)
def tokens_of(body: str) -> Sequence[Any]:
    """The BlockTokens that `parser_for` makes of a body; several ask, one spec after the other."""
    found: Sequence[Any] = parser_for(body).parse(body)
    return found


def tokens_with_html(text: str, *, tables: bool = True) -> Sequence[Any]:
    """The same of a text as a page shows it: what stands between tags is a block of HTML."""
    return _with_html(text, tables and "|" in text)


@lru_cache(maxsize=16)
def _with_html(text: str, tables: bool) -> Sequence[Any]:
    found: Sequence[Any] = parser_for(text, html=True, tables=tables).parse(text)
    return found


@cache
def _parser(idle: tuple[str, ...]) -> Any:
    from markdown_it import MarkdownIt

    from factory.spec.block_parser import BlockParser

    whole = MarkdownIt("commonmark")
    whole.block = BlockParser()
    # Each item of a list asks for it, and for what is not said it looks at length.
    whole.configure("commonmark", options_update={"tasklists": False}).enable("table")
    # What stands inside a paragraph is read by the rules that need it.
    return whole.disable(["inline", "text_join", *idle])
