"""Read a text file that anyone may have written: whole, as UTF-8, or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec

from factory.digest import digest_of
from factory.errors import InputError

# Of a spec; nobody reads a longer one.
SPEC_LIMIT_BYTES = 1024 * 1024
_PIECE_BYTES = 64 * 1024


class TextFile(msgspec.Struct, frozen=True, kw_only=True):
    """`text` has no byte order mark and line ends LF; `digest` is of the bytes, as they are."""

    text: str
    digest: str


def read_text_file(path: Path, *, shown: str, limit_bytes: int) -> TextFile:
    """Read a regular file; a symbolic link is not followed.

    Args:
        path: the file.
        shown: what to call it in messages.
        limit_bytes: the most that it may hold.

    Raises:
        InputError: it cannot be read, is a link or no file, is longer than the limit, is not
            UTF-8 or holds NUL; with line, column and mend.
    """
    data = read_bytes(path, shown, limit_bytes)
    return TextFile(text=decode(data, shown=shown), digest=digest_of(data))


def decode(data: bytes, *, shown: str) -> str:
    """UTF-8 without byte order mark as text with line ends LF; raises as `read_text_file` does."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # With a byte order mark the codec counts from behind it.
        at = error.start + len(data) - len(error.object)
        start = data.rfind(b"\n", 0, at) + 1
        raise InputError(
            f"not UTF-8: byte 0x{data[at]:02x}",
            path=shown,
            line=data.count(b"\n", 0, at) + 1,
            column=len(data[start:at].decode("utf-8-sig", "replace")) + 1,
            mend="save the file as UTF-8",
        ) from error
    if "\0" in text:
        at = text.index("\0")
        raise InputError(
            "holds a NUL character",
            path=shown,
            line=text.count("\n", 0, at) + 1,
            column=at - text.rfind("\n", 0, at),
            mend="remove it",
        )
    return text.replace("\r\n", "\n")


def read_bytes(path: Path | str, shown: str, limit_bytes: int) -> bytes:
    """The bytes of a regular file; raises as `read_text_file` does."""
    try:
        # Not blocking: a pipe under the name of a file would be waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise InputError("is no file", path=shown, line=1, mend="put a text file there")
            data = b""
            # A piece at a time: room for the most that it may hold takes long to get.
            while piece := os.read(descriptor, min(_PIECE_BYTES, limit_bytes + 1 - len(data))):
                data += piece
        finally:
            os.close(descriptor)
    except OSError as error:
        link = Path(path).is_symlink()
        raise InputError(
            "is a symbolic link" if link else f"cannot be read: {error.strerror}",
            path=shown,
            line=1,
            mend="put the file itself there" if link else "make it readable",
        ) from error
    if len(data) > limit_bytes:
        raise InputError(
            f"longer than {limit_bytes} bytes", path=shown, line=1, mend="shorten it, or split it"
        )
    return data
