"""The files that decide what runs and who decides: no spec may bring a change to them along.

They are changed in a pull request of their own, or a code owner of each looks at this very
commit and says so with a label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from factory.ports.git.names import twin_key
from factory.spec.review.owners import LOCATIONS, CodeOwners

LABEL = "factory-config"
_ROOTS = frozenset({".github", "factory.yml", "spec-templates"})
_FILES = frozenset(twin_key(path) for path in LOCATIONS)

InTeam = Callable[[str, str], bool | None]
"""Asked with `org/team` and a login: are they in it? None: that cannot be seen."""


@dataclass(frozen=True, kw_only=True)
class Labelling:
    """Who set the label.

    `by`: whom the event names that was sent for this very commit, None for any other event.
    `now`: who set it last, as the forge knows; None where it is off. `unseen`: why the forge does
    not tell.
    """

    by: str | None = None
    now: str | None = None
    unseen: str = ""


def is_protected(path: str) -> bool:
    """Whether a change to `path`, in any spelling that a file system mixes up, needs an owner."""
    key = twin_key(path)
    return key.partition("/")[0] in _ROOTS or key in _FILES


def is_spec_part(path: str) -> bool:
    """Whether `path` is the folder of the specs or lies in it."""
    return twin_key(path).partition("/")[0] == "specs"


def refusals(
    paths: Iterable[str], labelling: Labelling, owners: CodeOwners, in_team: InTeam
) -> dict[str, str]:
    """Each of the protected `paths` that nobody entitled has let through, and why."""
    trouble = _label_trouble(labelling)
    found = {}
    for path in paths:
        why = trouble or _owner_trouble(owners.of(path), labelling.by or "", in_team)
        if why:
            found[path] = why
    return found


def _label_trouble(labelling: Labelling) -> str:
    if labelling.by is None:
        if labelling.now is None:
            return f"no code owner has set the label {LABEL} on this commit"
        return f"the label {LABEL} was set before the last event; take it off and set it again"
    if labelling.unseen:
        return f"who set the label {LABEL} cannot be verified ({labelling.unseen})"
    if (labelling.now or "").casefold() != labelling.by.casefold():
        return f"the label {LABEL} has been taken off or set by someone else since"
    return ""


def _owner_trouble(owners: tuple[str, ...], login: str, in_team: InTeam) -> str:
    """Why `login` does not count as an owner; empty where it does."""
    if not owners:
        return "CODEOWNERS on the base branch names no owner for it"
    if f"@{login}".casefold() in (owner.casefold() for owner in owners):
        return ""
    unseen = []
    for team in [owner[1:] for owner in owners if owner.startswith("@") and "/" in owner]:
        member = in_team(team, login)
        if member:
            return ""
        if member is None:
            unseen.append(f"@{team}")
    if unseen:
        return (
            f"{login} set the label, and whether they are in {', '.join(unseen)} cannot be seen "
            "with the token of this job; name people beside the team in CODEOWNERS"
        )
    if all(not owner.startswith("@") for owner in owners):
        return "its owners are e-mail addresses, which cannot be verified; name @users"
    return f"{login} set the label but does not own it"
