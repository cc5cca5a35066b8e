"""The text of the paragraphs, headings and cells of one document, without what nobody sees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from factory.spec.importing.hidden import Hidden
from factory.spec.importing.words import TAG, UNSEEN_TAGS, parse_inline, standing_alone, write

_CLOSED = re.compile(r"</([A-Za-z][\w-]*)\s*>")
_LAYOUT = {
    *("a", "abbr", "b", "big", "center", "details", "div", "em", "i", "ins", "p", "s", "small"),
    *("span", "strong", "sub", "summary", "sup", "u"),
}
_VOID = {"br", "hr", "wbr"}


class Inline:
    """Reads runs of inline Markdown of one document."""

    def __init__(
        self, text: str, references: Mapping[str, Mapping[str, Any]], hidden: Hidden
    ) -> None:
        """Of the document `text`, with its link definitions as markdown-it keeps them.

        `hidden` is told of comments, link titles and link definitions that nothing uses.
        """
        self._references = references
        self._hidden = hidden
        self._used: set[str] = set()
        # What is closed somewhere is HTML; what is not may be a placeholder, such as <summary>.
        self._layout = _VOID | (_LAYOUT & {name.lower() for name in _CLOSED.findall(text)})

    def lines(self, content: str, line: int) -> tuple[str, ...]:
        """The lines of a paragraph, which begins on this 1-based line.

        Together on one line they are one paragraph, wherever that stands.
        """
        lines = write(self._tokens(content, line))
        return (standing_alone(lines[0], more=lines[1:]), *lines[1:]) if lines else ()

    def text(self, content: str, line: int) -> str:
        """A heading or a cell: all of `content` on one line, not made to stand alone."""
        return " ".join(write(self._tokens(content, line)))

    def note_unused(self) -> None:
        """Tell of the link definitions that nothing used: nobody sees those."""
        for label, definition in self._references.items():
            if label not in self._used:
                self._hidden.note(definition["map"][0] + 1, "a link definition that is not used")

    def _tokens(self, content: str, line: int) -> list[Any]:
        tokens = parse_inline(content, self._references)
        for token in tokens:
            if token.type == "html_inline" and token.content.startswith(UNSEEN_TAGS):
                self._hidden.note(line, "a comment")
            if token.type in ("link_open", "image") and token.attrs.get("title"):
                self._hidden.note(line, "the title of a link")
            if "label" in token.meta:
                self._used.add(str(token.meta["label"]))
        return [one for one in tokens if not self._is_layout(one)]

    def _is_layout(self, token: Any) -> bool:
        found = TAG.fullmatch(token.content) if token.type == "html_inline" else None
        return found is not None and found[1].lower() in self._layout
