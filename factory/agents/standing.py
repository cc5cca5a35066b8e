"""Whether a configured agent could work here: its program, its key, its price; nothing is asked."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from factory.agents.command_line.adapter import place_in
from factory.agents.profiles import MODULES, adapter_of, environment_of, key_of
from factory.agents.select import sandbox_choice, select
from factory.errors import FactoryError
from factory.records import AgentProfile
from factory.records.work_order import SandboxChoice

# What a cell shows of the host, besides a profile's `files`.
_SHOWN = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One agent as found here; `mend` is empty where it is `ok`."""

    ok: bool
    found: str
    mend: str = ""


def standing(profile: AgentProfile, sandbox: SandboxChoice) -> Standing:
    """Look at one agent; nothing is started and nothing is spent."""
    try:
        select(profile)
        sandbox_choice(profile, sandbox)
        program = _program(profile)
        key = _key(profile)
    except FactoryError as error:
        return Standing(ok=False, found=error.message, mend=error.mend)
    parts = [profile.uses, str(profile.options.get("model", "")), program, key]
    return Standing(ok=True, found=", ".join(part for part in parts if part))


def _program(profile: AgentProfile) -> str:
    """Where the program is; "" for an agent that has none.

    Raises:
        FactoryError: it is in none of the places that a cell shows.
    """
    if profile.uses in ("anthropic", "replay"):
        return ""
    command = profile.uses == "command"
    name = profile.options["argv"][0] if command else profile.options.get("program")
    name = name or adapter_of(profile.uses).program
    files = profile.options.get("files")
    if files and (name.startswith("/agent/") or place_in(name, Path(files)) is not None):
        return f"{name} in {files}"
    if "image" in profile.options:
        return f"{name} in the image {profile.options['image']}, which was not looked into"
    place = shutil.which(name, path=_SHOWN)  # An absolute path is looked at as it is.
    if place is None:
        raise FactoryError(
            f"the program {name} is not found where a sandbox shows it",
            mend="install it into a folder and name that as `files`, or below /usr; "
            "see docs/agents.md",
        )
    return place


def _key(profile: AgentProfile) -> str:
    """Which variable holds the key; raises FactoryError where none is set."""
    if profile.uses in MODULES and profile.uses != "command":
        key_of(profile)
        return "key set"
    if profile.uses == "anthropic":
        if not os.environ.get("ANTHROPIC_API_KEY", "").strip():
            raise FactoryError(
                "ANTHROPIC_API_KEY is not set", mend="set it to a key of the Messages API"
            )
        return "key set"
    _, passed = environment_of(profile.options)
    missing = [name for name in passed if name not in os.environ]
    if missing:
        raise FactoryError(f"{', '.join(missing)} is not set", mend="set it for this job")
    return ""
