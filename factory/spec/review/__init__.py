"""The gate on a pull request: what it changes, what the gate finds in that, and who may."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from factory.errors import AuthenticationError, InputError
from factory.forge.protocol import Forge
from factory.ports.git import tree
from factory.records import GateReport
from factory.spec.library import is_spec_path
from factory.spec.review import changes, findings, owners, protected
from factory.spec.review.present import UNAVAILABLE, check_output, unavailable_output
from factory.spec.review.report import assemble

__all__ = ["UNAVAILABLE", "Asked", "check_output", "review", "unavailable_output"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be reviewed.

    `repository` is as for `Forge`; `base` and `head` are branches or full commit ids in it.
    `pull` is the number of the pull request; without one (a merge group) only specs are looked
    at, since each pull request in it has been let through before. `labelled_by` is who set the
    label `factory-config` while this `head` was the pull request's newest commit.
    """

    repository: str
    base: str
    head: str
    pull: int | None = None
    labelled_by: str | None = None


def review(asked: Asked, forge: Forge, scratch: Path) -> GateReport:
    """Review one pull request; files are written below `scratch` alone, and none is executed.

    Raises:
        InputError, AuthenticationError, ProcessFailed: the commits cannot be fetched, or are no
            pull request of each other.
        ForgeError: the forge did not answer.
    """
    commits = changes.fetch(
        forge.clone_url(asked.repository),
        forge.git_environment(asked.repository),
        base=asked.base,
        head=asked.head,
        into=scratch,
    )
    # The head is written out first: that has limits, and what comes after may trust it.
    try:
        now, specs = findings.findings_now(commits, scratch / "head")
    except InputError as error:
        refusal = findings.failure("unreadable", error)
        return assemble(commits, pull=asked.pull, findings=[refusal], modes={})
    modes = tree.list_modes(commits.bare, commits.head)
    changed = changes.changed_paths(commits)
    before = findings.findings_before(commits, scratch / "base")
    mine, known = findings.answered_for(now, before, changed)
    guarded: list[str] = []
    if asked.pull is not None and any(map(protected.is_spec_part, changed)):
        guarded = sorted(filter(protected.is_protected, changed))
    refused = _refusals(asked, asked.pull, forge, commits, guarded) if asked.pull else {}
    return assemble(
        commits,
        pull=asked.pull,
        findings=[*mine, *findings.links(modes, changed)],
        modes=modes,
        specs=specs,
        changed_specs=sum(map(is_spec_path, changed)),
        known=known,
        refused=refused,
        allowed_by=asked.labelled_by if guarded and not refused else None,
    )


def _refusals(
    asked: Asked, pull: int, forge: Forge, commits: changes.Commits, guarded: list[str]
) -> dict[str, str]:
    if not guarded:
        return {}
    now, unseen = None, ""
    try:
        now = forge.label_set_by(asked.repository, pull, protected.LABEL)
    except AuthenticationError as error:
        unseen = error.message
    owner = asked.repository.partition("/")[0]

    def in_team(team: str, login: str) -> bool | None:
        organisation, _, slug = team.partition("/")
        if organisation.casefold() != owner.casefold():
            return False  # GitHub ignores teams of other organisations.
        try:
            return forge.in_team(asked.repository, slug, login)
        except AuthenticationError:
            return None

    return protected.refusals(
        guarded,
        protected.Labelling(by=asked.labelled_by, now=now, unseen=unseen),
        _owners(commits),
        in_team,
    )


def _owners(commits: changes.Commits) -> owners.CodeOwners:
    """CODEOWNERS of the base branch as it is now: what the pull request says has no say."""
    blobs = tree.list_blobs(commits.bare, commits.base)
    place = next((path for path in owners.LOCATIONS if path in blobs), None)
    text = tree.read_blob(commits.bare, blobs[place]) if place else b""
    if len(text) > owners.SIZE_LIMIT_BYTES:
        text = b""  # GitHub does not load it either.
    return owners.CodeOwners(text.decode("utf-8", "replace"))
