"""What browser steps need on this machine: two packages and a Chromium. Nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from functools import cache
from importlib.util import find_spec

SETTING = "FACTORY_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PACKAGES = {"playwright": "playwright", "axe_playwright_python": "axe-playwright-python"}


def chromium() -> str | None:
    """The absolute path of the browser: what FACTORY_CHROMIUM names, else the first on PATH."""
    named = os.environ.get(SETTING)
    for name in (named,) if named else _NAMES:
        found = shutil.which(name)
        if found:
            return os.path.realpath(found) if os.path.islink(found) else os.path.abspath(found)
    return None


@cache
def missing() -> str | None:
    """Why steps of the browser cannot run here, and the mend; None where they can."""
    absent = [package for name, package in _PACKAGES.items() if find_spec(name) is None]
    if absent:
        return f"steps of the browser need a package more: pip install {' '.join(absent)}"
    if chromium() is None:
        named = os.environ.get(SETTING)
        looked = (
            f'{SETTING} names "{named}"' if named else f"none of {', '.join(_NAMES)} is on PATH"
        )
        return (
            f"steps of the browser need a Chromium, and {looked}: "
            f"apt-get install chromium, or set {SETTING} to its path"
        )
    return None
