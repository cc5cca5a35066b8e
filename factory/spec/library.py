"""All specs of a specs repository."""

from __future__ import annotations

from pathlib import Path

from factory.errors import InputError
from factory.spec.document import SpecDocument, read_spec


def find_specs(folder: Path) -> list[Path]:
    """Every spec file in `folder`/specs and below, sorted; links are not followed.

    Raises:
        InputError: there is no folder `specs`.
    """
    root = folder / "specs"
    if not root.is_dir():
        raise InputError(
            "there is no folder `specs` here",
            path=str(folder),
            mend="name your specs repository with --specs, or make the folder",
        )
    return sorted(
        path
        for path in root.rglob("*.md")
        if path.is_file() and not path.is_symlink() and path.name.lower() != "readme.md"
    )


def read_library(folder: Path) -> list[SpecDocument]:
    """Read every spec; raises InputError for the first that cannot be read."""
    return [read_spec(path) for path in find_specs(folder)]
