"""The versions that a spec had, each with the commit that made it, and the text in the folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from factory.errors import InputError, UsageError
from factory.ports.git.commits import NOBODY, Author, parse_commit
from factory.ports.git.line import is_shallow
from factory.ports.git.objects import Objects, in_work_tree, near_a_repository, objects
from factory.spec.document import SpecDocument, read_spec
from factory.spec.library import find_specs
from factory.spec.naming import known_ids
from factory.spec.versions.revisions import SPEC_ID, Revision, revisions
from factory.spec.versions.texts import may_be, read_text, same_text


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version as its last text stands.

    `commit` is the one that made that text: the first with it, and with its status `ready` where
    it ever was. `drafts` counts the other texts that went by the same version; `digests` are those
    of all of them. `path` begins at the specs repository's folder.
    """

    number: int
    document: SpecDocument
    commit: str
    path: str
    author: Author
    subject: str
    drafts: int
    digests: frozenset[str]

    @property
    def product(self) -> str:
        """The product it is about."""
        return str(self.document.meta.get("product", ""))

    @property
    def status(self) -> str:
        """The status that its text has now."""
        return str(self.document.meta.get("status", ""))


@dataclass(frozen=True, kw_only=True)
class History:
    """`versions` newest first; `working` is the text in the folder, or None.

    `removed` says that the last commit that touched the spec took it away. `is_cut` says that the
    clone does not have the whole history.
    """

    spec_id: str
    versions: tuple[Version, ...]
    working: SpecDocument | None
    removed: bool
    is_cut: bool

    def version(self, number: int) -> Version:
        """The version of that number.

        Raises:
            UsageError: the spec never had it.
        """
        for one in self.versions:
            if one.number == number:
                return one
        known = ", ".join(str(one.number) for one in reversed(self.versions)) or "none"
        raise UsageError(
            f"{self.spec_id} has no version {number} in this history", mend=f"known: {known}"
        )


def read_history(root: Path, spec_id: str) -> History:
    """Read what became of a spec on the first-parent line of the current branch.

    Args:
        root: the specs repository's folder.
        spec_id: which spec; it is followed by its id, wherever its file was moved.

    Raises:
        UsageError: no spec id, or there never was such a spec.
        InputError: no folder `specs`, no git repository, or one without a commit; or the spec's
            file cannot be read.
    """
    if not SPEC_ID.fullmatch(spec_id):
        raise UsageError(
            f"not a spec id: {spec_id[:80]!r}",
            mend="an id is 2 to 63 lower-case letters, digits and hyphens, from a letter on",
        )
    working = working_text(root, spec_id)
    folder = root / "specs"
    if not near_a_repository(folder) or not in_work_tree(folder):
        raise InputError(
            "not in a git repository, and git is where versions are", path=str(root),
            mend="name your specs repository with --specs",
        )  # fmt: skip
    with objects(folder) as store:
        head = store.read("HEAD^{commit}")
        if head is None:
            raise InputError("has no commit yet", path=str(root), mend="commit the specs first")
        found = revisions(store, folder, head.id, {spec_id})[spec_id]
        versions = tuple(_versions(store, found))
        if not versions and working is None:
            raise UsageError(
                f"there is no spec {spec_id!r}, and never was on this branch",
                mend=known_ids(spec_id, _ids(root)),
            )
        return History(
            spec_id=spec_id,
            versions=versions,
            working=working,
            removed=bool(found) and found[0].document is None,
            is_cut=is_shallow(folder),
        )


def working_text(root: Path, spec_id: str) -> SpecDocument | None:
    """The spec as it stands in the folder now; None where no file has that id.

    Raises:
        InputError: no folder `specs`; or no file has that id, and one that may be meant to have it
            cannot be read.
    """
    wanted = frozenset({spec_id.encode()})
    unreadable: InputError | None = None
    for path in find_specs(root):
        if may_be(path.read_bytes(), wanted):
            try:
                document = read_spec(path)
            except InputError as error:
                unreadable = unreadable or error
                continue
            if document.id == spec_id:
                return document
    if unreadable is not None:
        raise unreadable
    return None


def _ids(root: Path) -> Iterator[str]:
    """The ids of the specs in the folder; files that cannot be read are passed over."""
    for path in find_specs(root):
        document = read_text(path.read_bytes(), str(path))
        if document is not None:
            yield document.id


def _versions(store: Objects, found: Sequence[Revision]) -> list[Version]:
    groups: dict[int, list[tuple[Revision, SpecDocument]]] = {}
    for revision in found:
        if revision.document is not None and revision.version:
            groups.setdefault(revision.version, []).append((revision, revision.document))
    return [_version(store, number, groups[number]) for number in sorted(groups, reverse=True)]


def _version(
    store: Objects, number: int, group: Sequence[tuple[Revision, SpecDocument]]
) -> Version:
    _, last = group[0]
    same = [one for one, _ in takewhile(lambda pair: same_text(pair[1], last), group)]
    made = next((one for one in reversed(same) if one.is_ready), same[-1])
    found = store.read(made.commit)
    commit = parse_commit(found.data) if found and found.data else None
    texts = [document for _, document in group]
    others = [one for at, one in enumerate(texts[1:]) if not same_text(one, texts[at])]
    return Version(
        number=number,
        document=last,
        commit=made.commit,
        path=f"specs/{group[0][0].path}",
        author=commit.author if commit else NOBODY,
        subject=commit.subject if commit else "",
        drafts=len(others),
        digests=frozenset(one.digest for one in texts),
    )
