"""Files that a command writes where nothing was: no file is ever overwritten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from factory.errors import InputError

Exists = Callable[[Path], InputError]
"""What to tell of a path at which something is already."""


def require_free(path: Path, exists: Exists) -> None:
    """Raises what `exists` gives where something is at `path`, be it a link to nowhere."""
    if path.exists() or path.is_symlink():
        raise exists(path)


def write_new(path: Path, text: str, exists: Exists) -> None:
    """Write a file, and the folders above it, with lines that end in a line feed.

    Raises:
        InputError: what `exists` gives, or the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise exists(path) from error
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=str(path)) from error
