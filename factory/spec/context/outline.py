"""The outline of a Markdown file: its headings, and where each begins to say something."""

from __future__ import annotations

from dataclasses import dataclass, replace

from factory.spec.visible import without_comments

DEEPEST = 2
"""Headings below this level are text of the section that they stand in."""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """What stands between two headings of level 1 or 2.

    `level` is 0 for what stands before the first heading. `line` is the heading's, 1-based.
    `text` is the first line of what it says, without markup, in line `text_line`; 0 and "" where
    it says nothing.
    """

    level: int
    title: str
    line: int
    text: str = ""
    text_line: int = 0


def outline(text: str) -> list[Passage]:
    """The passages of a file, comments taken out; the first is what stands before any heading."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(without_comments(text))
    passages = [Passage(level=0, title="", line=1)]
    heading = False
    for index, token in enumerate(tokens):
        line = token.map[0] + 1 if token.map else passages[-1].line
        if token.type == "heading_open" and token.level == 0 and int(token.tag[1]) <= DEEPEST:
            title = _plain(tokens[index + 1]).strip()
            passages.append(Passage(level=int(token.tag[1]), title=title, line=line))
            heading = True
        elif token.type == "heading_close":
            heading = False
        elif token.type in ("inline", "fence", "code_block", "html_block") and not heading:
            said = _plain(token).strip()
            if said and not passages[-1].text:
                first = said.splitlines()[0]
                passages[-1] = replace(passages[-1], text=first, text_line=line)
    return passages


def _plain(token: object) -> str:
    """What a reader sees of an inline token, without markup; of a code block its code."""
    children = getattr(token, "children", None)
    if not children:
        return str(getattr(token, "content", ""))
    return "".join("\n" if "break" in child.type else child.content for child in children)
