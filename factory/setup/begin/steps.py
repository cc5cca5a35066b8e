"""What is missing of a factory, as steps in the order in which to take them; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from factory.errors import ConfigurationError
from factory.forge.address import DEFAULT_SERVER
from factory.forge.settings import Absence, Unread
from factory.setup.begin.there import There
from factory.setup.begin.wanted import (
    GATE_RULESET,
    LABELS,
    VERDICT_RULESET,
    Wanted,
    gate_ruleset,
    verdict_ruleset,
)
from factory.setup.checks.branches import Required, required
from factory.setup.facts import Environment
from factory.setup.names import (
    APP_ID,
    ENVIRONMENTS,
    EVALUATE,
    GATE,
    KNOWN_HOSTS,
    SCENARIOS_KEY,
    VERDICT,
)

State = Literal["make", "there", "differs"]
Kind = Literal[
    "repository", "files", "label", "environment", "branch", "deploy-key", "secret", "variable",
    "ruleset",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that is to be there. `what` tells a person, `data` is what it is made of.

    Where it `differs`, it is left alone, and `mend` says what a person may do.
    """

    kind: Kind
    repository: str
    what: str
    state: State
    data: Mapping[str, Any] = field(default_factory=dict)
    mend: str = ""


def steps(wanted: Wanted, there: There, server: str) -> list[Step]:
    """Every step, those that are taken already among them.

    Raises:
        ConfigurationError: a repository is another's, or the scenarios would be public.
    """
    _require_ours(wanted, there)
    return [
        *_repositories(wanted, there),
        *_labels(wanted, there),
        *_environments(wanted, there),
        *_key(wanted, there, server),
        *_app(wanted, there),
        *_rulesets(wanted, there),
    ]


def _require_ours(wanted: Wanted, there: There) -> None:
    """Only what is empty, or named by the factory.yml of the specs repository, is taken over."""
    scenarios = there.repositories[wanted.scenarios]
    if scenarios is not None and not scenarios.private:
        raise ConfigurationError(
            f"{wanted.scenarios} is public, so its scenarios would be no secret; nothing was done",
            mend="make it private, or name another one with --scenarios",
        )
    named = {one.lower() for one in there.named or ()}  # GitHub does not tell cases apart.
    for name in wanted.kinds:
        if there.repositories[name] is None or name in there.empty:
            continue
        ours = (
            {wanted.scenarios.lower(), wanted.repository.lower()} <= named
            if name == wanted.specs
            else name.lower() in named
        )
        if not ours:
            raise ConfigurationError(
                f"{name} holds something else already; nothing was done",
                mend="choose another name (--specs, --scenarios, --repository), or let factory.yml "
                f"in {wanted.specs} name {wanted.repository} and {wanted.scenarios}, then run this "
                "again",
            )


def _repositories(wanted: Wanted, there: There) -> Iterator[Step]:
    for name, kind in wanted.kinds.items():
        found = there.repositories[name]
        private = kind == "scenarios" or not wanted.public
        seen = "private" if (found.private if found else private) else "public"
        yield Step(
            kind="repository",
            repository=name,
            what=f"{seen} repository {name}",
            state="there" if found else "make",
            data={"private": private, "person": there.owner_is_person},
        )
        filled = found is not None and name not in there.empty
        yield Step(
            kind="files",
            repository=name,
            what=f"first commit of {name}: the skeleton `{kind}`",
            state="there" if filled else "make",
            data={"kind": kind},
        )


def _labels(wanted: Wanted, there: There) -> Iterator[Step]:
    known = {one.lower() for one in there.labels}
    for name, (colour, description) in LABELS.items():
        yield Step(
            kind="label",
            repository=wanted.specs,
            what=f"label {name} in {wanted.specs}",
            state="there" if name.lower() in known else "make",
            data={"name": name, "color": colour, "description": description},
        )


def _environments(wanted: Wanted, there: There) -> Iterator[Step]:
    specs = there.repositories[wanted.specs]
    base = specs.default_branch if specs and wanted.specs not in there.empty else "main"
    for name in ENVIRONMENTS:
        yield _environment(wanted.specs, name, base, there.environments.get(name))


def _environment(specs: str, name: str, base: str, found: Environment | None) -> Step:
    what = f"environment {name} of {specs}, for the branch {base} alone"
    data = {"name": name, "branch": base}

    def step(kind: Kind, state: State, mend: str = "") -> Step:
        return Step(kind=kind, repository=specs, what=what, state=state, data=data, mend=mend)

    if found is None:
        return step("environment", "make")
    if found.protected or found.branches == (base,):
        return step("environment", "there")
    if found.branches is None:
        if found.guarded:  # To set the branches is to send all rules, and these would be lost.
            mend = f"every branch may use it: choose selected branches, with the rule `{base}`"
            return step("environment", "differs", mend)
        return step("environment", "make")
    if base not in found.branches:
        return step("branch", "make")
    others = ", ".join(one for one in found.branches if one != base)
    return step("environment", "differs", f"these may use it as well: {others}; take them out")


