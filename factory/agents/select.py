"""Make the agent that a profile names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from factory.agents.protocol import Agent
from factory.errors import ConfigurationError
from factory.records import AgentProfile

DEFAULT_MODEL = "claude-sonnet-5-5"
EFFORTS = ("low", "medium", "high", "xhigh", "max")


def select(profile: AgentProfile) -> Agent:
    """The agent of an AgentProfile, its options checked.

    Raises:
        ConfigurationError: an option that this kind does not have, or has in another form.
    """
    options = dict(profile.options)
    where = f"agents.{profile.name}"
    if profile.uses == "replay":
        from factory.agents.replay import ReplayAgent

        _known(options, {"trajectories"}, where)
        folder = options.get("trajectories")
        if not isinstance(folder, str) or not folder:
            raise ConfigurationError(
                f"{where}: `trajectories` must name the folder of the recordings",
                mend="add `trajectories: FOLDER`",
            )
        return ReplayAgent(Path(folder))
    if profile.uses == "anthropic":
        return _anthropic(options, where)
    if profile.uses == "command":
        return _command(options, where)
    raise ConfigurationError(f"{where}: there is no agent {profile.uses!r}")


def _command(options: dict[str, Any], where: str) -> Agent:
    from factory.agents.command import CommandAgent, CommandOptions
    from factory.agents.egress import parse_allowed

    _known(options, {"argv", "environment", "egress", "files", "memory-mebibytes"}, where)
    argv = _texts(options, "argv", where)
    if not argv:
        raise ConfigurationError(
            f"{where}: `argv` is missing", mend='for instance `argv: [claude, -p, "{brief_file}"]`'
        )
    environment = options.get("environment", {})
    passed: tuple[str, ...] = ()
    if isinstance(environment, list):
        passed, environment = _texts(options, "environment", where), {}
    if not isinstance(environment, dict) or not all(
        isinstance(word, str) for pair in environment.items() for word in pair
    ):
        raise ConfigurationError(
            f"{where}: `environment` is neither names with texts nor a list of names to pass on"
        )
    files = options.get("files")
    if files is not None and not (isinstance(files, str) and Path(files).is_dir()):
        raise ConfigurationError(f"{where}: `files` is not a folder: {files!r}")
    mebibytes = int(_number(options, "memory-mebibytes", 4096, 64, where))
    return CommandAgent(
        CommandOptions(
            argv=argv,
            environment=environment,
            passed=passed,
            egress=parse_allowed(_texts(options, "egress", where)),
            files=Path(files).resolve() if files else None,
            memory_bytes=mebibytes * 1024 * 1024,
        )
    )


def _texts(options: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = options.get(name, [])
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise ConfigurationError(f"{where}: `{name}` is not a list of texts")
    return tuple(value)


def _anthropic(options: dict[str, Any], where: str) -> Agent:
    from factory.agents.anthropic_loop import AnthropicAgent, AnthropicOptions
    from factory.agents.conversation import FOLD_TOKENS
    from factory.agents.prices import price_of

    _known(
        options,
        {
            "model",
            "max-output-tokens",
            "effort",
            "call-seconds",
            "backoff-seconds",
            "fold-tokens",
            "prices",
        },
        where,
    )
    model = options.get("model", DEFAULT_MODEL)
    if not isinstance(model, str) or not model:
        raise ConfigurationError(f"{where}: `model` is not a name")
    effort = options.get("effort")
    if effort is not None and effort not in EFFORTS:
        raise ConfigurationError(
            f"{where}: `effort` is {effort!r}", mend=f"choose one of: {', '.join(EFFORTS)}"
        )
    return AnthropicAgent(
        AnthropicOptions(
            model=model,
            price=price_of(model, options.get("prices")),
            effort=effort,
            max_output_tokens=int(_number(options, "max-output-tokens", 32_000, 256, where)),
            call_seconds=_number(options, "call-seconds", 120.0, 1, where),
            backoff_seconds=_number(options, "backoff-seconds", 2.0, 0, where),
            fold_tokens=int(_number(options, "fold-tokens", FOLD_TOKENS, 1000, where)),
        )
    )


def _number(options: dict[str, Any], name: str, default: float, least: float, where: str) -> float:
    value = options.get(name, default)
    if type(value) not in (int, float) or not least <= value <= 1_000_000:
        raise ConfigurationError(
            f"{where}: `{name}` is {value!r}", mend=f"give a number from {least:g} on"
        )
    return float(value)


def _known(options: dict[str, Any], names: set[str], where: str) -> None:
    unknown = sorted(set(options) - names)
    if unknown:
        raise ConfigurationError(
            f"{where}: unknown option {', '.join(map(repr, unknown))}",
            mend=f"known are: {', '.join(sorted(names))}",
        )
