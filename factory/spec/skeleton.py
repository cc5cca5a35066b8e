"""Skeletons of whole repositories: what is in them, and how they are written all or not at all."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from factory import resources
from factory.errors import InputError
from factory.spec.front_matter import as_yaml

SKELETONS = ("specs", "scenarios", "product")
_KEPT = {".git"}  # What may be in the folder before: a repository without a commit.
_SHOWN = 20


class _Text(string.Template):
    """`%%{name}` stands for a value; `$` and braces are GitHub's and the shell's."""

    delimiter = "%%"
    idpattern = "[a-z_]+"
    flags = re.ASCII  # And no other case.


def render(
    kind: str, *, product: str, owner: str, repository: str, scenarios: str
) -> dict[str, str]:
    """Every file of the skeleton: its text by its path.

    Args:
        kind: one of SKELETONS.
        product: the product's name, as the front matter takes it.
        owner: a code owner, without white space.
        repository, scenarios: where product and scenarios are, as factory.yml takes it.
    """
    values = {
        "product": product,
        "product_yaml": as_yaml(product),
        "owner": owner,
        "owner_yaml": as_yaml(owner),
        "repository": as_yaml(repository),
        "scenarios": as_yaml(scenarios),
    }
    root = resources.folder("spec-templates") / "skeletons" / kind
    return {
        str(path.relative_to(root)): _Text(path.read_text("utf-8")).substitute(values)
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def require_free(folder: Path) -> None:
    """Raise InputError unless `folder` is absent, empty, or a repository without any file."""
    try:
        mode = folder.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise InputError("is a link", path=str(folder), mend="name what it leads to")
        if not stat.S_ISDIR(mode):
            raise InputError("is no folder", path=str(folder), mend="name a new folder")
        there = sorted(path.name for path in folder.iterdir() if path.name not in _KEPT)
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=str(folder)) from error
    if there:
        more = f" and {len(there) - _SHOWN} more" if len(there) > _SHOWN else ""
        raise InputError(
            f"is not empty; it holds {', '.join(there[:_SHOWN])}{more}",
            path=str(folder),
            mend="name a new folder, or move these away; nothing is ever overwritten",
        )


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Make `folder` with these files in it, or leave everything as it was.

    Raises:
        InputError: the folder is not free, or cannot be written to.
    """
    require_free(folder)
    folder = folder.absolute()
    try:
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            with _written(folder.parent, files) as made:
                made.rename(folder)
        else:
            with _written(folder, files) as made:
                _move_into(folder, made)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=str(folder)) from error


@contextmanager
def _written(place: Path, files: Mapping[str, str]) -> Iterator[Path]:
    """The files in a new folder in `place`; what is left of it in the end is removed."""
    made = place / f".factory-init-{secrets.token_hex(6)}"
    made.mkdir()
    try:
        for name, text in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _move_into(folder: Path, made: Path) -> None:
    moved: list[Path] = []
    try:
        for path in sorted(made.iterdir()):
            target = folder / path.name
            if os.path.lexists(target):
                raise FileExistsError(0, f"{path.name} has appeared there")
            path.rename(target)
            moved.append(target)
    except BaseException:
        for target in moved:
            target.rename(made / target.name)
        raise