def _key(wanted: Wanted, there: There, server: str) -> Iterator[Step]:
    environment = there.environments.get(EVALUATE)
    secrets = environment.secrets if environment else frozenset()
    known = frozenset() if isinstance(secrets, Unread) else secrets
    has_key = any(one.read_only and one.enabled for one in there.keys)
    state: State = "make"
    mend = ""
    if isinstance(secrets, Unread):
        state = "differs"
        mend = f"whether the secret is there cannot be seen: give `{secrets.right}`"
    elif SCENARIOS_KEY in known and has_key:
        state = "there"
    elif SCENARIOS_KEY in known:
        state = "differs"
        mend = (
            f"{SCENARIOS_KEY} is there and {wanted.scenarios} has no read-only key for it: delete "
            "the secret, then run this again"
        )
    yield Step(
        kind="deploy-key",
        repository=wanted.scenarios,
        what=f"read-only deploy key of {wanted.scenarios}, as the secret {SCENARIOS_KEY} of "
        f"{EVALUATE}",
        state=state,
        data={"title": wanted.key_title, "name": SCENARIOS_KEY},
        mend=mend,
    )
    if server == DEFAULT_SERVER:
        return
    host = urlsplit(server).hostname
    hosts = there.published_hosts
    there_already = KNOWN_HOSTS in known
    lines = "" if isinstance(hosts, Unread) else "".join(f"{host} {one}\n" for one in hosts)
    yield Step(
        kind="secret",
        repository=wanted.specs,
        what=f"host keys of {host}, as the secret {KNOWN_HOSTS} of {EVALUATE}",
        state="there" if there_already else "make" if lines else "differs",
        data={"name": KNOWN_HOSTS, "value": lines},
        mend=f"{host} does not publish them: store `ssh-keyscan {host}`, compared with its own word"
        if not lines
        else "",
    )


def _app(wanted: Wanted, there: There) -> Iterator[Step]:
    if wanted.app_id is None:
        return
    held = there.variables.get(APP_ID)
    same = held == str(wanted.app_id)
    yield Step(
        kind="variable",
        repository=wanted.specs,
        what=f"variable {APP_ID} of {wanted.specs}: {wanted.app_id}",
        state="make" if held is None else "there" if same else "differs",
        data={"name": APP_ID, "value": str(wanted.app_id)},
        mend="" if same or held is None else f"it is {held}: change it, or pass --app-id {held}",
    )


def _rulesets(wanted: Wanted, there: There) -> Iterator[Step]:
    app = there.actions_app
    if isinstance(app, Unread):
        yield Step(
            kind="ruleset",
            repository=wanted.specs,
            what=f"`{GATE}` required in {wanted.specs}, from GitHub Actions",
            state="differs",
            mend=f"the App of GitHub Actions cannot be seen ({app.told}): make the rule by hand",
        )
    else:
        what = f"`{GATE}` required in {wanted.specs}, from GitHub Actions"
        body = gate_ruleset(app)
        yield _ruleset(wanted.specs, there, what, GATE_RULESET, Required(GATE, app), body)
    what = f"`{VERDICT}` required in {wanted.repository}"
    if wanted.app_id is None:
        yield Step(
            kind="ruleset",
            repository=wanted.repository,
            what=what,
            state="differs",
            mend="make a GitHub App (docs/setup.md), then run this again with --app-id ID",
        )
        return
    needed = Required(VERDICT, wanted.app_id)
    what = f"{what}, from the App {wanted.app_id}"
    body = verdict_ruleset(wanted.app_id)
    yield _ruleset(wanted.repository, there, what, VERDICT_RULESET, needed, body)


def _ruleset(
    repository: str, there: There, what: str, name: str, needed: Required, body: dict[str, Any]
) -> Step:
    """There where any rule asks for it; else made, unless one of this name says otherwise."""
    branch = there.branches.get(repository)
    fulfilled = branch is not None and needed in required(branch)
    same_name = there.rulesets.get(repository, {}).get(name)
    differs = not fulfilled and same_name is not None and not isinstance(same_name, Absence)
    return Step(
        kind="ruleset",
        repository=repository,
        what=what,
        state="there" if fulfilled else "differs" if differs else "make",
        data=body,
        mend=f"the ruleset `{name}` is there, and is off or asks for something else: change or "
        "delete it"
        if differs
        else "",
    )
