"""A file that nobody else has: made by us, where nothing was before."""

from __future__ import annotations

import os
from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def open_new(path: Path, mode: int = 0o600) -> int:
    """A descriptor to write with, which the caller closes. `mode` is who may read it; without one
    its owner alone. Raises OSError, also where anything is there already, a link included."""
    return os.open(path, _FLAGS, mode)
