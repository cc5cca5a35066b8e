"""The parts of a Markdown text that can be read one by one, since each begins with a heading.

Comments stand in few of them, and to read a whole spec once more for its comments took as long as
half of the gate (bench/gate.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADING = re.compile(r"^(?=## )", re.MULTILINE)
# What may take in the heading that follows: a fence, and what else of HTML is no comment.
_MAY_GO_ON = re.compile(r"```|~~~|<\?|<!(?!--)|^[ \t>*+.)0-9-]*<(?!!--)", re.MULTILINE)


def parts_with_comments(text: str) -> Iterator[tuple[int, str]]:
    """(lines before it, part) of each part that a comment may stand in; of a text in which a part
    may reach beyond the next heading, the whole."""
    parts = [] if _MAY_GO_ON.search(text) else _HEADING.split(text)
    if not parts or any(one.rfind("<!--") > one.rfind("-->") for one in parts):
        yield 0, text
        return
    before = 0
    for part in parts:
        if "<!" in part:
            yield before, part
        before += part.count("\n")
