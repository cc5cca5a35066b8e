"""What a program writes, read in bounds: a stream cut into lines, and a file that it rewrites."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from factory.sandbox.protocol import MEBIBYTE

LINE_LIMIT_BYTES = 8 * MEBIBYTE
"""A line carries at most a tool's result; programs cut those at a few hundred KiB."""
STREAM_LIMIT_BYTES = 512 * MEBIBYTE
FILE_LIMIT_BYTES = 128 * MEBIBYTE


class Flood(Exception):
    """More than any honest program writes."""


class Lines:
    """The whole lines of a stream that comes in pieces."""

    def __init__(self) -> None:
        self._begun = bytearray()
        self._seen = 0

    def fed(self, chunk: bytes) -> list[bytes]:
        """The lines that this piece ends.

        Raises:
            Flood: a line, or all of it, is too long.
        """
        self._seen += len(chunk)
        *whole, rest = chunk.split(b"\n")
        if whole:
            whole[0] = bytes(self._begun) + whole[0]
            self._begun.clear()
        self._begun += rest
        if len(self._begun) > LINE_LIMIT_BYTES or any(len(x) > LINE_LIMIT_BYTES for x in whole):
            raise Flood(f"a line of over {LINE_LIMIT_BYTES} bytes")
        if self._seen > STREAM_LIMIT_BYTES:
            raise Flood(f"over {STREAM_LIMIT_BYTES} bytes of output")
        return whole

    def rest(self) -> bytes:
        """What came after the last line's end."""
        return bytes(self._begun)


def changed(path: Path, before: tuple[int, int]) -> tuple[tuple[int, int], bytes] | None:
    """A regular file that a cell wrote, where it changed; never a link, a pipe or a device.

    Args:
        path: the file; the folder it is in cannot be replaced from inside the cell.
        before: its state as last returned, (0, 0) at first.

    Returns:
        Its state and its bytes, None where it is as before or no such file.

    Raises:
        Flood: it is too long.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    found = os.fstat(descriptor)
    state = (found.st_mtime_ns, found.st_size)
    if not stat.S_ISREG(found.st_mode) or state == before or not found.st_size:
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as stream:
        if found.st_size > FILE_LIMIT_BYTES:
            raise Flood(f"{path.name} has over {FILE_LIMIT_BYTES} bytes")
        return state, stream.read(FILE_LIMIT_BYTES)
