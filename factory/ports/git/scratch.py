"""A bare repository that lives as long as one piece of work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch(path: Path) -> Iterator[Path]:
    """`path`, empty at the start of the block and gone after it.

    What a killed run left under the same name is cleared first, so nothing piles up.
    """
    if path.exists():
        shutil.rmtree(path)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
