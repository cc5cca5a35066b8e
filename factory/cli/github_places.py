"""Which repositories on GitHub a specs repository in a folder is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from factory.config.factory_file import Configuration, load_configuration
from factory.errors import ConfigurationError, FactoryError
from factory.forge.address import full_name, server_url
from factory.setup.facts import Places, Product
from factory.setup.names import MODEL_KEYS

_USES = re.compile(
    r"uses:\s*[\"']?([\w.-]+/[\w.-]+)/\.github/workflows/"
    r"(?:factory|factory-attested|spec-gate)\.yml@"
    r"|uses:\s*[\"']?([\w.-]+/dark-factory)@"
)
_CALLS = re.compile(r"uses:\s*[\"']?\S*\.github/workflows/([\w-]+?)(?:-attested)?\.ya?ml")
_STAGES = {
    "plan": "factory", "gate-review": "spec-gate", "evaluate": "holdouts", "judge": "holdouts",
}  # fmt: skip
"""The command of the action → what begins with it in a job that uses the action alone."""
_COMMAND = re.compile(rf"command:\s*[\"']?({'|'.join(_STAGES)})\b")


def places_of(folder: Path, repository: str | None, env: Mapping[str, str]) -> Places:
    """The places that `folder`/factory.yml names.

    Args:
        repository: what `folder` is on GitHub; None: what GITHUB_REPOSITORY says, else where its
            `origin` is.

    Raises:
        ConfigurationError: factory.yml cannot be read, or names nothing on this server.
    """
    if not folder.is_dir():
        raise ConfigurationError(
            "there is no such folder",
            path=str(folder),
            mend="name the clone of your specs repository with --specs",
        )
    server = server_url(env)
    here = full_name(repository or env.get("GITHUB_REPOSITORY") or _origin(folder), server)
    if here is None:
        raise ConfigurationError(
            f"which repository on {server} this folder is, is not known",
            path=str(folder),
            mend="pass --repository OWNER/NAME; for a server of your own set GITHUB_SERVER_URL",
        )
    configuration = load_configuration(folder, here=here)
    scenarios = full_name(configuration.scenarios_repository, server)
    products = tuple(
        Product(name=one.name, repository=name, base_branch=one.base_branch)
        for one in configuration.products.values()
        if (name := full_name(one.repository, server))
    )
    if scenarios is None or not products:
        lack = "the scenarios are" if scenarios is None else "no product is"
        raise ConfigurationError(
            f"{lack} in a repository on {server}",
            path=configuration.path,
            mend="write owner/name; `factory doctor` without --github looks at this machine",
        )
    return Places(
        server=server,
        specs=here,
        scenarios=scenarios,
        products=products,
        action=_action(folder),
        keys=_keys(configuration),
        alone=all(one.repository == here for one in products),
        calls=_calls(folder),
    )


def _origin(folder: Path) -> str:
    from factory.ports.git.remote import origin

    try:
        return origin(folder) or ""
    except FactoryError:
        return ""


def _action(folder: Path) -> str:
    """Whose workflow the repository calls; a server of one's own may have it under another name."""
    for text in _workflows(folder):
        if found := _USES.search(text):
            return found[1] or found[2]
    return Places.action


def _calls(folder: Path) -> frozenset[str]:
    """What the workflows begin: what they call, or do themselves with the action."""
    text = "\n".join(_workflows(folder))
    return frozenset([*_CALLS.findall(text), *(_STAGES[one] for one in _COMMAND.findall(text))])


def _workflows(folder: Path) -> Iterator[str]:
    """The text of each workflow of a repository, by name."""
    for path in sorted((folder / ".github" / "workflows").glob("*.y*ml")):
        yield path.read_text("utf-8", "replace")


def _keys(configuration: Configuration) -> tuple[str, ...]:
    """The secrets that line.yml passes to the agents of factory.yml."""
    from factory.agents.profiles import MODULES, environment_of, service_of

    named: list[str] = []
    for profile in configuration.agents.values():
        if profile.uses == "anthropic":
            named.append(MODEL_KEYS[0])
        elif profile.uses == "command":
            named += environment_of(profile.options)[1]
        elif profile.uses in MODULES:
            named += service_of(profile).ours
    return tuple(dict.fromkeys(one for one in named if one in MODEL_KEYS))
