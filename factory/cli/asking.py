"""Options and environment of commands that ask a model; `factory check --ask` asks here."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import click

from factory.cli.output import clean
from factory.cli.progress import Progress
from factory.counted import counted
from factory.errors import FactoryError, UsageError

if TYPE_CHECKING:
    from factory.config.factory_file import Configuration
    from factory.spec.asking import Asked

NOTE_LIMIT = 1000


class Account(TypedDict):
    """`base_url` is None for the provider's own."""

    key: str
    base_url: str | None


def ask_model(
    files: Sequence[Path], model: str, limit_usd: float, configurations: Iterable[Configuration]
) -> Asked:
    """Ask about every spec that can be read; what it cost and what went amiss goes to stderr.

    Args:
        files: of specs; one that cannot be read is left to the gate.
        model: the model's name.
        limit_usd: what may be spent.
        configurations: their `prices`, and their agents', count too.

    Raises:
        UsageError: the limit is no amount above 0.
        ConfigurationError, AuthenticationError: see `factory.spec.asking.ask`.
    """
    from factory.spec.allowing import unsilenced
    from factory.spec.asking import ask
    from factory.spec.document import read_spec
    from factory.spec.silences import silences

    check_limit("--ask-usd", limit_usd)
    documents = []
    for path in files:
        try:
            documents.append(read_spec(path, name=os.path.relpath(path)))
        except FactoryError:
            continue
    with Progress(f"asking {clean(model)} about what the specs leave open") as progress:
        asked = ask(
            documents,
            model=model,
            limit_usd=limit_usd,
            **account(),
            prices=_prices(configurations),
            say=progress.say,
        )
    asked.findings = [
        one
        for document in documents
        for one in unsilenced(document.path, silences(document), asked.findings)
    ]
    for note in asked.notes:
        click.echo(f"note: {clean(note, NOTE_LIMIT)}", err=True)
    requests = counted(asked.requests, "request")
    click.echo(f"asked {clean(model)}: {requests}, {asked.usd:.4f} USD", err=True)
    return asked


def check_limit(option: str, usd: float) -> None:
    """Raises UsageError unless `usd`, given for `option`, is an amount above 0."""
    if not 0 < usd < math.inf:
        raise UsageError(f"{option} is {usd:g}", mend="give US dollars above 0")


def account() -> Account:
    """The key and the address of the Messages API, as the environment has them."""
    return {
        "key": os.environ.get("ANTHROPIC_API_KEY", ""),
        "base_url": os.environ.get("ANTHROPIC_BASE_URL"),
    }


def _prices(configurations: Iterable[Configuration]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for configuration in configurations:
        found.update(configuration.prices)
        for agent in configuration.agents.values():
            own = agent.options.get("prices")
            found.update(own if isinstance(own, dict) else {})
    return found
