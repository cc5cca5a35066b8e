"""What a profile of a command-line agent amounts to, and the rule that its cost be bounded."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from factory.agents.command_line.adapter import (
    Adapter,
    Service,
    Settings,
    host_of,
    located,
)
from factory.agents.prices import Price, price_of
from factory.errors import AuthenticationError, ConfigurationError
from factory.records import AgentProfile

MODULES = {
    "claude-code": "claude_code",
    "codex": "codex",
    "gemini": "gemini",
    "mini-swe-agent": "mini_swe_agent",
    "command": "command",
}
"""The kinds of command-line agents, each a module of `factory.agents.command_line`."""


def adapter_of(kind: str) -> Adapter:
    """The adapter of a kind in MODULES."""
    module = import_module(f"factory.agents.command_line.{MODULES[kind]}")
    adapter: Adapter = module.ADAPTER
    return adapter


def prices_of(profile: AgentProfile) -> Callable[[str], Price | None]:
    """A model's price where it is known; "" is the profile's own model.

    A provider before the name, as in `anthropic/claude-…`, has no part in it.
    """
    own, usual = profile.options.get("prices"), str(profile.options.get("model", ""))
    known: dict[str, Price | None] = {}

    def found(model: str) -> Price | None:
        name = model or usual
        if name not in known:
            known[name] = next(filter(None, map(_listed, (name, name.rpartition("/")[2]))), None)
        return known[name]

    def _listed(name: str) -> Price | None:
        if not name or (name not in (own or {}) and not _is_listed(name)):
            return None
        return price_of(name, own)

    return found


def _is_listed(name: str) -> bool:
    try:
        price_of(name)
    except ConfigurationError:
        return False
    return True


def require_bounds(profile: AgentProfile) -> None:
    """An agent that can tell its cost neither itself nor by its tokens needs bounds of its own.

    Raises:
        ConfigurationError: its model has no known price and it lacks `minutes` or `tokens`.
    """
    adapter = adapter_of(profile.uses) if profile.uses in MODULES else None
    if adapter is None or adapter.reports_usd or not adapter.asks_model:
        return
    if prices_of(profile)("") is not None:
        return
    missing = [name for name in ("minutes", "tokens") if name not in profile.options]
    if missing:
        model = profile.options.get("model")
        raise ConfigurationError(
            f"agents.{profile.name}: {profile.uses} does not tell its cost, and the price of "
            f"{model!r} is not known, so it needs bounds: {' and '.join(missing)}",
            mend="add `minutes` and `tokens` (and `usd`: what each attempt is then charged), or "
            "its price, as in `prices: {MODEL: {input: …, output: …}}`",
        )


def service_of(profile: AgentProfile) -> Service:
    """Where a profile's model is asked and where its key is.

    Raises:
        ConfigurationError: the model's service is not known and the profile names no key or host.
    """
    options, adapter = profile.options, adapter_of(profile.uses)
    known = adapter.service(str(options.get("model", "")))
    variable = options.get("key") or (known.variable if known else None)
    host = host_of(options["base-url"]) if "base-url" in options else known and known.host
    if not variable or not (host or options.get("egress")):
        raise ConfigurationError(
            f"agents.{profile.name}: nobody knows where {options.get('model')!r} is asked",
            mend="begin its name with its provider, as in anthropic/…, or name `key` and `egress`",
        )
    ours = (variable,) if "key" in options or known is None else known.ours
    inside = known.variable if known else variable
    return Service(variable=inside, ours=ours, host=host or "")


def key_of(profile: AgentProfile) -> Mapping[str, str]:
    """The key as the program's environment holds it.

    Raises:
        AuthenticationError: none of its variables is set.
    """
    service = service_of(profile)
    for name in service.ours:
        if os.environ.get(name, "").strip():
            return {service.variable: os.environ[name]}
    names = " or ".join(service.ours)
    raise AuthenticationError(
        f"agents.{profile.name}: {names} is not set",
        mend="set it to the key of the service, or name another variable with `key`",
    )


def settings_of(profile: AgentProfile, files: Path | None) -> Settings:
    """What a profile says about its program."""
    options, adapter = profile.options, adapter_of(profile.uses)
    return Settings(
        program=located(options.get("program", adapter.program), files),
        model=options.get("model", ""),
        argv=tuple(options.get("argv", ())),
        effort=options.get("effort"),
        base_url=options.get("base-url"),
    )


def environment_of(options: Mapping[str, Any]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """(variables that are set, names of ours that are passed on)."""
    environment = options.get("environment", {})
    if isinstance(environment, list):
        return {}, tuple(environment)
    return dict(environment), ()


def passed_on(names: tuple[str, ...]) -> Mapping[str, str]:
    """Variables of ours.

    Raises:
        ConfigurationError: one is not set.
    """
    missing = [name for name in names if name not in os.environ]
    if missing:
        raise ConfigurationError(
            f"the agent's environment names {', '.join(missing)}, which is not set",
            mend="set it for this job, or take it out of `environment`",
        )
    return {name: os.environ[name] for name in names}
