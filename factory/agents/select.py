"""Make the agent that a profile names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from factory.agents.bounds import LIMITS, BoundedAgent
from factory.agents.protocol import Agent
from factory.config.validate import require_fit
from factory.errors import ConfigurationError
from factory.records import AgentProfile
from factory.records.work_order import SandboxChoice

DEFAULT_MODEL = "claude-sonnet-5-5"


def select(profile: AgentProfile) -> Agent:
    """The agent of an AgentProfile, its options checked, within its own limits.

    Raises:
        ConfigurationError: an option that this kind does not have, or has in another form.
    """
    options, where = profile.options, f"agents.{profile.name}"
    require_fit({"uses": profile.uses, **options}, "factory.schema.json", "agent", where)
    if profile.uses == "replay":
        from factory.agents.replay import ReplayAgent

        agent: Agent = ReplayAgent(Path(options["trajectories"]))
    elif profile.uses == "anthropic":
        agent = _anthropic(options)
    else:
        agent = _command_line(profile)
    return BoundedAgent(agent=agent, options=options) if _limited(options) else agent


def sandbox_choice(profile: AgentProfile, choice: SandboxChoice) -> SandboxChoice:
    """The sandbox of an agent: the usual one, or docker with the profile's `image`.

    Raises:
        ConfigurationError: the profile has an image and the sandbox is one without.
    """
    image = profile.options.get("image")
    if image is None:
        return choice
    if choice.uses == "bubblewrap":
        raise ConfigurationError(
            f"agents.{profile.name}: `image` is for docker, and `sandbox` uses bubblewrap",
            mend="take out `image`, or set `sandbox: {uses: docker}`",
        )
    return SandboxChoice(uses="docker", image=image)


def _limited(options: dict[str, Any]) -> bool:
    return any(name in options for name in LIMITS)


def _command_line(profile: AgentProfile) -> Agent:
    from factory.agents import profiles
    from factory.agents.command_line.agent import CommandLineAgent
    from factory.agents.command_line.place import Options
    from factory.agents.egress import parse_allowed

    options, adapter = profile.options, profiles.adapter_of(profile.uses)
    profiles.require_bounds(profile)
    files = _files(options, f"agents.{profile.name}")
    environment, passed = profiles.environment_of(options)
    usual = [profiles.service_of(profile).host] if adapter.asks_model else []

    def secret() -> Mapping[str, str]:
        key = profiles.key_of(profile) if adapter.asks_model else {}
        return {**key, **profiles.passed_on(passed)}

    return CommandLineAgent(
        Options(
            adapter=adapter,
            settings=profiles.settings_of(profile, files),
            price_of=profiles.prices_of(profile),
            environment=environment,
            secret=secret,
            egress=parse_allowed(options.get("egress", usual)),
            files=files,
            tokens=options.get("tokens"),
            memory_bytes=int(options.get("memory-mebibytes", 4096)) * 1024 * 1024,
        )
    )


def _files(options: dict[str, Any], where: str) -> Path | None:
    files = options.get("files")
    if files is not None and not Path(files).is_dir():
        raise ConfigurationError(
            f"{where}: `files` is not a folder: {files!r}",
            mend=f"it is relative to the folder where the factory runs, here {Path.cwd()}",
        )
    return Path(files).resolve() if files else None


def _anthropic(options: dict[str, Any]) -> Agent:
    from factory.agents.anthropic_loop import AnthropicAgent, AnthropicOptions
    from factory.agents.conversation import FOLD_TOKENS
    from factory.agents.prices import price_of

    model = options.get("model", DEFAULT_MODEL)
    return AnthropicAgent(
        AnthropicOptions(
            model=model,
            price=price_of(model, options.get("prices")),
            effort=options.get("effort"),
            max_output_tokens=int(options.get("max-output-tokens", 32_000)),
            call_seconds=float(options.get("call-seconds", 120.0)),
            backoff_seconds=float(options.get("backoff-seconds", 2.0)),
            fold_tokens=int(options.get("fold-tokens", FOLD_TOKENS)),
            tools=tuple(options["tools"]) if "tools" in options else None,
        )
    )
