"""Read an archive that a hostile subject made: capped bytes and files, nothing written to disk."""

from __future__ import annotations

import io
from typing import Any

MAX_FILES = 10_000
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
_LZMA_MEMORY_BYTES = 128 * 1024 * 1024


class BadArchive(Exception):
    """Not an archive, a broken one, or one beyond the limits; the text says which."""


def members(data: bytes) -> dict[str, bytes]:
    """Regular files by name, with their bytes; links and devices count as neither.

    Zip or tar, and tar packed with gzip, bzip2 or xz. Raises BadArchive.
    """
    import lzma
    import tarfile
    import zipfile
    import zlib

    try:
        if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return _zip(data)
        return _tar(_unpacked(data))
    except (tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, zlib.error) as problem:
        raise BadArchive(f"not an archive that can be read ({problem})") from None
    except (OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as problem:
        raise BadArchive(f"not an archive that can be read ({problem})") from None


def _zip(data: bytes) -> dict[str, bytes]:
    import zipfile

    found: dict[str, bytes] = {}
    left = MAX_UNPACKED_BYTES
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            with archive.open(info) as stream:
                content = stream.read(left + 1)
            left = _keep(found, info.filename, content, left)
    return found


def _tar(data: bytes) -> dict[str, bytes]:
    import tarfile

    found: dict[str, bytes] = {}
    left = MAX_UNPACKED_BYTES
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for number, info in enumerate(archive):
            if number > MAX_FILES:
                raise BadArchive(f"more than {MAX_FILES} files")
            # A sparse file may claim far more bytes than there are.
            if not info.isreg() or info.issparse():
                continue
            stream = archive.extractfile(info)
            if stream is not None:
                left = _keep(found, info.name.removeprefix("./"), stream.read(left + 1), left)
    return found


def _keep(found: dict[str, bytes], name: str, content: bytes, left: int) -> int:
    if len(content) > left:
        raise BadArchive(f"more than {MAX_UNPACKED_BYTES} bytes when unpacked")
    if len(found) >= MAX_FILES:
        raise BadArchive(f"more than {MAX_FILES} files")
    if name in found:
        # Two readers would see two files.
        raise BadArchive(f'"{name[:200]}" is in it twice')
    found[name] = content
    return left - len(content)


def _unpacked(data: bytes) -> bytes:
    decompressor: Any
    if data.startswith(b"\x1f\x8b"):
        import zlib

        decompressor = zlib.decompressobj(wbits=31)
    elif data.startswith(b"BZh"):
        import bz2

        decompressor = bz2.BZ2Decompressor()
    elif data.startswith(b"\xfd7zXZ\x00"):
        import lzma

        decompressor = lzma.LZMADecompressor(memlimit=_LZMA_MEMORY_BYTES)
    else:
        return data
    unpacked: bytes = decompressor.decompress(data, MAX_UNPACKED_BYTES + 1)
    if len(unpacked) > MAX_UNPACKED_BYTES:
        raise BadArchive(f"more than {MAX_UNPACKED_BYTES} bytes when unpacked")
    if not decompressor.eof:
        raise BadArchive("it ends too early")
    return unpacked
