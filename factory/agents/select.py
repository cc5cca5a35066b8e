"""Make the agent that a profile names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from factory.agents.protocol import Agent
from factory.errors import ConfigurationError
from factory.records import AgentProfile


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
    raise ConfigurationError(f"{where}: there is no agent {profile.uses!r}")


def _known(options: dict[str, Any], names: set[str], where: str) -> None:
    unknown = sorted(set(options) - names)
    if unknown:
        raise ConfigurationError(
            f"{where}: unknown option {', '.join(map(repr, unknown))}",
            mend=f"known are: {', '.join(sorted(names))}",
        )
