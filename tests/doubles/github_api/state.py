"""What the double knows, in one JSON document that is written after every change."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class State:
    """Everything the double remembers. `lock` is held by whoever reads or changes it.

    repositories: full name -> {"id", "private", "default_branch", "has_issues" (True)}
    tokens: token -> {"kind", "login", "repositories" (None: all), "permissions", "expires_at",
        "app_id", "home"}; kinds: actions, pat, fine-grained, installation
    apps: app id -> {"slug", "public_key", "installations": [{"id", "account",
        "repositories" (None: all of the account), "permissions"}]}
    pulls: full name -> {number: {"head", "labels", "events", "merged_as" (the commit on the base
        branch, once it is merged), "base" (the branch, if not the default one), "locked"}}
    comments: [{"id", "repository", "number", "author", "app", "body", "created_at", "changes"}]
    issues: full name -> {number: {"title", "body", "labels", "state", "author", "app", "locked",
        "created_at", "changes"}}
    collaborators: full name -> {login: {"permission", "role", "id" of the account}}
    gone: logins of accounts that are no more
    teams: "organisation/team" -> logins of its members
    workflow_runs: [{"repository", "workflow" (its file's name), "id", "run_attempt",
        "created_at"}], oldest first
    environments, secrets, variables, rulesets, protections, organisations, people, actions,
        labels, meta: see the modules that serve them
    """

    repositories: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    apps: dict[str, dict[str, Any]] = field(default_factory=dict)
    pulls: dict[str, dict[str, Any]] = field(default_factory=dict)
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    collaborators: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    teams: dict[str, list[str]] = field(default_factory=dict)
    check_runs: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    dispatches: list[dict[str, Any]] = field(default_factory=list)
    workflow_dispatches: list[dict[str, Any]] = field(default_factory=list)
    workflow_runs: list[dict[str, Any]] = field(default_factory=list)
    deploy_keys: list[dict[str, Any]] = field(default_factory=list)
    environments: dict[str, dict[str, Any]] = field(default_factory=dict)
    secrets: dict[str, dict[str, str]] = field(default_factory=dict)
    variables: dict[str, dict[str, str]] = field(default_factory=dict)
    rulesets: list[dict[str, Any]] = field(default_factory=list)
    protections: dict[str, dict[str, Any]] = field(default_factory=dict)
    organisations: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    actions: dict[str, dict[str, Any]] = field(default_factory=dict)
    labels: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    violations: list[dict[str, Any]] = field(default_factory=list)
    next_id: int = 1000

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.path: Path | None = None

    def new_id(self) -> int:
        """An id never given before."""
        self.next_id += 1
        return self.next_id

    def plan(self, full_name: str) -> str:
        """The plan of a repository's owner."""
        owner = self.organisations.get(full_name.partition("/")[0], {})
        return str(owner.get("plan", "team"))

    def to_data(self) -> dict[str, Any]:
        """The state as plain JSON data."""
        return asdict(self)

    def save(self) -> None:
        """Write the state to its file, whole or not at all."""
        if self.path is None:
            return
        with self.lock:
            text = json.dumps(self.to_data(), indent=1)
            descriptor, name = tempfile.mkstemp(dir=self.path.parent)
            with os.fdopen(descriptor, "w") as stream:
                stream.write(text)
            Path(name).replace(self.path)

    @classmethod
    def load(cls, path: Path | None) -> State:
        """The state that `path` holds (it may hold only some of it), else an empty one."""
        state = cls()
        if path is not None and path.is_file() and path.stat().st_size:
            state.update(json.loads(path.read_text("utf-8")))
        state.path = path
        return state

    def clear(self) -> None:
        """Forget everything."""
        for name in self.__dataclass_fields__:
            part = getattr(self, name)
            if isinstance(part, dict | list):
                part.clear()

    def update(self, data: dict[str, Any]) -> None:
        """Add or replace entries of the named parts."""
        for name, value in data.items():
            if name not in self.__dataclass_fields__:
                raise ValueError(f"the state has no {name!r}")
            if isinstance(value, dict):
                getattr(self, name).update(value)
            else:
                setattr(self, name, value)
        for repository in self.repositories.values():
            repository.setdefault("id", self.new_id())
            repository.setdefault("private", True)
            repository.setdefault("default_branch", "main")

    def take_fault(self, method: str, path: str) -> dict[str, Any] | None:
        """The first fault that fits, counted down; None where there is none."""
        import re

        for fault in self.faults:
            if fault.get("method", method) == method and re.search(fault.get("path", ""), path):
                fault["times"] = fault.get("times", 1) - 1
                if fault["times"] <= 0:
                    with contextlib.suppress(ValueError):
                        self.faults.remove(fault)
                return fault
        return None


def now_text(at: float | None = None) -> str:
    """A time in UTC as the API writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() if at is None else at))
