"""Where a ledger is: in a repository on this machine, or elsewhere with a mirror kept here.

In the repository, or the mirror, a folder `factory/` beside git's own files holds what processes on
this machine share (`factory.ledger.desk`, `factory.ledger.index`); git does not look at it.
"""

from __future__ import annotations

import hashlib
import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from factory.errors import InputError
from factory.ports.cache import cache_folder
from factory.ports.git import refs
from factory.ports.git.address import local_folder

BRANCH = "factory/ledger"
REF = f"refs/heads/{BRANCH}"
SEEN = "refs/factory/ledger-seen/"
"""With `own` or `origin`: the newest sound head that was looked at here. A branch that does not
hold it any more was rewritten."""
WHO = "Dark Factory <dark-factory@users.noreply.github.com>"
_NEXT = "refs/factory/ledger-next"

File = tuple[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Place(ABC):
    """`repository` has the ledger's objects, `folder` is ours beside them."""

    repository: Path
    folder: Path

    @abstractmethod
    def newest(self, *, fresh: bool) -> str | None:
        """The ledger's commit, None for no ledger yet; where not `fresh`, the last one known."""

    @abstractmethod
    def add(self, files: Sequence[File], message: str, parent: str | None, timestamp: int) -> str:
        """Put a commit of `files` on top of `parent`, if that is the newest; else BaseMoved."""

    def clear_stale_locks(self) -> None:
        """Remove what a git that was killed left locked."""
        refs.clear_stale_locks(
            self.folder.parent, REF, _NEXT, f"{SEEN}own", "shallow", "packed-refs"
        )


@dataclass(frozen=True, kw_only=True)
class Here(Place):
    """The ledger of a repository on this machine: moved under git's own lock of the ref."""

    def newest(self, *, fresh: bool) -> str | None:
        """As `Place` says; it is always the newest."""
        return refs.read_refs(self.repository, REF).get(REF)

    def add(self, files: Sequence[File], message: str, parent: str | None, timestamp: int) -> str:
        """As `Place` says."""
        if refs.is_checked_out(self.folder.parent, REF):
            raise InputError(
                f"{BRANCH} is checked out in {self.repository} and cannot be moved",
                mend="check out another branch there",
            )
        from factory.ports.git.add_files import add_files

        return add_files(
            self.repository, REF, files, message, parent=parent, who=WHO, timestamp=timestamp
        )


@dataclass(frozen=True, kw_only=True)
class Mirror(Place):
    """The ledger of a repository elsewhere: appended to here first, then pushed under a lease.

    `REF` in the mirror is where the other side was when it was last asked or pushed to.
    """

    url: str
    env: Mapping[str, str]

    def newest(self, *, fresh: bool) -> str | None:
        """As `Place` says. Only the newest state is fetched at first, then what is added to it."""
        from factory.ports.git import remote

        made = self.folder / "made"
        if not made.exists():
            self._begin()
            made.touch()
        known = refs.read_refs(self.repository, REF).get(REF)
        if known and not fresh:
            return known
        depth = None if known else 1
        return remote.follow(self.url, REF, self.repository, env=self.env, depth=depth)

    def add(self, files: Sequence[File], message: str, parent: str | None, timestamp: int) -> str:
        """As `Place` says."""
        from factory.ports.git import remote
        from factory.ports.git.add_files import add_files

        commit = add_files(
            self.repository, _NEXT, files, message,
            parent=parent, who=WHO, timestamp=timestamp, force=True,
        )  # fmt: skip
        remote.push(self.repository, self.url, commit, REF, expected=parent, env=self.env)
        refs.set_ref(self.repository, REF, commit)
        return commit

    def whole(self) -> None:
        """Fetch the history that was left out."""
        from factory.ports.git import remote

        if (self.repository / "shallow").exists():
            remote.follow(self.url, REF, self.repository, env=self.env, depth=remote.ALL)

    def _begin(self) -> None:
        """Make the mirror; a half that a killed process left is removed first."""
        for path in self.repository.glob("*"):
            if path != self.folder:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        from factory.ports.git import remote

        remote.mirror(self.url, self.repository, refs=[], env=self.env)


def at(url: str, env: Mapping[str, str]) -> Place:
    """The place of the ledger in the repository at `url`.

    Raises:
        InputError: a path with no repository, or no folder to keep a mirror in.
    """
    folder = local_folder(url)
    if folder is not None:
        return here(folder)
    name = hashlib.sha256(url.encode()).hexdigest()[:24]
    bare = cache_folder() / "ledger" / f"{name}.git"
    try:
        bare.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}",
            path=str(bare),
            mend="name a folder that can be written with FACTORY_CACHE",
        ) from error
    return Mirror(repository=bare, folder=bare / "factory", url=url, env=env)


def here(repository: Path) -> Here:
    """The place of the ledger in a repository on this machine."""
    common = refs.common_folder(repository)
    return Here(repository=repository, folder=common / "factory")
