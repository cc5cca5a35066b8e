"""What active rulesets say of a push: the refs that GitHub would refuse, with its own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from github_api.authority import Caller
from github_api.repositories import Repositories
from github_api.rules import about
from github_api.state import State

_NOBODY = "0" * 40
_REFUSED_KINDS = {
    "pull_request": "Changes must be made through a pull request.",
    "update": "Cannot update this protected ref.",
    "merge_queue": "Changes must be made through the merge queue",
}


def refused(
    state: State, repositories: Repositories, caller: Caller, full_name: str, body: bytes
) -> dict[str, str]:
    """Why a push may not move each of the refs that it may not."""
    found = {}
    for old, new, ref in _commands(body):
        if reason := _reason(state, repositories, caller, full_name, old, new, ref):
            found[ref] = reason
    return found


def _reason(
    state: State,
    repositories: Repositories,
    caller: Caller,
    full_name: str,
    old: str,
    new: str,
    ref: str,
) -> str:
    default = state.repositories[full_name]["default_branch"]
    for one in state.rulesets:
        active = one["repository"] == full_name and one["enforcement"] == "active"
        branch = ref.removeprefix("refs/heads/")
        if not active or branch == ref or not about(one, branch, default):
            continue
        # A classic token is here an administrator's.
        who = ("Integration", caller.app["id"]) if caller.app else ("RepositoryRole", 5)
        if any(
            (actor["actor_type"], actor.get("actor_id"), actor["bypass_mode"]) == (*who, "always")
            for actor in one.get("bypass_actors", [])
            if caller.app or caller.kind == "pat"
        ):
            continue
        for rule in one.get("rules", []):
            kind, parameters = rule["type"], rule.get("parameters") or {}
            if kind == "deletion" and new == _NOBODY:
                return "Cannot delete this protected ref."
            if kind == "creation" and old == _NOBODY:
                return "Cannot create ref due to creations being restricted."
            if old != _NOBODY and new != _NOBODY and kind in _REFUSED_KINDS:
                return _REFUSED_KINDS[kind]
            if kind == "required_status_checks" and new != _NOBODY:
                if old == _NOBODY and parameters.get("do_not_enforce_on_create"):
                    continue
                for check in parameters["required_status_checks"]:
                    if not _passed(state, full_name, new, check):
                        return f'Required status check "{check["context"]}" is expected.'
    return ""


def _passed(state: State, full_name: str, sha: str, check: dict[str, Any]) -> bool:
    """The newest run of that name, from the App that is asked for, is green."""
    app = check.get("integration_id")
    runs = [
        one
        for one in state.check_runs
        if (one["repository"], one["head_sha"], one["name"]) == (full_name, sha, check["context"])
        and app in (None, one["app"]["id"])
    ]
    if runs:
        return runs[-1]["conclusion"] in ("success", "neutral", "skipped")
    return app is None and any(
        (one["repository"], one["sha"], one["context"], one["state"])
        == (full_name, sha, check["context"], "success")
        for one in state.statuses
    )


def _commands(body: bytes) -> Iterator[tuple[str, str, str]]:
    """`old new ref` of each pkt-line before the first flush (gitprotocol-pack(5))."""
    at = 0
    while at + 4 <= len(body):
        size = int(body[at : at + 4], 16)
        if size < 4:  # A flush: the pack follows.
            return
        words = body[at + 4 : at + size].split(b"\0")[0].decode().split()
        if len(words) == 3:
            yield words[0], words[1], words[2]
        at += size
