"""A Markdown file as a reader of the rendered page sees it: without front matter and comments.

What nobody reviews must not reach an agent, so that an order cannot hide in a comment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from factory.spec.parts import parts_with_comments
from factory.spec.tokens import tokens_with_html

# Controls but tab, and what Unicode calls default ignorable: soft hyphen, fillers, zero-width
# space, bidi controls, invisible operators, separators, variation selectors, byte order mark,
# tags; and what stands for an object that is not there. Joiners and the selector of emoji are
# needed by scripts and emoji; beside a Latin letter they hide.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e"
    "\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffc"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    "|(?<=[A-Za-z\xc0-\u024f])[\u200c\u200d\ufe0f]|[\u200c\u200d](?=[A-Za-z\xc0-\u024f])"
)
# In most texts there are none of them, and not even a joiner, which is found out faster; what is
# plain for sure need not be looked at.
_PLAIN = b"\t\n" + bytes(range(ord(" "), 0x7F))
_MAYBE_HIDDEN = re.compile(f"{HIDDEN.pattern.partition('|')[0]}|[\u200c\u200d\ufe0f]")
HIDDEN_IN_LINE = re.compile(f"[\n\t\ud800-\udfff]|{HIDDEN.pattern}")
"""The same in a text that is to stand on one line, from YAML, where escapes can write anything."""
_COMMENT = re.compile(
    r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<![A-Za-z].*?(?:>|\Z)",
    re.DOTALL,
)
"""HTML comments, and what else of HTML no browser shows: instructions, CDATA, declarations."""
_OPENINGS = ("<!", "<?")


def hidden_characters(text: str) -> Iterator[tuple[int, int, str]]:
    """(line, column, `U+…`) of the first character on each line that nobody sees."""
    if _MAYBE_HIDDEN.search(text.encode("utf-8", "replace").translate(None, _PLAIN).decode()):
        for number, line in enumerate(text.split("\n"), 1):
            found = HIDDEN.search(line)
            if found:
                yield number, found.start() + 1, f"U+{ord(found[0]):04X}"


def body_of(text: str) -> str:
    """A spec's Markdown without its front matter, comments and all; lines stay where they were."""
    lines = text.split("\n")
    return body_below(text, lines, front_end(lines))


def body_below(text: str, lines: Sequence[str], end: int) -> str:
    """The same of a text whose `lines` are known, and which of them closes the front matter."""
    return "\n" * end + text[sum(map(len, lines[:end])) + end :] if end else text


def front_end(lines: Sequence[str]) -> int:
    """The 1-based number of the line that closes the front matter; 0 where there is none."""
    if lines[0].strip() != "---":
        return 0
    return next((n for n, line in enumerate(lines[1:], 2) if line.rstrip() == "---"), 0)


def without_comments(text: str) -> str:
    """The text with every comment taken out; what stands in code stays as it is.

    A comment is HTML that no page shows, or a link reference definition that no link uses
    (`[//]: # (…)`). Lines stay where they were, so that a line number means the same with and
    without comments.
    """
    if not any(opening in text for opening in (*_OPENINGS, "]:")):
        return text
    lines = text.split("\n")
    for start, end, whole in _places(text):
        kept = "\n" * (end - start - 1)
        if not whole:
            kept = _COMMENT.sub(_line_ends, "\n".join(lines[start:end]))
        lines[start:end] = kept.split("\n")
    return "\n".join(lines)


def without_holes(text: str) -> str:
    """The text without comments, and one blank line for those that a comment stood among.

    Lines move up, so this is for what is read and never pointed into. One line stays blank, or two
    paragraphs would become one.
    """
    lines, seen = text.split("\n"), without_comments(text).split("\n")
    if len(lines) != len(seen):  # A lone carriage return; the gate refuses it.
        return "\n".join(seen)
    kept: list[str] = []
    for is_blank, run in groupby(zip(lines, seen, strict=True), lambda pair: not pair[1].strip()):
        pairs = list(run)
        was_comment = is_blank and any(line.strip() for line, _ in pairs)
        kept += [""] if was_comment else [shown for _, shown in pairs]
    return "\n".join(kept)


def column_in(written: str, read: str, column: int) -> int:
    """Where a column of `read` stands in the line `written`, of which it is what comments leave.

    Columns are from 0.
    """
    places, shifts = _shifts(written, read)
    return column + shifts[bisect_right(places, column)]


@lru_cache(maxsize=16)
def _shifts(written: str, read: str) -> tuple[list[int], list[int]]:
    """The columns of `read` where a comment stood, and how much stood before each and at last."""
    places: list[int] = []
    shifts = [0]
    closing = written.find("-->") + len("-->")
    tail = written[:closing] if "-->" in written else ""
    if "<!--" not in tail and not read.startswith(tail):  # It began on a line above.
        places, shifts = [0], [0, closing]
    for found in _COMMENT.finditer(written, shifts[-1]):
        place = found.start() - shifts[-1]
        if not read.startswith(found[0], place):
            places.append(place)
            shifts.append(shifts[-1] + len(found[0]))
    return places, shifts


def one_line(text: str) -> str:
    """Untrusted text as part of a line of ours: white space as one space, the unprintable as ?."""
    return "".join(one if one.isprintable() else "?" for one in " ".join(text.split()))


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, `…` for what is left out."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _line_ends(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _places(text: str) -> Iterator[tuple[int, int, bool]]:
    """(first line, one past the last, whether it is nothing else) of each block with a comment."""
    if "]:" not in text:
        for before, part in parts_with_comments(text):
            for token in tokens_with_html(part, tables=False):
                if _has_a_comment(token):
                    yield before + token.map[0], before + token.map[1], False
        return
    # What defines a link is hidden where no link uses it: all text has to be read for that.
    from markdown_it import MarkdownIt

    options = {"inline_definitions": True, "store_labels": True}
    tokens = MarkdownIt("commonmark", options).parse(text)
    used = {child.meta.get("label") for token in tokens for child in token.children or ()}
    for token in tokens:
        hidden = any(map(_is_hidden, token.children or ())) or (
            token.type == "html_block" and any(one in token.content for one in _OPENINGS)
        )
        unused = token.type == "definition" and token.meta["id"] not in used
        if token.map and (hidden or unused):
            yield token.map[0], token.map[1], unused


def _has_a_comment(token: Any) -> bool:
    if not token.map or not any(one in token.content for one in _OPENINGS):
        return False
    return token.type == "html_block" or (
        token.type == "inline" and any(map(_is_hidden, _inline(token.content)))
    )


def _is_hidden(inline: Any) -> bool:
    return bool(inline.type == "html_inline" and inline.content.startswith(_OPENINGS))


def _inline(text: str) -> Sequence[Any]:
    found: Sequence[Any] = _whole().parseInline(text)[0].children
    return found


@cache
def _whole() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")
