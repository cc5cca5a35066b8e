"""Write a file that only its owner may read: each of these reports quotes scenarios."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from scenario_runner.errors import UsageFault
from scenario_runner.new_file import open_new


def claim(path: Path, option: str) -> None:
    """Before a run: make sure that the file can be written, and remove an old one, which must
    never be taken for this run's. Raises UsageFault, naming the option."""
    try:
        if path.is_dir() or (path.exists() and not path.is_file()):
            raise UsageFault(f"{option}: {path} is not a regular file; name a file to write")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        probe = _scratch(path)
        os.close(open_new(probe))
        probe.unlink()
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise UsageFault(f"{option}: {path} cannot be written ({reason})") from None


def write(path: Path, parts: Iterable[str]) -> None:
    """Atomically, with mode 0600; a link at `path` is replaced, never followed. What UTF-8 cannot
    hold (half a surrogate pair) becomes a question mark. Raises OSError."""
    scratch = _scratch(path)
    try:
        with os.fdopen(open_new(scratch), "w", encoding="utf-8", errors="replace") as stream:
            for part in parts:
                stream.write(part)
        os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)


def _scratch(path: Path) -> Path:
    return path.parent / f".{secrets.token_hex(8)}.part"
