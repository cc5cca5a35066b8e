"""What the owner lets happen: deploy keys, Actions, and the actions that the workflow uses."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from factory.forge.settings import Absence, Unread
from factory.setup import links
from factory.setup.facts import Body, Facts
from factory.setup.finding import Finding, not_known


def check(facts: Facts) -> Iterator[Finding]:
    """Each policy that is known to stop the line, or to open the scenarios."""
    yield _deploy_keys(facts)
    yield _members(facts)
    yield _shared(facts)
    yield _enabled(facts)
    yield _organisation(facts)
    yield _allowed(facts)
    yield _pull_requests(facts)


def _deploy_keys(facts: Facts) -> Finding:
    check, name = "deploy-keys-allowed", facts.places.scenarios.partition("/")[0]
    where = links.of_organisation(facts.places, name, "deploy_keys")
    allowed = facts.policies.deploy_keys
    if isinstance(allowed, Unread):
        return not_known(check, name, allowed, where=where)
    if allowed is None:
        return Finding(check=check, place=name, state="ok", found="a person has no such policy")
    return Finding(
        check=check,
        place=name,
        state="ok" if allowed else "wrong",
        found="deploy keys are allowed" if allowed else "deploy keys are disabled, as for new ones",
        where=where,
        mend="an owner of the organisation allows them on that page",
    )


def _members(facts: Facts) -> Finding:
    check, name = "scenarios-readers", facts.places.scenarios
    owner = name.partition("/")[0]
    where = links.of_organisation(facts.places, name, "member_privileges")
    may = facts.policies.members
    if isinstance(may, Unread):
        return not_known(check, owner, may, where=where, needed=False)
    open_to_all = may not in (None, "none")
    return Finding(
        check=check,
        place=owner,
        state="wrong" if open_to_all else "ok",
        found=f"every member of {owner} may {may} {name}, builders among them"
        if open_to_all
        else f"no one may read {name} but who was given access",
        needed=False,
        where=where,
        mend="set the base permissions to `No permission`, or keep the scenarios under an owner "
        "whose members are their authors",
    )


def _shared(facts: Facts) -> Finding:
    check, name = "scenarios-shared", facts.places.scenarios
    where = links.of_repository(facts.places, name, "actions")
    shared = facts.policies.shared
    if isinstance(shared, Unread):
        return not_known(check, name, shared, where=where)
    level = "none" if isinstance(shared, Absence) else shared["access_level"]
    return Finding(
        check=check,
        place=name,
        state="ok" if level == "none" else "wrong",
        found="no other repository's workflows may use it"
        if level == "none"
        else f"workflows of other repositories ({level}) may use it, and so read all of it",
        where=where,
        mend="choose `Not accessible` under Access",
    )


def _enabled(facts: Facts) -> Finding:
    name, actions = facts.places.specs, facts.policies.actions
    where = links.of_repository(facts.places, name, "actions")
    if isinstance(actions, Unread):
        return not_known("actions-enabled", name, actions, where=where)
    return Finding(
        check="actions-enabled",
        place=name,
        state="ok" if actions["enabled"] else "wrong",
        found=f"Actions are {'enabled' if actions['enabled'] else 'disabled'}",
        where=where,
        mend="allow Actions in this repository",
    )


def _organisation(facts: Facts) -> Finding:
    """What the repository's own setting shows includes the organisation's, so this explains."""
    name = facts.places.specs.partition("/")[0]
    said = facts.policies.organisation_actions
    where = links.of_organisation(facts.places, name, "actions")
    check = "organisation-actions"
    if isinstance(said, Unread):
        return not_known(check, name, said, where=where, needed=False)
    if isinstance(said, Absence):
        return Finding(
            check=check, place=name, state="ok", found="a person has no such policy", needed=False
        )
    off = said["enabled_repositories"] == "none"
    return Finding(
        check=check,
        place=name,
        state="wrong" if off else "ok",
        found=f"Actions run in {said['enabled_repositories']} of its repositories",
        needed=False,
        where=where,
        mend=f"an owner allows Actions for {facts.places.specs}",
    )


def _allowed(facts: Facts) -> Finding:
    name, actions = facts.places.specs, facts.policies.actions
    where = links.of_repository(facts.places, name, "actions")
    if isinstance(actions, Unread):
        return not_known("actions-allowed", name, actions, where=where)
    trouble, mend = "", ""
    which = actions.get("allowed_actions") or "all"
    if which == "local_only":
        trouble = "only actions of the owner's own repositories may run; the line needs `actions/*`"
        mend = f"allow select actions: those by GitHub, and `{facts.places.action}*`"
    elif which == "selected":
        if isinstance(facts.policies.selected, Unread):
            return not_known("actions-allowed", name, facts.policies.selected, where=where)
        refused = _refused(facts, facts.policies.selected)
        trouble = f"not among the actions that may run: {', '.join(refused)}" if refused else ""
        mend = "allow the actions made by GitHub, and add the pattern " + (
            f"`{facts.places.action}*`"
        )
    if not trouble and actions.get("sha_pinning_required"):
        trouble = "actions must be named by a full commit id, and the workflow names a release"
        mend = "copy factory.yml and line.yml with a full commit id in them (docs/github.md), or "
        mend += "lift that policy"
    return Finding(
        check="actions-allowed",
        place=name,
        state="wrong" if trouble else "ok",
        found=trouble or f"the line's actions may run (allowed: {which})",
        where=where,
        mend=mend,
    )


def _refused(facts: Facts, selected: Body | Absence) -> list[str]:
    """Which of the actions that the line uses are not allowed."""
    given: Body = {} if isinstance(selected, Absence) else selected
    patterns = tuple(given.get("patterns_allowed") or ())
    ours = facts.places.action
    own = ours.partition("/")[0].lower() == facts.places.specs.partition("/")[0].lower()
    wanted = {
        "actions/upload-artifact": bool(given.get("github_owned_allowed")),
        "actions/download-artifact": bool(given.get("github_owned_allowed")),
        ours: own,
        f"{ours}/.github/workflows/factory.yml": own,
    }
    return [
        one
        for one, already in wanted.items()
        if not already
        and not any(fnmatchcase(f"{one}@v1".lower(), each.lower()) for each in patterns)
        and not any(fnmatchcase(one.lower(), each.lower()) for each in patterns)
    ]


def _pull_requests(facts: Facts) -> Finding:
    name, workflow = facts.places.specs, facts.policies.workflow
    check = "actions-pull-requests"
    where = links.of_repository(facts.places, name, "actions")
    if isinstance(workflow, Unread):
        return not_known(check, name, workflow, where=where, needed=False)
    may = "may" if workflow["can_approve_pull_request_reviews"] else "may not"
    return Finding(
        check=check,
        place=name,
        state="ok",
        found=f"Actions {may} open and approve pull requests, and the factory does neither; "
        f"GITHUB_TOKEN begins with {workflow['default_workflow_permissions']}, either will do",
        needed=False,
        where=where,
    )
