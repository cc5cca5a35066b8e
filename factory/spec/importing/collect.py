"""Which files of a folder are documents to import, and which of them make one spec together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from factory.errors import InputError

PROPOSAL = "proposal.md"
SPEC = "spec.md"


@dataclass(frozen=True, kw_only=True)
class Found:
    """Files that make one draft: one document, or a proposed change with what it changes.

    `name` is what the folder around calls it, or "".
    """

    path: Path
    files: tuple[Path, ...]
    name: str = ""

    @property
    def is_change(self) -> bool:
        """Whether this is an OpenSpec change, with its proposal first."""
        return len(self.files) > 1


def collect(path: Path) -> tuple[list[Found], list[Path]]:
    """The documents of a file or folder, and the Markdown files of it that are none.

    A folder holds one spec in each `spec.md`; without one, each Markdown file is a document.
    Links, hidden folders and an `archive` of changes are left alone.

    Raises:
        InputError: there is nothing at this path, or no Markdown file in the folder.
    """
    if path.is_file():
        return [Found(path=path, files=(path,), name=_name_around(path))], []
    if not path.is_dir():
        raise InputError(
            "there is no such file or folder", path=str(path), mend="name a Markdown file"
        )
    files = sorted(_markdown(path))
    found = list(_changes(files))
    inside = {one.path for one in found}
    alone = [one for one in files if one.name == SPEC and inside.isdisjoint(one.parents)]
    if not found and not alone:
        alone = [one for one in files if one.stem.lower() not in ("readme", "agents", "claude")]
    found += [Found(path=one, files=(one,), name=_name_around(one)) for one in alone]
    if not found:
        raise InputError(
            "there is no Markdown document in this folder",
            path=str(path),
            mend="name a file, or the folder that holds the specs",
        )
    read = {file for one in found for file in one.files}
    return sorted(found, key=lambda one: one.path), [one for one in files if one not in read]


def _markdown(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inner = path.relative_to(folder).parts
        if any(part.startswith(".") or part == "archive" for part in inner[:-1]):
            continue
        if path.suffix.lower() in (".md", ".markdown") and path.is_file() and not path.is_symlink():
            yield path


def _changes(files: list[Path]) -> Iterator[Found]:
    """Each proposal with the specs below its folder."""
    for proposal in files:
        if proposal.name != PROPOSAL:
            continue
        folder = proposal.parent
        specs = tuple(
            one for one in files if one.name == SPEC and (folder / "specs") in one.parents
        )
        if specs:
            yield Found(path=folder, files=(proposal, *specs), name=folder.resolve().name)


def _name_around(path: Path) -> str:
    """The folder's name, where the file itself has none: spec.md."""
    if path.name != SPEC:
        return ""
    name = path.resolve().parent.name
    return "" if name in ("specs", "docs") else name
