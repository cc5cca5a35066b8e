"""Private temporary folders that a later start can tell are nobody's any more."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "factory-cell"
# A socket's path must fit `sun_path`: 108 bytes with the NUL (unix(7)).
_LONGEST = 70


def base() -> Path:
    """The folder for temporary files, or /tmp where its path is too long for sockets below it."""
    import tempfile  # Not needed where nothing private is made; it costs 5 ms.

    found = Path(tempfile.gettempdir())
    return found if len(str(found)) <= _LONGEST else Path("/tmp")  # noqa: S108


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A new folder that only this user may enter, short enough for sockets; removed at the end."""
    path = base() / f"{_PREFIX}-{stamp(os.getpid())}-{os.urandom(4).hex()}"
    path.mkdir(mode=0o700)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def stamp(pid: int) -> str:
    """`pid-start`, where start is the process's start time in clock ticks since boot.

    The pair is never used twice between two boots, unlike the pid alone (proc_pid_stat(5)).
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return f"{pid}-0"
    return f"{pid}-{text.rpartition(')')[2].split()[19]}"


def lives(owner: str) -> bool:
    """Whether the process of a `stamp` is still there."""
    pid = owner.partition("-")[0]
    return pid.isdigit() and stamp(int(pid)) == owner and Path(f"/proc/{pid}").exists()


def sweep() -> int:
    """Remove our folders whose process was killed before it could; how many there were."""
    removed = 0
    for path in base().glob(f"{_PREFIX}-*"):
        match = re.fullmatch(rf"{_PREFIX}-(\d+-\d+)-[0-9a-f]+", path.name)
        with contextlib.suppress(OSError):
            if match and path.lstat().st_uid == os.geteuid() and not lives(match[1]):
                shutil.rmtree(path, ignore_errors=True)
                removed += 1
    return removed
