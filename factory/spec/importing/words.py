"""Inline Markdown written again without emphasis, so that it says what it said before.

What is written is read again. Where its words then mean something else (an emphasis taken away
can leave a list, a heading or a comment), what has a meaning in Markdown is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

TAG = re.compile(r"</?([A-Za-z][\w-]*)\s*/?>")
UNSEEN_TAGS = ("<!", "<?")
_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~&]")
_AT_START = re.compile(r"(\d{1,9})?([-+=]|(?<=\d)[.)])")
# Half of something: with text that comes to stand after it, it must not become whole.
_HALF = re.compile(r"`|<(?=[A-Za-z!/?]|$)|\](?=\()")


def parse_inline(content: str, references: Mapping[str, Any] | None = None) -> list[Any]:
    """The tokens of inline Markdown; `references` are link definitions as markdown-it has them."""
    tokens = _parser().parseInline(content, {"references": references or {}})
    return list(tokens[0].children or []) if tokens else []


def write(tokens: Sequence[Any]) -> list[str]:
    """Markdown for these tokens, line by line, that stays whole whatever stands beside it."""
    runs = list(_runs(tokens))
    lines = [_written(run) for run in runs]
    if not _same(" ".join(lines), tokens):
        lines = [_seen(run, escaped=True) for run in runs]
    return [one for one in (" ".join(line.split()) for line in lines) if one]


def standing_alone(text: str, *, more: Sequence[str] = ()) -> str:
    """The text so that it begins a paragraph: "1. Goals" would begin a list.

    `more` are the lines that follow it in the paragraph.
    """
    whole = " ".join([text, *more])
    if _in_paragraph(whole) is not None:
        return text
    said = _seen(parse_inline(whole))
    for start in (f"\\{text}", re.sub(r"^(\d+)", r"\1\\", text)):
        tokens = _in_paragraph(" ".join([start, *more]))
        if tokens is not None and _seen(tokens) == said:
            return start
    return escape(_seen(parse_inline(text)))


def escape(text: str) -> str:
    """Plain text as Markdown that says just that, on one line."""
    text = _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
    found = _AT_START.match(text)
    return f"{found[1] or ''}\\{text[found.start(2) :]}" if found else text


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    # Escapes and entities are left apart from text, so that they can be written as they were.
    return MarkdownIt("commonmark", {"store_labels": True}).enable("table").disable("text_join")


def _in_paragraph(text: str) -> list[Any] | None:
    """The inline tokens of a line that is one paragraph, else None."""
    tokens = _parser().parse(text)
    alone = [one.type for one in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    return list(tokens[1].children or []) if alone else None


def _same(text: str, tokens: Sequence[Any]) -> bool:
    return _seen(parse_inline(" ".join(text.split()))).split() == _seen(tokens).split()


def _runs(tokens: Sequence[Any]) -> Iterator[list[Any]]:
    """The tokens of each line. A break within a link does not part it: it must close."""
    run: list[Any] = []
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type in ("softbreak", "hardbreak") and not depth:
            yield run
            run = []
        else:
            run.append(token)
    yield run


def _written(tokens: Sequence[Any]) -> str:
    """Markdown for these tokens, without emphasis."""
    parts: list[str] = []
    links: list[str] = []
    for token in tokens:
        if token.type == "text":
            parts.append(_HALF.sub(r"\\\g<0>", token.content))
        elif token.type == "text_special":
            parts.append(token.markup)
        elif token.type == "code_inline":
            parts.append(_code(token))
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "html_inline" and not token.content.startswith(UNSEEN_TAGS):
            # A name in angle brackets is how people write a placeholder; attributes hide words.
            parts.append(token.content if TAG.fullmatch(token.content) else escape(token.content))
        elif token.type == "link_open":
            auto = token.markup == "autolink"
            links.append(">" if auto else f"]({_address(token.attrs['href'])})")
            parts.append("<" if auto else "[")
        elif token.type == "link_close":
            parts.append(links.pop())
        elif token.type == "image":
            parts.append(f"![{_written(token.children or [])}]({_address(token.attrs['src'])})")
    return "".join(parts)


def _code(token: Any) -> str:
    pad = " " if token.content.startswith(("`", " ")) or token.content.endswith(("`", " ")) else ""
    return f"{token.markup}{pad}{token.content}{pad}{token.markup}"


def _address(address: object) -> str:
    text = str(address)
    return f"<{text}>" if re.search(r"[()\s]", text) or not text else text


def _seen(tokens: Sequence[Any], *, escaped: bool = False) -> str:
    """What these tokens say, as plain text; or as Markdown that says it without links and tags."""
    parts: list[str] = []
    links: list[str] = []
    for token in tokens:
        if token.type == "code_inline":
            parts.append(_code(token) if escaped else token.content)
            continue
        text = ""
        if token.type in ("text", "text_special"):
            text = token.content
        elif token.type in ("softbreak", "hardbreak"):
            text = " "
        elif token.type == "html_inline" and not token.content.startswith(UNSEEN_TAGS):
            text = token.content
        elif token.type == "link_open":
            links.append("" if token.markup == "autolink" else f" ({token.attrs['href']})")
        elif token.type == "link_close":
            text = links.pop()
        elif token.type == "image":
            text = f"{_seen(token.children or [])} ({token.attrs['src']})"
        parts.append(_SPECIAL.sub(r"\\\g<0>", text) if escaped else text)
    return "".join(parts)
