"""List the files of a commit, stopping early where a small repository unfolds into a huge tree."""

from __future__ import annotations

from pathlib import Path

from factory.errors import InputError
from factory.ports.git import command


def rows(repository: Path, commit: str, limit: int, *words: str) -> list[bytes]:
    """One `<mode> <kind> <id>\\t<path>` for each file, link and gitlink of `commit`.

    `words` are options of ls-tree(1): with `-l` there is ` <size>` after the id, `-t` lists folders
    as well, all but the root.

    Raises:
        InputError: no such commit, its trees are damaged, or it has more than `limit` entries.
            Ten trees that each name the next one ten times are 1 kB and ten thousand million
            files, so git is stopped rather than read to its end.
    """
    found: list[bytes] = []
    rest = b""
    with command.streaming(
        *("ls-tree", "-r", "-z", "--full-tree", *words, command.object_id(commit)),
        repository=repository,
    ) as running:
        assert running.stdout
        while piece := running.stdout.read(1024 * 1024):
            *whole, rest = (rest + piece).split(b"\0")
            found += whole
            if len(found) > limit:
                raise InputError(
                    f"commit {commit} has more than {limit} files",
                    mend="take generated and vendored files out of the repository",
                )
        if running.wait() != 0 or rest:
            raise InputError(
                f"the files of commit {commit} cannot be listed",
                mend="check that the commit was pushed and fetched, and run `git fsck`",
            )
    return found
