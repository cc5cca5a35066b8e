"""Files in a folder where the subject writes too: it may plant links, FIFOs and devices.

Every part of a path is opened without following links, below the folder's own descriptor.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

from scenario_runner.errors import StepFailed

MAX_FILE_BYTES = 4 * 1024 * 1024

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class UnsafeFile(StepFailed):
    """The name leaves the folder, or what is there is no regular file of a fair size."""


def parts_of(name: str) -> list[str]:
    """Raises UnsafeFile unless the name is relative and stays below."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or not parts or ".." in parts or "\0" in name:
        raise UnsafeFile(f'"{name}" is not a name below the work folder')
    return parts


def read(root: Path, name: str) -> bytes | None:
    """The file's bytes, None when nothing is there. Raises UnsafeFile."""
    folder = _open_folder(root, parts_of(name)[:-1], name, make=False)
    if folder is None:
        return None
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        handle = os.open(parts_of(name)[-1], flags, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise UnsafeFile(f'"{name}" cannot be opened as a file: {problem.strerror}') from None
    finally:
        os.close(folder)
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise UnsafeFile(f'"{name}" is not a regular file')
        data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise UnsafeFile(f'"{name}" is larger than {MAX_FILE_BYTES} bytes')
    return data


def write(root: Path, name: str, data: bytes) -> None:
    """Create or replace a file, with the folders above it. Raises UnsafeFile."""
    parts = parts_of(name)
    folder = _open_folder(root, parts[:-1], name, make=True)
    assert folder is not None
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        handle = os.open(parts[-1], flags, 0o644, dir_fd=folder)
        with os.fdopen(handle, "wb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise UnsafeFile(f'"{name}" is not a regular file')
            stream.truncate()
            stream.write(data)
    except OSError as problem:
        raise UnsafeFile(f'"{name}" cannot be written: {problem.strerror}') from None
    finally:
        os.close(folder)


def make_folder(root: Path, name: str) -> None:
    """Raises UnsafeFile."""
    folder = _open_folder(root, parts_of(name), name, make=True)
    assert folder is not None
    os.close(folder)


def exists(root: Path, name: str) -> bool:
    """True for anything of that name, also a folder or a link. Raises UnsafeFile."""
    parts = parts_of(name)
    folder = _open_folder(root, parts[:-1], name, make=False)
    if folder is None:
        return False
    try:
        os.stat(parts[-1], dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    except OSError as problem:
        raise UnsafeFile(f'"{name}" cannot be looked at: {problem.strerror}') from None
    finally:
        os.close(folder)
    return True


def names(root: Path, name: str) -> list[str]:
    """The sorted names in a folder; "." is the root. Raises UnsafeFile."""
    folder = _open_folder(root, [] if name == "." else parts_of(name), name, make=False)
    if folder is None:
        raise UnsafeFile(f'there is no folder "{name}"')
    try:
        return sorted(os.listdir(folder))
    finally:
        os.close(folder)


def _open_folder(root: Path, parts: list[str], name: str, *, make: bool) -> int | None:
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for part in parts:
        try:
            if make:
                try:
                    os.mkdir(part, 0o755, dir_fd=handle)
                except FileExistsError:
                    pass
            inner = os.open(part, _FOLDER, dir_fd=handle)
        except FileNotFoundError:
            os.close(handle)
            return None
        except OSError as problem:
            os.close(handle)
            raise UnsafeFile(f'"{name}": "{part}" is no folder ({problem.strerror})') from None
        os.close(handle)
        handle = inner
    return handle


def remove_tree(folder: Path) -> None:
    """Remove a folder even where the subject took away its own permissions."""

    def retry(function: Any, path: str, problem: Any) -> None:
        try:
            os.chmod(os.path.dirname(path), stat.S_IRWXU)
            if not os.path.islink(path):
                os.chmod(path, stat.S_IRWXU)
            function(path)
        except OSError:
            pass

    try:
        shutil.rmtree(folder, onerror=retry)
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:
        # A folder a thousand deep: Python's own walk gives up, rm's does not.
        subprocess.run(["/bin/rm", "-rf", "--", str(folder)], check=False, capture_output=True)
