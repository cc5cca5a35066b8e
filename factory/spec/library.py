"""Where specs are: below the folder `specs` of a repository, or in a folder that somebody names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import InputError
from factory.spec.strays import is_stray

if TYPE_CHECKING:
    from factory.spec.document import SpecDocument

# By itself: what reads this file takes longer to import than a spec to check.
CONFIGURATION = "factory.yml"
# What surrounds the specs of a repository, and is checked with them or by itself.
AROUND_FOLDERS = frozenset(("context", "agents", "spec-templates"))
_MARKS_A_REPOSITORY = (CONFIGURATION, "context", "spec-templates")
# Markdown of a specs repository that is no spec; below `specs` all folders are of specs.
_OTHER_FOLDERS = AROUND_FOLDERS | {".github", ".git"}


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
    return [Path(name) for name in specs_below(root)[0]]


def is_spec_path(path: str) -> bool:
    """Whether `path`, from the root of a specs repository, is that of a spec file."""
    return path.startswith("specs/") and is_spec_name(path)


def is_spec_name(path: str) -> bool:
    """Whether a file in the folder of specs or below is a spec, by its name."""
    name = path.rpartition("/")[2]
    return name.endswith(".md") and name.lower() != "readme.md"


def read_library(folder: Path) -> list[SpecDocument]:
    """Read every spec; raises InputError for the first that cannot be read."""
    from factory.spec.document import read_spec

    return [read_spec(path) for path in find_specs(folder)]


def repository_of(path: Path) -> Path | None:
    """The specs repository that a spec file belongs to, relative to here; else None."""
    for folder in path.absolute().parents:
        if folder.name != "specs":
            continue
        if is_repository(folder.parent):
            return Path(os.path.relpath(folder.parent))
    return None


def is_repository(root: Path) -> bool:
    """Whether a folder has what marks a specs repository, be it a link that leads nowhere."""
    return any(os.path.lexists(root / mark) for mark in _MARKS_A_REPOSITORY)


def specs_below(root: Path) -> tuple[list[str], list[str]]:
    """The specs of a folder, and what its author may take for one and nobody reads.

    Both are relative to here, by name. Links are not followed.

    Raises:
        InputError: a folder cannot be listed.
    """
    specs: list[str] = []
    strays: list[str] = []
    within = "specs" in root.absolute().parts
    for folder, folders, files in os.walk(os.path.relpath(root), onerror=_unlisted):
        if not within:
            folders[:] = [name for name in folders if name not in _OTHER_FOLDERS]
        for name in files:
            path = os.path.normpath(os.path.join(folder, name))  # noqa: PTH118 - ten thousand
            if is_spec_name(name):
                (strays if os.path.islink(path) else specs).append(path)  # noqa: PTH114
            elif is_stray(name):
                strays.append(path)
        for name in folders:
            path = os.path.normpath(os.path.join(folder, name))  # noqa: PTH118
            if within and os.path.islink(path):  # noqa: PTH114
                strays.append(path)
    return sorted(specs), sorted(strays)


def _unlisted(error: OSError) -> None:
    if isinstance(error, FileNotFoundError):
        return  # A repository may have no spec yet.
    raise InputError(
        f"cannot be listed: {error.strerror}", path=str(error.filename), mend="make it readable"
    ) from error
