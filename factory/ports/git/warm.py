"""What was fetched of a large repository is kept, so that the next work tree costs what is new.

It lies below the user's cache, where only this user may enter and no sandbox comes:

PRODUCTS/<repository>/lock        held with flock(2) while the mirror changes
PRODUCTS/<repository>/mirror.git  bare: every commit that was built on, without its history
PRODUCTS/<repository>/spare/      whole trees of it (`factory.ports.git.spares`)

Only what git fetched gets there; nothing that an agent has had in its hands. All of it may be
lost: whatever is wrong with it, the repository is fetched as if it had never been there.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from factory.errors import FactoryError
from factory.ports import scratch
from factory.ports.cache import cache_folder
from factory.ports.git import address, command, remote, spares
from factory.ports.git.materialise import materialise

KEPT_DAYS = 30
"""What nobody built on for so long is removed."""
_PACKS, _LOOSE = 50, 5000
_NICENESS = 15

Tend = Callable[[], None]


def lay_out(
    url: str, commit: str, *, repository: Path, folder: Path, env: Mapping[str, str]
) -> Tend:
    """Write the files of `commit` of `url` into `folder`, as `materialise` does; both are missing.

    `repository` becomes a bare repository that has the commit, as `borrow` makes it.

    Returns:
        What makes the next time fast, to be called when there is time, from any thread.

    Raises:
        InputError, AuthenticationError, ProcessFailed: as `remote.mirror` and `materialise`.
    """
    warm = _place(url)
    if borrow(url, commit, repository, env):
        with suppress(FactoryError, OSError):
            if not spares.take(warm, repository, commit, folder):
                materialise(repository, commit, folder)
            return lambda: _tend(warm, commit)
        _discard(warm)
        for half in (repository, folder):
            scratch.remove(half)
        _fetch(url, commit, repository, env)
    materialise(repository, commit, folder)
    return lambda: _begin(warm, repository, commit)


def borrow(url: str, commit: str, into: Path, env: Mapping[str, str]) -> bool:
    """Make `into` a bare repository that has `commit` of `url` without its history.

    Where a mirror is kept it has the mirror's objects as alternates: nothing that is written to
    `into` gets there.

    Returns:
        Whether the mirror is what it borrows from.

    Raises:
        InputError, AuthenticationError, ProcessFailed: as `remote.mirror`.
    """
    warm = _place(url)
    if _is_ours(warm) and (warm / "mirror.git").exists():
        with suppress(FactoryError, OSError):
            _borrow(url, commit, warm, into, env)
            return True
        scratch.remove(into)
        _fetch(url, commit, into, env)
        _discard(warm)  # It was not the other side: that has just answered.
        return False
    _fetch(url, commit, into, env)
    return False


@contextmanager
def meanwhile(work: Tend) -> Iterator[None]:
    """Do `work` beside the block, and wait for its end; what goes wrong in it is of no account.

    Where the block fails it is left to itself, and ends with the process at the latest.
    """

    def quietly() -> None:
        with suppress(OSError):  # Of this thread alone, and of what it starts.
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        with suppress(FactoryError, OSError):
            work()

    thread = threading.Thread(target=quietly, daemon=True)
    thread.start()
    yield
    thread.join()


def _place(url: str) -> Path:
    name = hashlib.sha256(address.place(url).encode()).hexdigest()[:24]
    try:
        return cache_folder() / "products" / name
    except RuntimeError:  # No home.
        return Path(os.devnull, name)


def _is_ours(warm: Path) -> bool:
    """Whether it is there, and nobody else may have written to it."""
    try:
        seen = warm.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.geteuid() and not seen.st_mode & 0o077


def _fetch(url: str, commit: str, into: Path, env: Mapping[str, str]) -> None:
    remote.mirror(url, into, refs=[commit], env=env, depth=1)


def _borrow(url: str, commit: str, warm: Path, into: Path, env: Mapping[str, str]) -> None:
    bare = warm / "mirror.git"
    with _locked(warm):
        _fetch(url, commit, bare, env)
        shallow = (bare / "shallow").read_bytes() if (bare / "shallow").exists() else b""
    kind = "sha256" if len(commit) == 64 else "sha1"
    command.git("init", "--quiet", "--bare", "--template=", f"--object-format={kind}", str(into))
    (into / "objects" / "info").mkdir(exist_ok=True)
    (into / "objects" / "info" / "alternates").write_text(f"{bare.resolve() / 'objects'}\n")
    if shallow:
        (into / "shallow").write_bytes(shallow)
    command.git("update-ref", remote.kept_as(commit), commit, repository=into)


def _begin(warm: Path, repository: Path, commit: str) -> None:
    """Keep a mirror from now on, if the repository is large enough."""
    if not spares.worth(repository, commit):
        return
    warm.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    warm.mkdir(exist_ok=True, mode=0o700)
    if not _is_ours(warm):
        return
    with _locked(warm):
        if not (warm / "mirror.git").exists():
            beside = warm / "mirror.half"
            scratch.remove(beside)
            _fetch(str(repository), commit, beside, {})
            beside.rename(warm / "mirror.git")
    _sweep(warm.parent)


def _tend(warm: Path, commit: str) -> None:
    """Lay a spare tree aside for the next attempt, and put the mirror's packs together."""
    bare = warm / "mirror.git"
    spares.refill(warm, bare, commit)
    told = command.git("count-objects", "-v", repository=bare).decode().split()
    facts = dict(zip(told[::2], told[1::2], strict=True))
    if int(facts["packs:"]) > _PACKS or int(facts["count:"]) > _LOOSE:
        with _locked(warm):
            command.git("pack-refs", "--all", repository=bare)
            command.git("repack", "-a", "-d", "--quiet", repository=bare)
    _sweep(warm.parent)


def _discard(warm: Path) -> None:
    """Forget a mirror that is damaged."""
    with suppress(OSError), _locked(warm):
        scratch.remove(warm / "mirror.git")


def _sweep(products: Path) -> None:
    for warm in products.iterdir():
        with suppress(OSError):
            if time.time() - (warm / "lock").stat().st_mtime > KEPT_DAYS * 86_400:
                with _locked(warm):
                    scratch.remove(warm)


@contextmanager
def _locked(warm: Path) -> Iterator[None]:
    lock = os.open(warm / "lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.utime(lock)
        yield
    finally:
        os.close(lock)
