"""Step code of a suite: read, never loaded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from factory.errors import InputError
from factory.scenarios.rules.found import finding
from factory.spec.finding import Finding
from factory.spec.text_file import read_text_file

LIMIT_BYTES = 1024 * 1024


def check_code(path: Path, shown: str) -> Iterator[Finding]:
    """Calls of `sleep` in a Python file; `shown` is what to call it.

    A file that is no Python is left to the runner, which says so before it runs anything.
    """
    try:
        text = read_text_file(path, shown=shown, limit_bytes=LIMIT_BYTES).text
    except InputError as error:
        yield finding("unreadable", shown, (error.line or 1, 1), error.message, error.mend)
        return
    for place in sleeps(text):
        yield finding(
            "sleep", shown, place, "this step sleeps for a fixed time",
            "ask again and again until what is expected is seen",
        )  # fmt: skip


def sleeps(text: str) -> Iterator[tuple[int, int]]:
    """(line, column) of each call of something named `sleep`."""
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and _name(node.func) == "sleep":
                yield node.lineno, node.col_offset + 1


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
