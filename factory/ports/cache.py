"""Where what can be made anew is kept between commands."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """`FACTORY_CACHE`, else the user's cache folder by the XDG Base Directory Specification.

    It need not exist yet.
    """
    own = os.environ.get("FACTORY_CACHE")
    if own:
        return Path(own)
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "dark-factory"
