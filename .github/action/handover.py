"""What crosses from job to job: records as text, the agent's tree as one tar file."""

from __future__ import annotations

import base64
import os
import tarfile
import zlib
from pathlib import Path, PurePosixPath

# Linux takes no single environment string above 128 KiB, and inputs travel as environment.
TEXT_LIMIT_BYTES = 120_000
# Longer text is compressed: a matrix of work orders may hold 1 MB, and there may be a hundred.
PLAIN_LIMIT_BYTES = 4_000
RECORD_LIMIT_BYTES = 16 * 1024 * 1024
TREE_LIMIT_BYTES = 4 * 1024**3
TREE_LIMIT_FILES = 200_000
PACKED = "gzip+base64:"


class HandoverError(Exception):
    """What should cross to the next job cannot."""


class TreeRefused(HandoverError):
    """The agent's tree holds what no tree may."""


def pack_text(text: str) -> str:
    """`text` in a form that fits an environment variable; long text is compressed.

    Raises:
        HandoverError: it is too long even so.
    """
    if len(text.encode()) <= PLAIN_LIMIT_BYTES:
        return text
    packed = PACKED + base64.b64encode(zlib.compress(text.encode(), 9)).decode()
    if len(packed) > TEXT_LIMIT_BYTES:
        raise HandoverError(
            f"a record of {len(text.encode())} bytes is too long to pass between jobs; "
            "shorten the spec or the files in context/"
        )
    return packed


def unpack_text(value: str) -> str:
    """What `pack_text` was given.

    Raises:
        HandoverError: it is no such text, or is longer than any record.
    """
    if not value.startswith(PACKED):
        return value
    try:
        inflate = zlib.decompressobj()
        data = inflate.decompress(base64.b64decode(value[len(PACKED) :], validate=True),
                                  RECORD_LIMIT_BYTES)  # fmt: skip
        if not inflate.eof:
            raise HandoverError("a record between jobs is cut short or too long")
        return data.decode()
    except (ValueError, zlib.error) as error:
        raise HandoverError(f"a record between jobs cannot be unpacked: {error}") from error


def pack_tree(tree: Path, archive: Path) -> None:
    """Write the folder `tree` to the tar file `archive`, without its top-level `.git`.

    Artifacts lose modes, links and names that begin with a dot; a tar file keeps them.
    """
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as target:
        for folder, folders, files in os.walk(tree):
            if Path(folder) == tree and ".git" in folders:
                folders.remove(".git")
            folders.sort()
            for path in sorted(Path(folder) / name for name in (*folders, *files)):
                _pack(target, path, path.relative_to(tree).as_posix())


def _pack(target: tarfile.TarFile, path: Path, name: str) -> None:
    target.inodes.clear()  # type: ignore[attr-defined]  # A second hard link is a file again.
    member = target.gettarinfo(path, arcname=name)
    if member is None:
        raise HandoverError("the agent's tree holds a socket")
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    if member.isreg():
        with path.open("rb") as content:
            target.addfile(member, content)
    else:
        target.addfile(member)


def unpack_tree(archive: Path, tree: Path) -> None:
    """Unpack `archive` into the new folder `tree`, taking every member for hostile.

    Folders, plain files and symbolic links come out, links unresolved and never followed; what
    they mean is for hold's guard to judge. Anything else is refused.

    Raises:
        TreeRefused: a member that would land outside, or of another kind, or too much of them.
        HandoverError: a broken archive, a member that comes twice, or no room for it.
    """
    tree.mkdir(parents=True)
    written = 0
    try:
        with tarfile.open(archive, "r:") as source:
            for count, member in enumerate(source, start=1):
                written += member.size if member.isreg() else 0
                if count > TREE_LIMIT_FILES or written > TREE_LIMIT_BYTES:
                    raise TreeRefused("the agent's tree is too large")
                _unpack(source, member, tree)
    except (tarfile.TarError, OSError, ValueError) as error:
        raise HandoverError(f"the agent's tree cannot be unpacked: {error}") from error


def _unpack(source: tarfile.TarFile, member: tarfile.TarInfo, tree: Path) -> None:
    name = PurePosixPath(member.name)
    if name.is_absolute() or not name.parts or ".." in name.parts:
        raise TreeRefused("the agent's tree holds a path that leaves it")
    target = tree / name
    for parent in reversed(target.relative_to(tree).parents[:-1]):
        if (tree / parent).is_symlink():
            raise TreeRefused("the agent's tree holds a path below a link")
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
    elif member.issym():
        target.symlink_to(member.linkname)
    elif member.isreg():
        content = source.extractfile(member)
        assert content is not None
        mode = 0o755 if member.mode & 0o100 else 0o644
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(target, flags, mode), "wb") as stream:
            while chunk := content.read(1 << 20):
                stream.write(chunk)
    else:
        raise TreeRefused("the agent's tree holds something that is no file, folder or link")
