"""The states that a spec had on the first-parent line, followed by its id and not by its path."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from factory.ports.git.line import first_parent_line
from factory.ports.git.objects import Objects
from factory.spec.document import SpecDocument
from factory.spec.library import is_spec_name
from factory.spec.text_file import SPEC_LIMIT_BYTES
from factory.spec.versions.texts import may_be, read_text

HISTORY_LIMIT = 20_000
SPEC_ID = re.compile(r"[a-z][a-z0-9-]{1,62}")


@dataclass(frozen=True, kw_only=True)
class Revision:
    """What a commit made of a spec: its text, and its path in the folder of specs.

    `document` is None where the commit took the spec away.
    """

    commit: str
    path: str
    document: SpecDocument | None

    @property
    def version(self) -> int:
        """The version that the text names; 0 where it names none, or there is no text."""
        return version_of(self.document) if self.document else 0

    @property
    def is_ready(self) -> bool:
        """Whether the text could be built."""
        return self.document is not None and self.document.meta.get("status") == "ready"


def version_of(document: SpecDocument) -> int:
    """The version of a text; 0 where it is not a number from 1 on."""
    found = document.meta.get("version")
    return found if type(found) is int and found > 0 else 0


def folder_of_specs(root: Path) -> Path:
    """`root`/specs where there is one, else `root`."""
    return root / "specs" if (root / "specs").is_dir() else root


def revisions(
    store: Objects, folder: Path, commit: str, spec_ids: Collection[str]
) -> dict[str, list[Revision]]:
    """What became of each of these specs, newest first; texts that cannot be read are passed over.

    One walk for all of them: every text that the folder ever held is looked at once, and parsed
    only where it may be one of these specs.

    Args:
        store: the objects of the repository that holds `folder`.
        folder: the folder of specs, in a work tree.
        commit: where to begin; at most 20,000 commits that changed the folder are walked.
        spec_ids: which specs.
    """
    wanted = frozenset(one.encode() for one in spec_ids)
    steps = [
        (step.commit, [one for one in step.changes if is_spec_name(one.path)])
        for step in first_parent_line(folder, commit, HISTORY_LIMIT)
    ]
    blobs = dict.fromkeys(
        blob for _, changes in steps for one in changes for blob in (one.new, one.old) if blob
    )
    documents = dict(_documents(store, list(blobs), wanted, spec_ids))
    found: dict[str, list[Revision]] = {one: [] for one in spec_ids}
    for step_commit, changes in steps:
        now: dict[str, Revision] = {}
        gone: dict[str, Revision] = {}
        for change in changes:
            if document := documents.get(change.new or ""):
                now.setdefault(
                    document.id, Revision(commit=step_commit, path=change.path, document=document)
                )
            if document := documents.get(change.old or ""):
                gone[document.id] = Revision(commit=step_commit, path=change.path, document=None)
        for spec_id, revision in {**gone, **now}.items():
            found[spec_id].append(revision)
    return found


def _documents(
    store: Objects, blobs: list[str], wanted: frozenset[bytes], spec_ids: Collection[str]
) -> Iterator[tuple[str, SpecDocument]]:
    for blob, data in zip(blobs, store.blobs(blobs, SPEC_LIMIT_BYTES), strict=True):
        if may_be(data, wanted):
            document = read_text(data, blob)
            if document and document.id in spec_ids:
                yield blob, document
