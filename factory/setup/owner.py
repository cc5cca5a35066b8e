"""What an owner, and a repository by itself, let happen: read from GitHub, not judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from factory.forge.settings import ABSENT, Absence, Seen, Settings, Unread
from factory.setup.facts import Places, Policies, Repository
from factory.setup.reading import ADMIN

ORGANISATION = {"organization_administration": "read"}
_OWNERS_ONLY = Unread("organization_administration: read", "GitHub shows this to the owners alone")


def policies(
    settings: Settings, places: Places, repositories: Mapping[str, Seen[Repository | Absence]]
) -> Policies:
    """Those of the specs repository, of the scenario repository, and of who owns them."""
    specs, scenarios = repositories[places.specs], repositories[places.scenarios]
    name = places.specs
    at = f"/repos/{name}/actions/permissions"
    deploy_keys, members = _organisation(settings, places.scenarios, scenarios)
    of_organisation: Seen[Any] = ABSENT
    if not is_person(specs):
        place = f"/orgs/{name.partition('/')[0]}/actions/permissions"
        of_organisation = settings.read(name, place, ORGANISATION)
    actions = settings.read(name, at, ADMIN)
    selected: Seen[Any] = ABSENT
    if not isinstance(actions, Unread) and actions.get("allowed_actions") == "selected":
        selected = settings.read(name, f"{at}/selected-actions", ADMIN)
    shared: Seen[Any] = ABSENT
    if not isinstance(scenarios, Repository) or scenarios.private:  # Public ones have no such.
        place = f"/repos/{places.scenarios}/actions/permissions/access"
        shared = settings.read(places.scenarios, place, ADMIN)
    return Policies(
        deploy_keys=deploy_keys,
        members=members,
        shared=shared,
        actions=actions,
        selected=selected,
        workflow=settings.read(name, f"{at}/workflow", ADMIN),
        organisation_actions=of_organisation,
    )


def _organisation(
    settings: Settings, name: str, repository: Seen[Repository | Absence]
) -> tuple[Seen[bool | None], Seen[str | None]]:
    """Whether the owner allows deploy keys, and what all its members may do in a repository."""
    if is_person(repository):
        return None, None
    body = settings.read(name, f"/orgs/{name.partition('/')[0]}", ORGANISATION)
    if isinstance(body, Unread):
        return body, body
    keys = body.get("deploy_keys_enabled_for_repositories")
    members = body.get("default_repository_permission")
    return _OWNERS_ONLY if keys is None else keys, members or _OWNERS_ONLY


def is_person(repository: Seen[Repository | Absence]) -> bool:
    """Whether a repository is known to be a person's, who has no organisation above."""
    return isinstance(repository, Repository) and repository.owner_kind == "User"
