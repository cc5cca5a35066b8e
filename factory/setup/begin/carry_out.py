"""Take one step: the only place that changes settings on GitHub."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from factory.errors import FactoryError, ForgeError
from factory.forge.sealing import new_deploy_key, sealed
from factory.forge.settings import Settings
from factory.forge.whoami import git_environment
from factory.ledger.place import WHO
from factory.ports.git import command, tree
from factory.ports.git.add_files import add_files
from factory.ports.scratch import scratch
from factory.setup import reading
from factory.setup.begin.step import Step
from factory.setup.begin.there import known
from factory.setup.begin.wanted import Wanted
from factory.setup.facts import Repository
from factory.setup.names import EVALUATE
from factory.spec import skeleton

ADMIN = {"administration": "write"}
BRANCH = "refs/heads/main"


def carry_out(settings: Settings, wanted: Wanted, step: Step) -> None:
    """Make what the step says.

    A repository, label, ruleset or key that turns out to be there, as after an answer that was
    lost, counts as made.

    Raises:
        AuthenticationError: no credential may do it.
        ForgeError: GitHub refused it, or did not answer.
        BaseMoved: the repository is not empty any more.
    """
    name, data = step.repository, step.data
    at = f"/repos/{name}"
    match step.kind:
        case "repository":
            _repository(settings, wanted, step)
        case "files":
            _files(settings, wanted, name, str(data["kind"]))
        case "label":

            def labelled() -> bool:
                rows = known(settings.read(name, f"{at}/labels", {"issues": "read"}, rows=""), name)
                return any(one["name"] == data["name"] for one in rows)

            right = {"issues": "write"}
            _make(settings, name, f"{at}/labels", data, right, step.what, labelled)
        case "environment":
            place = f"{at}/environments/{quote(str(data['name']), '')}"
            policy = {"protected_branches": False, "custom_branch_policies": True}
            body = {"deployment_branch_policy": policy}
            settings.write(name, "PUT", place, body, ADMIN, f"make the {step.what}")
            _let_branch(settings, step)
        case "branch":
            _let_branch(settings, step)
        case "deploy-key":
            _deploy_key(settings, wanted, step)
        case "secret":
            secret = _sealed(settings, wanted.specs, str(data["value"]))
            _put(settings, wanted.specs, str(data["name"]), secret)
        case "variable":
            right = {"actions_variables": "write"}
            settings.write(name, "POST", f"{at}/actions/variables", data, right, f"set {step.what}")
        case "ruleset":

            def ruled() -> bool:
                rows = known(settings.read(name, f"{at}/rulesets", reading.METADATA, rows=""), name)
                return any(one["name"] == data["name"] for one in rows)

            _make(settings, name, f"{at}/rulesets", data, ADMIN, step.what, ruled)


def _make(
    settings: Settings,
    name: str,
    place: str,
    body: Mapping[str, Any],
    right: Mapping[str, str],
    what: str,
    there: Callable[[], bool],
) -> None:
    try:
        settings.write(name, "POST", place, body, right, f"make the {what}")
    except ForgeError:
        with contextlib.suppress(FactoryError):  # What was refused says more than this.
            if there():
                return
        raise


def _repository(settings: Settings, wanted: Wanted, step: Step) -> None:
    owner, _, short = step.repository.partition("/")
    place = "/user/repos" if step.data["person"] else f"/orgs/{owner}/repos"
    body = {"name": short, "private": step.data["private"], "auto_init": False}

    def there() -> bool:
        found = reading.repository(settings, step.repository)
        return isinstance(found, Repository) and found.private == step.data["private"]

    _make(settings, step.repository, place, body, ADMIN, step.what, there)


def _files(settings: Settings, wanted: Wanted, name: str, kind: str) -> None:
    files = skeleton.render(
        kind,
        product=wanted.product,
        owner=wanted.code_owner,
        repository=wanted.repository,
        scenarios=wanted.scenarios,
    )
    right = {"contents": "write", "workflows": "write"}
    env = git_environment(settings, name, "push", right)
    with scratch("begin") as folder:
        bare = folder / "git"
        command.git("init", "--quiet", "--bare", "--template=", str(bare))
        commit = add_files(
            bare,
            BRANCH,
            [(path, text.encode()) for path, text in files.items()],
            f"Begin: the skeleton of a {kind} repository",
            parent=None,
            who=WHO,
            timestamp=int(time.time()),
        )
        tree.push(bare, settings.clone_url(name), commit, BRANCH, expected=None, env=env)


def _let_branch(settings: Settings, step: Step) -> None:
    name = step.repository
    environment = quote(str(step.data["name"]), "")
    place = f"/repos/{name}/environments/{environment}/deployment-branch-policies"
    body = {"name": step.data["branch"], "type": "branch"}
    settings.write(name, "POST", place, body, ADMIN, f"let {body['name']} use the {step.what}")


def _deploy_key(settings: Settings, wanted: Wanted, step: Step) -> None:
    """The private half is never on disk. It is sealed first: a key that nobody holds is no use."""
    name = step.repository
    private, public = new_deploy_key()
    secret = _sealed(settings, wanted.specs, private)
    body = {"title": step.data["title"], "key": public, "read_only": True}

    def there() -> bool:
        keys = known(reading.deploy_keys(settings, name), name)
        return any(one.key == public and one.read_only for one in keys)

    _make(settings, name, f"/repos/{name}/keys", body, ADMIN, step.what, there)
    _put(settings, wanted.specs, str(step.data["name"]), secret)


def _sealed(settings: Settings, specs: str, value: str) -> dict[str, str]:
    """`value` as factory-evaluate of the specs repository takes it."""
    place = f"/repos/{specs}/environments/{EVALUATE}/secrets/public-key"
    key = known(settings.read(specs, place, {"environments": "read"}), specs)
    return {"encrypted_value": sealed(key["key"], value), "key_id": key["key_id"]}


def _put(settings: Settings, specs: str, name: str, secret: Mapping[str, str]) -> None:
    place = f"/repos/{specs}/environments/{EVALUATE}/secrets/{name}"
    aim = f"set the secret {name} of {EVALUATE}"
    settings.write(specs, "PUT", place, secret, {"environments": "write"}, aim)
