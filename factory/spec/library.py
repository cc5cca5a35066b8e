"""Where specs are: in a specs repository, or in files that somebody names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
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
    return [Path(name) for name in _markdown_below(root)]


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
            named.update(dict.fromkeys(_markdown_below(path / "specs"), root))
        elif path.is_dir():
            named.update(_with_repositories(_markdown_below(path)))
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


def _with_repositories(names: Iterable[str]) -> Iterator[tuple[str, Path | None]]:
    """Each file and its repository, which is looked for once in a folder."""
    known: dict[str, Path | None] = {}
    for name in names:
        folder = os.path.dirname(name)  # noqa: PTH120 - ten thousand paths as text
        if folder not in known:
            known[folder] = repository_of(Path(name))
        yield name, known[folder]


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
    known = frozenset(mine)
    others = [name for name in _markdown_below(root / "specs") if name not in known]
    if others:
        real = {os.path.realpath(name) for name in mine}
        others = [name for name in others if os.path.realpath(name) not in real]
    # By place, so that the later of two is the same one whichever was asked about.
    return Batch(root=root, named=mine, files=tuple(sorted((*mine, *others))) if others else mine)


def _markdown_below(root: Path) -> list[str]:
    """The Markdown files of a folder that may be specs, relative to here, by name."""
    found = []
    for folder, folders, files in os.walk(os.path.relpath(root)):
        folders[:] = [name for name in folders if name not in _OTHER_FOLDERS]
        for name in files:
            path = os.path.join(folder, name)  # noqa: PTH118 - ten thousand paths as text
            if is_spec_name(name) and not os.path.islink(path):  # noqa: PTH114
                found.append(os.path.normpath(path))
    return sorted(found)
