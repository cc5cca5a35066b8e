"""Where specs are: in a specs repository, or in files that somebody names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import InputError

if TYPE_CHECKING:
    from factory.spec.document import SpecDocument

# Markdown of a specs repository that is no spec.
_OTHER_FOLDERS = frozenset(("context", "agents", "spec-templates", ".github", ".git"))
_MARKS_A_REPOSITORY = ("factory.yml", "context", "spec-templates")


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Specs that are checked together.

    `root` is the specs repository they belong to, None where they belong to none; `named` are the
    files that somebody asked about, `files` all of the repository. All are relative to here.
    """

    root: Path | None
    named: tuple[str, ...]
    files: tuple[str, ...]


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
    return _markdown_below(root)


def is_spec_path(path: str) -> bool:
    """Whether `path`, from the root of a specs repository, is that of a spec file."""
    name = path.rpartition("/")[2]
    return path.startswith("specs/") and name.endswith(".md") and name.lower() != "readme.md"


def read_library(folder: Path) -> list[SpecDocument]:
    """Read every spec; raises InputError for the first that cannot be read."""
    from factory.spec.document import read_spec

    return [read_spec(path) for path in find_specs(folder)]


def batches(paths: Sequence[Path]) -> list[Batch]:
    """What to check when somebody names these files and folders.

    Raises:
        InputError: one does not exist, or there is no spec in any of them.
    """
    named: dict[str, Path | None] = {}
    for path in paths:
        if path.is_dir() and (path / "specs").is_dir():
            # All are this repository's, whatever in `specs` looks like another one.
            root = Path(os.path.relpath(path)) if _is_repository(path) else None
            named.update(dict.fromkeys(map(os.path.relpath, find_specs(path)), root))
        elif path.is_dir():
            named.update(
                (os.path.relpath(one), repository_of(one)) for one in _markdown_below(path)
            )
        elif path.is_file():
            named[os.path.relpath(path)] = repository_of(path)
        else:
            raise InputError("there is no such file or folder", path=str(path))
    if not named:
        raise InputError(
            "no spec found", path=str(paths[0] if paths else "."), mend="name a folder of specs"
        )
    by_root: dict[Path | None, list[str]] = {}
    for name, root in named.items():
        by_root.setdefault(root, []).append(name)
    return [_batch(root, files) for root, files in by_root.items()]


def repository_of(path: Path) -> Path | None:
    """The specs repository that a spec file belongs to, relative to here; else None."""
    for folder in path.absolute().parents:
        if folder.name != "specs":
            continue
        if _is_repository(folder.parent):
            return Path(os.path.relpath(folder.parent))
    return None


def _is_repository(root: Path) -> bool:
    return any((root / mark).exists() for mark in _MARKS_A_REPOSITORY)


def _batch(root: Path | None, named: Iterable[str]) -> Batch:
    mine = tuple(named)
    if root is None:
        return Batch(root=None, named=mine, files=mine)
    known = {os.path.realpath(name) for name in mine}
    others = [
        os.path.relpath(one) for one in find_specs(root) if os.path.realpath(one) not in known
    ]
    # By place, so that the later of two is the same one whichever was asked about.
    return Batch(root=root, named=mine, files=tuple(sorted((*mine, *others))) if others else mine)


def _markdown_below(root: Path) -> list[Path]:
    return sorted(
        path
        for path in root.rglob("*.md")
        if path.name.lower() != "readme.md"
        and _OTHER_FOLDERS.isdisjoint(path.relative_to(root).parts[:-1])
        and path.is_file()
        and not path.is_symlink()
    )
