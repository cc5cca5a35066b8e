"""Private temporary folders that are gone afterwards, even where the process was killed.

A folder's name carries its owner's process id and start time. `sweep` removes those whose owner
is gone, so that no scenario or key outlives a SIGKILL longer than until the next command.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from factory.ports import process

REMOVAL_SECONDS = 120.0
# A socket's path must fit `sun_path`: 108 bytes with the NUL (unix(7)).
_LONGEST = 60
_NAME = re.compile(r"factory-[a-z]+-(?P<pid>[0-9]+)-(?P<start>[0-9]+)-")


@contextmanager
def scratch(purpose: str) -> Iterator[Path]:
    """A new folder that only this user may enter, removed when the context is left.

    Args:
        purpose: lower-case letters, for whoever lists the temporary folder.
    """
    pid = os.getpid()
    prefix = f"factory-{purpose}-{pid}-{_started(pid)}-"
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=base()))
    try:
        yield folder
    finally:
        remove(folder)


def base() -> Path:
    """Where temporary files go; /tmp where that path is too long for sockets below it."""
    found = Path(tempfile.gettempdir())
    return found if len(str(found)) <= _LONGEST else Path("/tmp")  # noqa: S108


def remove(folder: Path) -> None:
    """Remove a folder, however deep and whatever permissions were taken away inside.

    `rm` does not recurse on a stack of ours: a hostile tree may be nested thousands deep.
    """
    words = ["rm", "-rf", "--", str(folder)]
    environment = {"PATH": "/usr/bin:/bin"}
    process.run(words, env=environment, timeout_seconds=REMOVAL_SECONDS)
    if folder.exists():
        process.run(
            ["chmod", "-R", "u+rwx", "--", str(folder)],
            env=environment,
            timeout_seconds=REMOVAL_SECONDS,
        )
        process.run(words, env=environment, timeout_seconds=REMOVAL_SECONDS)


def sweep() -> int:
    """Remove the scratch folders of this user whose process is gone; returns how many."""
    swept = 0
    for folder in base().glob("factory-*"):
        found = _NAME.match(folder.name)
        if found is None or _started(int(found["pid"])) == int(found["start"]):
            continue
        try:
            status = folder.lstat()
        except FileNotFoundError:
            continue
        if status.st_uid == os.getuid() and folder.is_dir() and not folder.is_symlink():
            remove(folder)
            swept += 1
    return swept


def _started(pid: int) -> int:
    """The kernel's start time of a process in clock ticks since boot, 0 where it is gone."""
    try:
        # The name in field 2 may hold spaces and parentheses; the last `)` ends it.
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return 0
    return int(text.rpartition(")")[2].split()[19])
