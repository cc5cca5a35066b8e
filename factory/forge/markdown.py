"""Untrusted text made safe to stand in Markdown that GitHub renders."""

from __future__ import annotations

import re
import unicodedata

# Backslash escapes any ASCII punctuation (CommonMark 0.31, section 2.4); these are all that can
# begin or end a construct inside a line, or a table cell.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()!|~^$:+.-])")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
# Mentions and issue links are made from the rendered text, which no escape can stop, but an
# HTML comment parts it into two text nodes.
_PARTED = r"\g<0><!-- -->"
_LINKED = re.compile(r"[@#]|\bgh(?=\\-[0-9])", re.IGNORECASE)


def plain(text: str, *, limit: int) -> str:
    """One line of `text` without control, format or bidi characters, at most `limit` long."""
    visible = "".join(
        " " if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Zs") else one
        for one in text[: limit * 4]
        if unicodedata.category(one) not in ("Cf", "Cs", "Co", "Cn")
    )
    line = re.sub(r" +", " ", visible).strip()
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def escaped(text: str, *, limit: int) -> str:
    """`plain` text that renders as itself: no markup, HTML, link, mention or table cell."""
    html = "".join(_HTML.get(one, one) for one in plain(text, limit=limit))
    # The entities hold none of the special characters, so that escaping cannot break them.
    safe = _SPECIAL.sub(r"\\\1", html)
    return _LINKED.sub(_PARTED, safe)
