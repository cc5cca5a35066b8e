"""What the event that started the workflow asks for: which commit, which attempt."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ATTEMPT_EVENT = "factory-attempt"
LABEL = "factory-config"
PULL_EVENTS = ("pull_request_target", "pull_request")
PUSH_EVENTS = ("push", "workflow_dispatch", "schedule")
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class EventError(Exception):
    """The event, or the commit that it names, cannot be used."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What an event asks the gate to judge.

    `base` is a full branch name, or for a merge group the commit below it. `pull` is None for a
    merge group. `labelled_by` is who set the label LABEL, where that is what happened.
    `to_default` says whether it would be merged into the default branch.
    """

    head: str
    base: str
    pull: int | None
    labelled_by: str | None
    to_default: bool


def proposal() -> Proposal:
    """The pull request or merge group that the event is about.

    GITHUB_SHA is of no use here: it is the default branch, or a merge that nobody reviewed.

    Raises:
        EventError: the event is about neither, or lacks a field.
    """
    data = event()
    name = os.environ.get("GITHUB_EVENT_NAME", "")
    try:
        default = f"refs/heads/{data['repository']['default_branch']}"
        if name == "merge_group":
            group = data["merge_group"]
            return Proposal(
                head=_commit(group["head_sha"]),
                base=_commit(group["base_sha"]),
                pull=None,
                labelled_by=None,
                to_default=group["base_ref"] == default,
            )
        if name not in PULL_EVENTS:
            raise EventError(
                f"the gate judges pull requests and merge groups, and this event is {name!r}; "
                "docs/github.md has the workflow that calls it"
            )
        pull = data["pull_request"]
        base = f"refs/heads/{pull['base']['ref']}"
        return Proposal(
            head=_commit(pull["head"]["sha"]),
            base=base,
            pull=int(pull["number"]),
            labelled_by=_labelled_by(data),
            to_default=base == default,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise EventError(f"the event {name} lacks what a pull request has: {error}") from error


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """What an event asks the holdouts to judge: a commit, and the branch that says by what.

    `base` is always the default branch: a commit has one check `factory / verdict`, whichever
    branch it is to be merged into, so what it is judged by must not depend on that.
    """

    commit: str
    base: str


def pushed(wanted: str = "") -> Pushed:
    """The commit that somebody wants to merge, or has pushed.

    Args:
        wanted: a full commit id to take in place of the event's.

    Raises:
        EventError: the event is about no commit, or lacks a field.
    """
    data = event()
    name = os.environ.get("GITHUB_EVENT_NAME", "")
    try:
        base = f"refs/heads/{data['repository']['default_branch']}"
        if wanted:
            found = _commit(wanted, "the input `commit` is no full commit id")
        elif name in PULL_EVENTS:
            found = _commit(data["pull_request"]["head"]["sha"])
        elif name == "merge_group":
            found = _commit(data["merge_group"]["head_sha"])
        elif name in PUSH_EVENTS and not data.get("deleted"):
            found = commit()
        else:
            raise EventError(
                f"the holdouts judge what is pushed, and this event is {name!r}; "
                "docs/holdout-gate.md has the workflow"
            )
        return Pushed(commit=found, base=base)
    except (KeyError, TypeError, ValueError) as error:
        raise EventError(f"the event {name} lacks what says which commit: {error}") from error


def _labelled_by(data: Mapping[str, Any]) -> str | None:
    """Who set the label, if that is what the event is about: it was sent for this very head."""
    if data.get("action") != "labeled" or data["label"]["name"] != LABEL:
        return None
    login = str(data["sender"]["login"])
    if not _LOGIN.fullmatch(login):
        raise EventError("the event names no one who could have set the label")
    return login


def event() -> Mapping[str, Any]:
    """The event's payload; empty where the runner gives none."""
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    if not path or not Path(path).is_file():
        return {}
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    return data if isinstance(data, dict) else {}


def retry_request() -> Mapping[str, Any] | None:
    """The request for another attempt that a repository_dispatch carries, unread; else None.

    Raises:
        EventError: the event carries none.
    """
    data = event()
    if os.environ.get("GITHUB_EVENT_NAME") != "repository_dispatch":
        return None
    if data.get("action") != ATTEMPT_EVENT:
        return None
    payload = data.get("client_payload")
    request = payload.get("request") if isinstance(payload, dict) else None
    if not isinstance(request, dict):
        raise EventError(f"the event {ATTEMPT_EVENT} carries no request")
    return request


def fetch_configuration(scratch: Path) -> Any:
    """factory.yml of this repository at the event's commit, as `factory.config` reads it.

    Raises:
        EventError: it cannot be fetched or read.
    """
    from factory.config.factory_file import load_configuration
    from factory.errors import FactoryError
    from factory.plan import fetched_source

    url, env = specs_repository()
    try:
        return load_configuration(fetched_source(url, commit(), scratch, env).folder)
    except FactoryError as error:
        raise EventError(str(error)) from error


def specs_repository() -> tuple[str, Mapping[str, str]]:
    """Where this repository is fetched from, and what authenticates git for it."""
    from factory.forge.select import select

    repository = os.environ.get("GITHUB_REPOSITORY", "")
    forge = select()
    return forge.clone_url(repository), forge.git_environment(repository)


def commit() -> str:
    """The commit that the event is about.

    Raises:
        EventError: the runner names none.
    """
    return _commit(os.environ.get("GITHUB_SHA", ""), "the runner names no commit (GITHUB_SHA)")


def _commit(text: object, trouble: str = "the event names no commit") -> str:
    if not isinstance(text, str) or not _COMMIT.fullmatch(text):
        raise EventError(trouble)
    return text
