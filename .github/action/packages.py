# ruff: noqa: T201
"""Put the packages of requirements.txt into an environment: each by its hashes or not at all.

Half of what pip does there is to read pages of the index. So a runner that stays keeps the files
that it took, in the user's cache, and asks the index only where they are missing or no good. What
is kept is not believed, it is held against the same hashes. A hosted runner ends with its job, and
keeps nothing.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

TIMEOUT_SECONDS = 900
KEPT_SECONDS = 30 * 24 * 3600
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
KEPT_PREFIXES = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def install(pip: Sequence[str], requirements: Path) -> int:
    """Install what `requirements` names with `pip`, the words that start it; pip's exit code."""
    # Not compiled: of what is installed a job imports a small part.
    words = [*pip, "install", "--quiet", "--no-compile", *_named_in(requirements)]
    stays = os.environ.get("RUNNER_ENVIRONMENT") == "self-hosted"
    if stays and (files := _kept(pip, requirements)):
        if not run_pip(*words, "--no-index", "--find-links", str(files)):
            return 0
        print(f"{files} is no good, and is taken from the index again.", flush=True)
        shutil.rmtree(files, ignore_errors=True)
    return run_pip(*words)


def _kept(pip: Sequence[str], requirements: Path) -> Path | None:
    """The folder with the files for this very Python, filled where it is not there yet."""
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:32]
    python = f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}"
    try:
        files = _cache() / "packages" / f"{python}-{digest}"
        if not files.is_dir():
            files.parent.mkdir(parents=True, exist_ok=True)
            _forget_old(files.parent)
            with tempfile.TemporaryDirectory(dir=files.parent) as name:
                new = Path(name) / "files"
                words = [*pip, "download", "--quiet", "-d", str(new), *_named_in(requirements)]
                if run_pip(*words):
                    return None
                new.rename(files)
        os.utime(files)
    except OSError:
        return None  # No cache, or another job was first: the index has them as well.
    return files


def _named_in(requirements: Path) -> list[str]:
    return ["--no-deps", "--require-hashes", "-r", str(requirements)]


def _cache() -> Path:
    """The same folder as in factory/ports/cache.py, which is not installed yet."""
    if own := os.environ.get("FACTORY_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dark-factory"


def _forget_old(folder: Path) -> None:
    """Delete what no job has used for 30 days."""
    for one in folder.iterdir():
        if one.lstat().st_mtime < time.time() - KEPT_SECONDS:
            shutil.rmtree(one, ignore_errors=True)


def run_pip(*words: str) -> int:
    """pip's exit code. No line that it prints is taken for a workflow command."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    try:
        return subprocess.run(
            words,
            env=clean(),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT_SECONDS,
            check=False,
        ).returncode
    finally:
        print(f"\n::{token}::", flush=True)


def clean() -> dict[str, str]:
    """What of the environment an installation may see."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or name.upper().startswith(KEPT_PREFIXES)
    }
