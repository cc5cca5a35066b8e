"""Private temporary folders that are gone afterwards, even where the process was killed.

A folder's name carries its owner's process id and start time. `sweep` removes those whose owner
is gone, so that no scenario or key outlives a SIGKILL longer than until the next command.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from factory.ports import process

REMOVAL_SECONDS = 120.0
# A socket's path must fit `sun_path`: 108 bytes with the NUL (unix(7)). Below the base come up to
# 43 of a folder's name and 15 of the longest socket's in it (factory.sandbox.relay).
_LONGEST = 48
_NAME = re.compile(r"factory-[a-z]+-([0-9]+-[0-9]+)-[0-9a-f]+")


@contextlib.contextmanager
def scratch(purpose: str) -> Iterator[Path]:
    """A new folder that only this user may enter, short enough for sockets; removed at the end.

    Args:
        purpose: lower-case letters, for whoever lists the temporary folder.
    """
    folder = base() / f"factory-{purpose}-{stamp(os.getpid())}-{os.urandom(4).hex()}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        remove(folder)


def base() -> Path:
    """The folder for temporary files, or /tmp where its path is too long for sockets below it."""
    import tempfile  # Not needed where nothing is made; it costs 5 ms.

    found = Path(tempfile.gettempdir())
    return found if len(str(found)) <= _LONGEST else Path("/tmp")  # noqa: S108


def remove(folder: Path) -> None:
    """Remove a folder, however deep and whatever permissions were taken away inside.

    `rm` does not recurse on a stack of ours: a hostile tree may be nested thousands deep.
    """
    environment = {"PATH": "/usr/bin:/bin"}
    words = ["rm", "-rf", "--", str(folder)]
    process.run(words, env=environment, timeout_seconds=REMOVAL_SECONDS)
    if folder.exists():
        opened = ["chmod", "-R", "u+rwx", "--", str(folder)]
        process.run(opened, env=environment, timeout_seconds=REMOVAL_SECONDS)
        process.run(words, env=environment, timeout_seconds=REMOVAL_SECONDS)


def sweep() -> int:
    """Remove the scratch folders of this user whose process is gone; returns how many."""
    swept = 0
    for folder in base().glob("factory-*"):
        found = _NAME.fullmatch(folder.name)
        with contextlib.suppress(OSError):
            ours = folder.lstat().st_uid == os.geteuid() and not folder.is_symlink()
            if found and ours and not lives(found[1]):
                remove(folder)
                swept += 1
    return swept


def stamp(pid: int) -> str:
    """`pid-start`, where start is the process's start time in clock ticks since boot.

    The pair is never used twice between two boots, unlike the pid alone (proc_pid_stat(5)).
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return f"{pid}-0"
    # The name in field 2 may hold spaces and parentheses; the last `)` ends it.
    return f"{pid}-{text.rpartition(')')[2].split()[19]}"


def lives(owner: str) -> bool:
    """Whether the process of a `stamp` is still there."""
    pid = owner.partition("-")[0]
    return pid.isdigit() and stamp(int(pid)) == owner and Path(f"/proc/{pid}").exists()
