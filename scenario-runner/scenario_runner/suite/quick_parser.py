"""The official Gherkin parser, with cheap answers in front of its costly questions.

For each line it asks one matcher after the other through several calls; most of them can be
answered by the line's first character. Whatever may match is left to the parser itself.
"""

from __future__ import annotations

from typing import Any

from gherkin.parser import Parser

_BEGINNINGS = {
    "match_TableRow": ("|",),
    "match_TagLine": ("@",),
    "match_DocStringSeparator": ('"', "`"),
    "match_Comment": ("#",),
}


class QuickParser(Parser):
    def match_EOF(self, context: Any, token: Any) -> bool:
        return bool(token.eof()) and bool(super().match_EOF(context, token))


def _asks_first(name: str, beginnings: tuple[str, ...]) -> None:
    ask = getattr(Parser, name)

    def match(self: Any, context: Any, token: Any) -> bool:
        line = token.line
        # None at the end of the file.
        return line is not None and line.startswith(beginnings) and ask(self, context, token)

    setattr(QuickParser, name, match)


for _name, _characters in _BEGINNINGS.items():
    _asks_first(_name, _characters)
