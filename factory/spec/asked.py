"""What to check when somebody names files and folders: each repository of them once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from factory.errors import InputError
from factory.spec.library import (
    AROUND_FOLDERS,
    CONFIGURATION,
    is_repository,
    is_spec_name,
    repository_of,
    specs_below,
)
from factory.spec.strays import is_stray


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What is checked together.

    `root` is the specs repository it belongs to, None where it belongs to none; `named` are the
    specs that somebody asked about, `files` all of the repository; `strays` are files among those
    asked about that nobody reads as specs; `around` are files and folders asked about that surround
    specs: context, templates, factory.yml. All are relative to here.
    """

    root: Path | None
    named: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()
    around: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it is a repository, and all specs of it were asked about."""
        asked = bool(self.named or self.strays) or not self.around
        return self.root is not None and asked and len(self.named) == len(self.files)


def batches(paths: Sequence[Path]) -> list[Batch]:
    """What to check when somebody names these files and folders.

    A repository that holds no spec is there as well: what surrounds specs can be checked.

    Raises:
        InputError: one does not exist or is nothing to check, or there is nothing in any of them.
    """
    asked: dict[Path | None, _Asked] = {}
    for path in paths:
        around = _around(path)
        if around is not None:
            asked.setdefault(around, _Asked()).around[os.path.relpath(path)] = None
        elif path.is_dir() and (path / "specs").is_dir():
            # All are this repository's, whatever in `specs` looks like another one.
            one = asked.setdefault(_root(path), _Asked())
            specs, strays = specs_below(path / "specs")
            one.named.update(dict.fromkeys(specs))
            one.strays.update(dict.fromkeys(strays))
        elif path.is_dir():
            specs, strays = specs_below(path)
            for name, root in _with_repositories(specs):
                asked.setdefault(root, _Asked()).named[name] = None
            for name, root in _with_repositories(strays):
                if root is not None:  # Elsewhere a text may be anything.
                    asked.setdefault(root, _Asked()).strays[name] = None
            if not specs and is_repository(path):
                asked.setdefault(_root(path), _Asked())
        elif path.is_file():
            one = asked.setdefault(repository_of(path), _Asked())
            (one.strays if _is_no_spec(path) else one.named)[os.path.relpath(path)] = None
        else:
            raise InputError("there is no such file or folder", path=str(path))
    found = [_batch(root, one) for root, one in asked.items()]
    if not any(one.root or one.named or one.strays for one in found):
        raise nothing_found(paths)
    return found


def nothing_found(paths: Sequence[Path]) -> InputError:
    """There is no spec where one was looked for."""
    return InputError(
        "no spec found", path=str(paths[0] if paths else "."), mend="name a folder of specs"
    )


def repository(root: Path) -> Batch:
    """All of a specs repository: there may be no spec in it."""
    specs, strays = specs_below(root / "specs") if (root / "specs").is_dir() else ([], [])
    return Batch(root=_root(root), named=tuple(specs), files=tuple(specs), strays=tuple(strays))


class _Asked(msgspec.Struct):
    """Of one repository, each name once and in order."""

    named: dict[str, None] = msgspec.field(default_factory=dict)
    strays: dict[str, None] = msgspec.field(default_factory=dict)
    around: dict[str, None] = msgspec.field(default_factory=dict)


def _around(path: Path) -> Path | None:
    """The repository, relative to here, whose specs a file or folder surrounds; else None."""
    whole = path.absolute()
    if whole.name == CONFIGURATION and path.is_file():
        return Path(os.path.relpath(whole.parent))
    if not path.exists():
        return None
    for folder in (whole, *whole.parents):
        if folder.name in AROUND_FOLDERS and folder.is_dir():
            root = folder.parent
            if (root / "specs").is_dir() or (root / CONFIGURATION).is_file():
                if path.is_file() and _is_readme(path):
                    raise _no_spec(path)
                return Path(os.path.relpath(root))
    return None


def _is_no_spec(path: Path) -> bool:
    """Whether a file that somebody names is a text that is not read as a spec.

    Raises:
        InputError: it is nothing of the kind.
    """
    if is_spec_name(path.name):
        return False
    if _is_readme(path) or not is_stray(path.name):
        raise _no_spec(path)
    return True


def _is_readme(path: Path) -> bool:
    return path.name.lower() == "readme.md"


def _no_spec(path: Path) -> InputError:
    return InputError(
        "is no spec, and nothing else that the gate reads",
        path=str(path),
        mend="name a spec, whose name ends in `.md`, or the folder of its repository",
    )


def _with_repositories(names: Iterable[str]) -> Iterator[tuple[str, Path | None]]:
    """Each file and its repository, which is looked for once in a folder."""
    known: dict[str, Path | None] = {}
    for name in names:
        folder = os.path.dirname(name)  # noqa: PTH120 - ten thousand paths as text
        if folder not in known:
            known[folder] = repository_of(Path(name))
        yield name, known[folder]


def _root(path: Path) -> Path | None:
    """The folder, relative to here, if it is a specs repository."""
    return Path(os.path.relpath(path)) if is_repository(path) else None


def _batch(root: Path | None, asked: _Asked) -> Batch:
    named, strays, around = map(tuple, (asked.named, asked.strays, asked.around))
    if root is None or (around and not named):
        return Batch(root=root, named=named, files=named, strays=strays, around=around)
    known = frozenset(named)
    here = root / "specs"
    others = [name for name in specs_below(here)[0] if name not in known]
    if others:
        real = {os.path.realpath(name) for name in named}
        others = [name for name in others if os.path.realpath(name) not in real]
    # By place, so that the later of two is the same one whichever was asked about.
    files = tuple(sorted((*named, *others))) if others else named
    return Batch(root=root, named=named, files=files, strays=strays, around=around)
