"""Where our own data files are: in the tree beside the package, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

from factory.errors import Bug

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """`examples` or `spec-templates`.

    Raises:
        Bug: the installation lacks it.
    """
    for place in (_PACKAGE / "data" / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise Bug(f"this installation lacks its folder {name!r}")
