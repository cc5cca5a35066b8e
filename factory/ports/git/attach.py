"""A written-out commit as a repository of its own, so that git can be asked in its folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from factory.ports.git import command


def attach(bare: Path, commit: str, folder: Path, refs: Mapping[str, str]) -> None:
    """Make `folder`, which holds files of `commit`, a work tree whose HEAD is `commit`.

    Its objects are those of `bare`, its refs are `refs`, full names to commits, and no others.
    There is no index, so git takes no file of the folder for one of its own; nothing is checked
    out.

    Raises:
        ProcessFailed: git failed.
    """
    kind = command.git("rev-parse", "--show-object-format", repository=bare).decode().strip()
    command.git("init", "--quiet", "--template=", f"--object-format={kind}", str(folder))
    alternates = folder / ".git" / "objects" / "info" / "alternates"
    alternates.parent.mkdir(parents=True, exist_ok=True)
    alternates.write_text(f"{bare.resolve() / 'objects'}\n")
    for name, target in {**refs, "HEAD": commit}.items():
        words = ("update-ref", "--no-deref", name, command.object_id(target))
        command.git(*words, repository=folder)
