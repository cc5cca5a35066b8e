"""Compare the specs of a working folder with the base branch: the gate's rules on versions.

Git is the store. Files are compared by blob id, so that what has not changed is never parsed; in
the common case one git process answers for all of them. History is walked only for specs that
changed, and only where their last ready text, or requirements that went before it, must be known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from factory.errors import InputError, ProcessFailed
from factory.ports.git import tree
from factory.ports.git.line import is_shallow
from factory.ports.git.objects import in_work_tree, near_a_repository, objects
from factory.spec.document import SpecDocument
from factory.spec.finding import Finding
from factory.spec.versions import checkout
from factory.spec.versions.allowed import unsilenced_since
from factory.spec.versions.base import Base, find_base
from factory.spec.versions.beside import Beside, blobs_of, read_file
from factory.spec.versions.requirements import texts_of
from factory.spec.versions.revisions import (
    SPEC_ID,
    Revision,
    folder_of_specs,
    revisions,
    version_of,
)
from factory.spec.versions.rules import Before, Was, id_stays, ids_stay, versions_rise

Note = Callable[[str], None]


def _unheard(said: str) -> None:
    """Where nobody listens, and where what there is to say was said."""


def check_versions(
    root: Path,
    base: str | None,
    files: Sequence[Path],
    *,
    env: Mapping[str, str] | None = None,
    note: Note = _unheard,
) -> list[Finding]:
    """Compare spec files with the base branch.

    Args:
        root: the specs repository's folder, the one that holds `specs`; without such a folder,
            the folder that holds the files. It may be a folder of a larger repository.
        base: a branch, tag or commit (see `find_base`); None for the branch that the pull request
            of a workflow merges to, else the first that exists of `AUTOMATIC`.
        files: the spec files to compare, as the user would name them.
        env: of the process; see `checkout.merges_to`.
        note: told what could not be compared, and how to mend that.

    Returns:
        Findings in the order of `files`. Without a base that was wanted: none where `root` is in
        no git repository, or in one without a commit.

    Raises:
        InputError: the base that was wanted, or that the pull request merges to, does not exist.
        ProcessFailed: git failed: a damaged repository.
    """
    folder = folder_of_specs(root)
    nowhere = InputError("not in a git repository, so it has no base branch", path=str(root))
    env = env or {}
    if near_a_repository(folder):
        merges_to = checkout.merges_to(folder, env) if base is None else None
        try:
            with objects(folder) as store:
                found = find_base(store, base, merges_to)
                if found is None:
                    return []
                if base is None and (said := checkout.without_base(folder, found)):
                    note(said)
                    note = _unheard
                return _compare(Beside(store, folder, found.commit), found, files, note)
        except ProcessFailed:
            if in_work_tree(folder):
                raise
    if base is not None:
        raise nowhere
    if said := checkout.without_git(folder, env):
        note(said)
    return []


def _compare(beside: Beside, base: Base, files: Sequence[Path], note: Note) -> list[Finding]:
    changed = [one for one in files if beside.differs(one)]
    changed = _ours(beside, base, changed) if changed else []
    documents = [one for one in map(read_file, changed) if one and SPEC_ID.fullmatch(one.id)]
    tips = _tips(beside, documents)
    wanted = _with_a_past(documents, tips)
    past = revisions(beside.store, beside.folder, base.commit, wanted) if wanted else {}
    if wanted and is_shallow(beside.folder):
        note(checkout.without_past(base))
    found: list[Finding] = []
    for document in documents:
        before = _before(base, tips.get(document.id), past.get(document.id, ()))
        found += versions_rise(document, before)
        moved = list(ids_stay(document, before))
        if document.id not in tips and before.ready is None:
            moved += id_stays(document, _gone(beside))
        found += unsilenced_since(document, before.ready, moved)
    return found


def _ours(beside: Beside, base: Base, changed: list[Path]) -> list[Path]:
    """Without the files that only the base changed since the two parted ways."""
    head = beside.store.read("HEAD^{commit}")
    if head is None or head.id == base.commit:
        return changed
    common = tree.merge_bases(beside.folder, base.commit, head.id)
    if not common or base.commit in common:
        return changed
    then = [blobs_of(beside.store, commit) for commit in common]
    return [one for one in changed if any(beside.differs(one, blobs) for blobs in then)]


def _tips(beside: Beside, documents: Sequence[SpecDocument]) -> dict[str, SpecDocument]:
    """The base's text of each spec, by id: at the same path, else wherever it was moved from."""
    wanted = {one.id for one in documents}
    paths = [beside.path(Path(one.path)) for one in documents]
    found = {one.id: one for one in beside.read([path for path in paths if path in beside.there])}
    if not wanted <= found.keys():
        found = {one.id: one for one in beside.read(beside.moved_away)} | found
    return {spec_id: one for spec_id, one in found.items() if spec_id in wanted}


def _with_a_past(
    documents: Sequence[SpecDocument], tips: Mapping[str, SpecDocument]
) -> Collection[str]:
    """The ids of those specs whose last ready text or older requirements must be known."""
    return {
        one.id
        for one in documents
        if (tip := tips.get(one.id)) is None
        or tip.meta.get("status") != "ready"
        or texts_of(one).keys() - texts_of(tip).keys()
    }


def _gone(beside: Beside) -> list[SpecDocument]:
    """Ready specs of the base whose id is nowhere in the folder any more."""
    there = beside.read(beside.moved_away)
    ready = [one for one in there if one.meta.get("status") == "ready"]
    return [one for one in ready if one.id not in beside.ids_here] if ready else []


def _before(base: Base, tip: SpecDocument | None, past: Sequence[Revision]) -> Before:
    ready = [one.document for one in past if one.document and one.is_ready]
    if tip is not None and tip.meta.get("status") == "ready":
        ready.insert(0, tip)
    last = texts_of(ready[0]) if ready else {}
    removed: dict[str, Was] = {}
    for document in ready[1:]:
        for name, text in texts_of(document).items():
            if name not in last:
                removed.setdefault(name, Was(text=text, version=version_of(document)))
    versions = [version_of(one) for one in (*ready[:1], tip) if one is not None]
    return Before(
        base=base.name,
        version=max(versions, default=0),
        ready=ready[0] if ready else None,
        removed=removed,
        gone=tip is None,
    )
