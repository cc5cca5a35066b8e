"""A code block or a comment that nobody closed: what follows it is read by no rule.

Markdown lets one run to the end of the document, or to whatever closes the next. The sections and
requirements that it takes in then seem to be missing, so it is told by itself, where it begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from factory.errors import InputError

# A section, or a requirement: what the rules would miss.
_SWALLOWED = re.compile(
    r"^[ \t>]*(##[ \t]+\S.{0,60}|[-*+][ \t]+[REC]\d{1,4}[ \t]*[:,].{0,60})", re.MULTILINE
)
_ENDS = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>"}
_RAW = re.compile(r"<(script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE)


class _Run(NamedTuple):
    """A block that runs until what closes it; `closed` is whether anything does."""

    line: int  # Of its beginning, 1-based.
    begins: str
    ends: str
    text: str
    closed: bool


def require_closed(tokens: Iterable[Any], lines: Sequence[str], path: str) -> None:
    """Refuse a document in which a code block or a comment is left open and takes something in.

    Args:
        tokens: those of its code blocks and blocks of HTML, of markdown-it.
        lines: the document's.
        path: what to call it in messages.

    Raises:
        InputError: one is left open; with its line.
    """
    runs = [run for token in tokens if (run := _run(token, lines))]
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
        raise _open(run, path, f"`{swallowed[1].rstrip()}` in line {number}")


def _opens_again(run: _Run, behind: int) -> bool:
    """Whether another one begins inside, behind a heading: then this one should have ended."""
    sign = rf"^[ \t>]*{re.escape(run.begins)}" + (r"[ \t]*\w" if run.begins[0] in "`~" else "")
    return re.search(sign, run.text[behind:], re.MULTILINE) is not None


def _run(token: Any, lines: Sequence[str]) -> _Run | None:
    if token.type == "fence":
        start, end = token.map
        final = lines[end - 1].lstrip(" \t>").rstrip()
        closed = end - 1 > start and not final.strip(token.markup[0]) and bool(final)
        text = "\n".join(lines[start:end])
        return _Run(start + 1, token.markup, token.markup, text, closed or _more(lines, end))
    if token.type == "html_block":
        text = token.content.lstrip()
        opening = next((one for one in _ENDS if text.startswith(one)), "")
        raw = _RAW.match(text)
        if opening or raw:
            ends = _ENDS[opening] if opening else f"</{raw[1]}>" if raw else ""
            closed = ends.lower() in text.lower() or (raw is not None and "</" in text)
            start, end = token.map
            begins = opening or text[: raw.end() if raw else 0]
            whole = "\n".join(lines[start:end])
            return _Run(start + 1, begins, ends, whole, closed or _more(lines, end))
    return None


def _more(lines: Sequence[str], end: int) -> bool:
    """Whether something stands behind it: then the list or quote around it ended it."""
    return any(line.strip() for line in lines[end:])


def _open(run: _Run, path: str, swallowed: str) -> InputError:
    tag = f"{run.begins}>" if run.begins[1:2].isalpha() else run.begins
    what = "comment" if run.begins == "<!--" else f"`{tag}` block"
    if run.begins[0] in "`~":
        what = "code block"
    return InputError(
        f"the {what} that begins here is not closed, and takes in {swallowed}",
        path=path,
        line=run.line,
        column=1,
        mend=f"write {run.ends} on a line of its own where it ends",
    )
