"""A code block or a comment that nobody closed: what follows it is read by no rule.

Markdown lets one run to the end of the document, or to whatever closes the next. The sections and
requirements that it takes in then seem to be missing, so it is told by itself, where it begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from factory.errors import InputError
from factory.spec.language.late import late
from factory.spec.tokens import tokens_with_html

# A section, or a requirement: what the rules would miss.
_SWALLOWED = late(
    r"^[ \t>]*(##[ \t]+\S.{0,60}|[-*+][ \t]+[REC]\d{1,4}[ \t]*[:,].{0,60})", re.MULTILINE
)
_FENCE = late(r"^[ \t>]*(?:[-*+] +)?(`{3,}|~{3,})(.*)$", re.MULTILINE)
_COMMENT, _END = "<!--", "-->"


class _Run(NamedTuple):
    """A block that runs until what closes it; `closed` is whether anything does."""

    line: int  # Of its beginning, 1-based.
    begins: str
    text: str
    closed: bool


def require_closed(body: str, *, path: str) -> None:
    """Refuse a document in which a code block or a comment is left open and takes something in.

    Args:
        body: the document, comments and all, with empty lines in place of its front matter.
        path: what to call it in messages.

    Raises:
        InputError: one is left open; with its line.
    """
    if not _looks_open(body):
        return
    runs = list(_runs(tokens_with_html(body, tables=False), body.split("\n")))
    last = next((run for run in runs if not run.closed), None)
    for run in runs:
        swallowed = _SWALLOWED.search(run.text)
        if swallowed is None or not (
            # Of an odd number of fences the last is open, but an earlier one was forgotten.
            (last is not None and last.begins[0] == run.begins[0])
            or _opens_again(run, swallowed.end())
        ):
            continue
        number = run.line + run.text.count("\n", 0, swallowed.start())
        comment = run.begins == _COMMENT
        raise InputError(
            f"the {'comment' if comment else 'code block'} that begins here is not closed, and "
            f"takes in `{swallowed[1].rstrip()}` in line {number}",
            path=path,
            line=run.line,
            column=1,
            mend=f"write {_END if comment else run.begins} on a line of its own where it ends",
        )


def _looks_open(body: str) -> bool:
    """A quick look that spares most documents a further parse; it may take one for open that is
    not, such as a fence in a list."""
    if _COMMENT in body:
        pieces = body.split(_COMMENT)[1:]
        if any(_END not in piece for piece in pieces):
            return True
    if "```" not in body and "~~~" not in body:
        return False
    opened = ""
    for mark, info in _FENCE.findall(body):
        if not opened:
            opened = mark
        elif mark[0] == opened[0] and len(mark) >= len(opened):
            if info.strip():
                return True
            opened = ""
    return bool(opened)


def _opens_again(run: _Run, behind: int) -> bool:
    """Whether another one begins inside, behind a heading: then this one should have ended."""
    sign = rf"^[ \t>]*{re.escape(run.begins)}" + (r"[ \t]*\w" if run.begins[0] in "`~" else "")
    return re.search(sign, run.text[behind:], re.MULTILINE) is not None


def _runs(tokens: Iterable[Any], lines: Sequence[str]) -> Iterator[_Run]:
    for token in tokens:
        if token.type == "fence":
            start, end = token.map
            final = lines[end - 1].lstrip(" \t>").rstrip()
            closed = end - 1 > start and bool(final) and not final.strip(token.markup[0])
            begins = token.markup
        elif token.type == "html_block" and token.content.lstrip().startswith(_COMMENT):
            start, end = token.map
            closed, begins = _END in token.content, _COMMENT
        else:
            continue
        text = "\n".join(lines[start:end])
        yield _Run(start + 1, begins, text, closed or _more(lines, end))


def _more(lines: Sequence[str], end: int) -> bool:
    """Whether something stands behind it: then the list or quote around it ended it."""
    return any(line.strip() for line in lines[end:])
