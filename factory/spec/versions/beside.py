"""A folder of specs beside what the base branch holds of it, compared by blob id."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from factory.errors import FactoryError
from factory.ports.git.objects import Objects
from factory.spec.document import SpecDocument, read_spec
from factory.spec.library import is_spec_name
from factory.spec.text_file import SPEC_LIMIT_BYTES
from factory.spec.versions.texts import read_text


def blobs_of(store: Objects, commit: str) -> dict[str, str]:
    """The specs that a commit has in the folder of `store`, as path to blob id."""
    files = store.files(f"{commit}:./")
    return {path: blob for path, blob in files.items() if is_spec_name(path)}


class Beside:
    """`folder` as it is now, beside the specs of `commit`."""

    def __init__(self, store: Objects, folder: Path, commit: str) -> None:
        self.store = store
        self.folder = folder.absolute()
        self.there = blobs_of(store, commit)

    def path(self, file: Path) -> str:
        """What a commit calls a file: its path from the folder."""
        return os.path.relpath(file, self.folder)

    def differs(self, file: Path, there: Mapping[str, str] | None = None) -> bool:
        """Whether a file is not as the base has it, or as `there` does; line ends do not count."""
        blob = (self.there if there is None else there).get(self.path(file))
        return blob is None or not _is_blob(file, blob)

    @cached_property
    def moved_away(self) -> list[str]:
        """Paths of the base where the folder has nothing now, or something else."""
        return [path for path in self.there if self.differs(self.folder / path)]

    @cached_property
    def ids_here(self) -> set[str]:
        """The ids of all specs in the folder that are not as the base has them."""
        files = [path for path in self.folder.rglob("*.md") if self.differs(path)]
        return {one.id for one in map(read_file, files) if one is not None}

    def read(self, paths: Sequence[str]) -> list[SpecDocument]:
        """The base's specs at these paths; those that cannot be read are left out."""
        blobs = self.store.blobs([self.there[path] for path in paths], SPEC_LIMIT_BYTES)
        read = (read_text(data, path) for path, data in zip(paths, blobs, strict=True))
        return [one for one in read if one is not None]


def read_file(file: Path) -> SpecDocument | None:
    """A spec file, or None where it cannot be read, which is for the gate's own rule to say."""
    try:
        return read_spec(file, name=os.path.relpath(file))
    except FactoryError:
        return None


def _is_blob(file: Path, blob: str) -> bool:
    try:
        about = file.lstat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > SPEC_LIMIT_BYTES:
            return False  # A pipe under the name of a file would be waited for.
        data = file.read_bytes()
    except OSError:
        return False
    return blob == _blob_id(data, blob) or (
        b"\r" in data and blob == _blob_id(data.replace(b"\r\n", b"\n"), blob)
    )


def _blob_id(data: bytes, like: str) -> str:
    kind = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return kind(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
