"""From options and environment to what the stages need: forge, scenarios, equipment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import ConfigurationError, KeyMissing, UsageError
from factory.ports.scratch import scratch

if TYPE_CHECKING:
    from factory.evaluate import ScenarioSource
    from factory.forge.protocol import Forge
    from factory.pipeline import Equipment
    from factory.pipeline.planning import Ledger

SCENARIOS = "FACTORY_SCENARIOS"
REF = "FACTORY_SCENARIOS_REF"
KEY = "FACTORY_SCENARIOS_KEY"
KNOWN_HOSTS = "FACTORY_SCENARIOS_KNOWN_HOSTS"
SIGNING_KEY = "FACTORY_SIGNING_KEY"
NEEDS_KEY = "FACTORY_SCENARIOS_NEEDS_KEY"


@contextmanager
def scenario_source(repository: str | None, ref: str | None = None) -> Iterator[ScenarioSource]:
    """Where the scenarios are, and the deploy key to read them, gone when the context is left.

    Args:
        repository: a local path, a URL or owner/name; None to take FACTORY_SCENARIOS.
        ref: branch, tag or commit; None to take FACTORY_SCENARIOS_REF, else main.

    Raises:
        UsageError: no scenario repository is named.
        KeyMissing: the workflow says a key is needed and there is none.
        AuthenticationError: what was given is no private key.
        ConfigurationError: the server's host keys are not known.
    """
    from factory.evaluate import ScenarioSource

    text = repository or os.environ.get(SCENARIOS, "")
    if not text:
        raise UsageError(
            "no scenario repository is named", mend=f"pass --scenarios, or set {SCENARIOS}"
        )
    ref = ref or os.environ.get(REF) or "main"
    key = os.environ.pop(KEY, "")  # Nothing that is started later may inherit it.
    hosts = os.environ.pop(KNOWN_HOSTS, "")
    if not key.strip():
        if os.environ.get(NEEDS_KEY) == "true":
            raise KeyMissing(
                "there is no deploy key for the scenario repository",
                mend=f"add it as secret {KEY} of the environment `factory-evaluate`",
            )
        yield ScenarioSource(url=text, ref=ref)
        return
    from factory.forge.ssh import ssh_environment

    url = ssh_url(text)
    _require_hosts(url, hosts)
    with scratch("key") as folder:
        env = ssh_environment(key, hosts, folder)
        yield ScenarioSource(url=url, ref=ref, env=env)


def _require_hosts(url: str, hosts: str) -> None:
    """The host keys that are known without being told are github.com's."""
    from urllib.parse import urlsplit

    from factory.forge.address import DEFAULT_SERVER, server_url

    server = server_url(os.environ)
    there = url.startswith(f"git@{urlsplit(server).hostname}:")
    if there and server != DEFAULT_SERVER and not hosts.strip():
        raise ConfigurationError(
            f"no host key of the server {server} is known",
            mend=f"store `ssh-keyscan HOST`, compared with the server's own word, as {KNOWN_HOSTS}",
        )


def ssh_url(text: str) -> str:
    """owner/name as an ssh address on the server of GITHUB_SERVER_URL; anything else stays."""
    from urllib.parse import urlsplit

    from factory.forge.address import server_url

    if "://" in text or ":" in text or text.startswith(("/", ".", "~")) or text.count("/") != 1:
        return text
    host = urlsplit(server_url(os.environ)).hostname
    return f"git@{host}:{text}.git"


def signing_key() -> str:
    """The key that verdicts are signed with, or ""; nothing that is started later inherits it."""
    return os.environ.pop(SIGNING_KEY, "").strip()


def ledger_of(specs: Path | None) -> Ledger | None:
    """The ledger of a specs repository in a folder; in a GitHub job, of the job's repository.

    There it is asked and added to with the job's own token: another one may only read.
    """
    from factory.cli.output import on_github
    from factory.forge.select import select
    from factory.pipeline.planning import Ledger

    repository = os.environ.get("GITHUB_REPOSITORY", "")
    if specs is not None:
        return Ledger(url=str(specs.resolve()))
    if not repository or not on_github():
        return None
    forge = select(env=_own_environment())
    return Ledger(url=forge.clone_url(repository), env=forge.git_environment(repository))


def bookkeeper(ledger: Ledger | None, forge: Forge | None = None) -> Equipment:
    """What enters events into a ledger and does nothing else; `forge`: where there is one."""
    from factory.pipeline import Equipment

    return Equipment(
        forge=forge or make_forge(),
        scenarios=None,
        ledger_url=ledger.url if ledger else None,
        ledger_env=ledger.env if ledger else {},
    )


def run_url() -> str:
    """The page of this workflow run; "" outside of GitHub Actions."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, run = (os.environ.get(name, "") for name in names)
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else ""


def make_forge(state: Path | None = None, *, own: bool = False) -> Forge:
    """GitHub in a GitHub job or where a token is given, else local repositories.

    What it remarks is printed to stderr when the command ends, however it ends.

    Args:
        state: the folder for checks of local repositories; None to keep none.
        own: in a GitHub job, speak with the job's own token alone, as in its own repository.
    """
    import click

    from factory.cli.output import clean
    from factory.forge.select import select

    env = _own_environment() if own else None
    forge = select(checks=(state / "checks") if state else None, env=env)

    def tell() -> None:
        for remark in dict.fromkeys(forge.remarks):
            click.echo(f"note: {clean(remark)}", err=True)

    if context := click.get_current_context(silent=True):
        context.call_on_close(tell)
    return forge


def _own_environment() -> dict[str, str]:
    """The environment without what speaks for other repositories, where the job has a token."""
    from factory.cli.output import on_github

    env = dict(os.environ)
    if on_github() and env.get("GITHUB_TOKEN"):
        for name in ("FACTORY_TOKEN", "FACTORY_APP_ID", "FACTORY_APP_PRIVATE_KEY"):
            env.pop(name, None)
    return env
