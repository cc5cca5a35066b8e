"""A finding's path as a terminal, a GitHub runner or a URI takes it, whatever is in it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from factory.cli.output import is_shown

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def shown(path: str) -> str:
    """The path on one line: what a terminal or a GitHub runner would act on is escaped."""
    text = "".join(char if is_shown(char) else _escaped(char) for char in path)
    text = text.replace("##[", "##\\x5b")
    return text.replace(":", "\\x3a", 1) if text.lstrip().startswith("::") else text


def in_repository(path: str, env: Mapping[str, str]) -> str:
    """The path from the top of the repository in a GitHub job, else as it is.

    GitHub takes paths from there, wherever in it the command ran.
    """
    workspace = env.get("GITHUB_WORKSPACE")
    if not workspace:
        return path
    found = os.path.relpath(Path.cwd() / path, Path(workspace).resolve())
    return path if found.startswith("../") else found


def uri(path: str) -> str:
    """A relative URI reference; for a path that leads out of the folder an absolute one.

    The standard refuses `..` (SARIF 2.1.0, section 3.10.2).
    """
    if path.startswith(("/", "../")):
        return "file://" + quote(os.fsencode(Path(path).resolve()))
    return quote(os.fsencode(os.path.normpath(path)))  # `:` too: no first part is a scheme.


def _escaped(char: str) -> str:
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if 0xDC80 <= code <= 0xDCFF:  # A byte of a name that is no UTF-8 (PEP 383).
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}"
