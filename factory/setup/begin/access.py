"""Steps about who may use what: environments, the deploy key, and the App that gives verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from factory.forge.address import DEFAULT_SERVER
from factory.forge.settings import Unread
from factory.setup.begin.step import Kind, State, Step
from factory.setup.begin.there import There
from factory.setup.begin.wanted import Wanted
from factory.setup.names import APP_ID, ENVIRONMENTS, EVALUATE, KNOWN_HOSTS, SCENARIOS_KEY


def environments(wanted: Wanted, there: There) -> Iterator[Step]:
    """Each environment, for the base branch alone."""
    specs = there.repositories[wanted.specs]
    base = specs.default_branch if specs and wanted.specs not in there.empty else "main"
    for name in ENVIRONMENTS:
        yield _environment(wanted.specs, name, base, there)


def _environment(specs: str, name: str, base: str, there: There) -> Step:
    found = there.environments.get(name)
    what = f"environment {name} of {specs}, for the branch {base} alone"
    data = {"name": name, "branch": base}

    def step(kind: Kind, state: State, mend: str = "") -> Step:
        return Step(kind=kind, repository=specs, what=what, state=state, data=data, mend=mend)

    if found is None:
        return step("environment", "make")
    if found.branches == (base,):
        return step("environment", "there")
    if found.protected:
        branch = there.branches.get(specs)
        if branch is not None and isinstance(branch.protection, Mapping):
            return step("environment", "there")
        mend = (
            f"only protected branches may use it, and {base} has no branch protection that can be "
            "seen: without any, every branch may; choose selected branches, with the rule "
            f"`{base}`"
        )
        return step("environment", "differs", mend)
    if found.branches is None:
        if found.guarded:  # To set the branches is to send all rules, and these would be lost.
            mend = f"every branch may use it: choose selected branches, with the rule `{base}`"
            return step("environment", "differs", mend)
        return step("environment", "make")
    if base not in found.branches:
        return step("branch", "make")
    others = ", ".join(one for one in found.branches if one != base)
    return step("environment", "differs", f"these may use it as well: {others}; take them out")


def deploy_key(wanted: Wanted, there: There, server: str) -> Iterator[Step]:
    """The way to the scenarios; on a server of one's own its host keys as well."""
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


def app(wanted: Wanted, there: There) -> Iterator[Step]:
    """The variable that names the App."""
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
