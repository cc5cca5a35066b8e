"""Where comments stand: HTML's in a leaf of Markdown, and YAML's in front matter.

Each character is looked at a few times, whatever an author opens and never closes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

import yaml

from factory.config.yaml_source import as_lines

_TICKS = re.compile("`+")
_OPENS = re.compile("<!--")
_OPENS_OR_CODE = re.compile(r"\\[\\`<]|`+|<!--")


def html_comments(text: str, *, with_code: bool) -> Iterator[tuple[int, int]]:
    """Where each comment begins and ends, its marks included.

    Args:
        text: a paragraph, a heading, a row or a block of HTML.
        with_code: whether backticks begin code, in which there are no comments; not so in HTML.

    One that is not closed ends with its line.
    """
    ticks: dict[int, list[int]] = {}
    for run in _TICKS.finditer(text) if with_code else ():
        ticks.setdefault(run.end() - run.start(), []).append(run.start())
    last_end = text.rfind("-->")
    markup = _OPENS_OR_CODE if with_code else _OPENS
    found = markup.search(text)
    while found:
        start, after = found.span()
        if found[0] == "<!--":
            closed = text.find("-->", after) + 3 if after <= last_end else 0
            after = closed or (text.find("\n", after) + 1 or len(text) + 1) - 1
            yield start, after
        elif found[0][0] == "`":
            same = ticks.get(after - start, [])
            closing = bisect_right(same, start)
            after = same[closing] + after - start if closing < len(same) else after
        found = markup.search(text, after)


class YamlComments:
    """The comments of a YAML text that can be parsed."""

    def __init__(self, text: str) -> None:
        self._starts: list[tuple[int, int]] = []
        self._ends: list[tuple[int, int]] = []
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for token in yaml.scan(as_lines(text), Loader=loader):
            if isinstance(token, yaml.ScalarToken):
                start, end = token.start_mark, token.end_mark
                block = token.style in ("|", ">")  # It begins on the line after its header.
                self._starts.append((start.line + 1, 0) if block else (start.line, start.column))
                self._ends.append((end.line, end.column))

    def begin_at(self, line: int, column: int) -> bool:
        """Whether a `#` at this place, from 0, is no part of a key or value."""
        at = bisect_right(self._starts, (line, column)) - 1
        return at < 0 or (line, column) >= self._ends[at]
