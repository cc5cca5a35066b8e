"""markdown-it's block parser with lighter tokens, and rules that are asked where they may apply.

A spec has hundreds of tokens, and each rule is tried on nearly every line: parsing takes a third
less time (bench/gate.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block.state_block import StateBlock

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.utils import EnvType


class BlockToken(msgspec.Struct, gc=False):
    """What `markdown_it.token.Token` holds of a block."""

    type: str
    tag: str
    nesting: Literal[-1, 0, 1]
    level: int
    map: list[int] | None = None
    content: str = ""
    markup: str = ""
    info: str = ""
    hidden: bool = False
    attrs: Any = None
    meta: Any = None
    children: Any = None


class _State(StateBlock):
    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Any:
        """As that of StateBlock."""
        if nesting < 0:
            self.level -= 1
        token: Any = BlockToken(ttype, tag, nesting, self.level)
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)
        return token


_Rule = Callable[[StateBlock, int, int, bool], bool]
# What the line that each of these looks for begins with, behind white space.
_BEGINS = {"list": "-+*0123456789", "heading": "#", "blockquote": ">", "fence": "`~", "hr": "-*_"}


def _only_behind(begins: str, rule: _Rule) -> _Rule:
    """The rule, asked of lines alone that begin with one of these characters."""

    def asked(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
        first = state.bMarks[startLine] + state.tShift[startLine]
        return state.src[first : first + 1] in begins and rule(state, startLine, endLine, silent)

    return asked


class BlockParser(ParserBlock):
    """Its tokens are BlockTokens."""

    def __init__(self) -> None:
        super().__init__()
        for rule in self.ruler.__rules__:
            if rule.name in _BEGINS:
                rule.fn = _only_behind(_BEGINS[rule.name], rule.fn)

    def parse(
        self, src: str, md: MarkdownIt, env: EnvType, outTokens: list[Token]
    ) -> list[Token] | None:
        """As that of ParserBlock."""
        if not src:
            return None
        state = _State(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens
