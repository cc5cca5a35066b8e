"""What is particular to one program, in one record; each program's module makes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from factory.agents.command_line.events import Reader
from factory.errors import ConfigurationError
from factory.records import Budget

FILES = "/agent"
"""Where the profile's `files` are shown, read-only."""
HOME = "/factory/home"
"""The program's home: a folder for this attempt alone, writable, thrown away."""
BRIEF = "/factory/brief/brief.md"


@dataclass(frozen=True, kw_only=True)
class Service:
    """Where a program's models are asked.

    `variable` is where the program looks for its key, `ours` are the variables it is taken from,
    the first that is set. `host` is the API's `host:port`.
    """

    variable: str
    ours: tuple[str, ...]
    host: str


ANTHROPIC = Service(
    variable="ANTHROPIC_API_KEY", ours=("ANTHROPIC_API_KEY",), host="api.anthropic.com:443"
)
OPENAI = Service(variable="OPENAI_API_KEY", ours=("OPENAI_API_KEY",), host="api.openai.com:443")
GEMINI = Service(
    variable="GEMINI_API_KEY",
    ours=("GEMINI_API_KEY",),
    host="generativelanguage.googleapis.com:443",
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a profile says about the program; `program` is its path or name inside the cell.

    Of the kind `command`, `argv` is all that is said.
    """

    program: str = ""
    model: str = ""
    argv: tuple[str, ...] = ()
    effort: str | None = None
    base_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Launch:
    """How one attempt is started: its words, its environment without the key, files of its home.

    `stdin` is what it reads; the brief is in BRIEF as well.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    home: Mapping[str, str] = field(default_factory=dict)
    stdin: str = ""


@dataclass(frozen=True, kw_only=True)
class Adapter:
    """One program.

    `kind` is its name in `uses`, `program` its usual name, `checked` the version that its flags
    and formats were looked up in. `output` is a file of its home that is read beside its standard
    output. `service` names the service of a model, None where it is not known. `asks_model`: it has
    a key, a service and a home; a plain command has none of them.
    """

    kind: str
    program: str
    checked: str
    service: Callable[[str], Service | None]
    launch: Callable[[Settings, Budget, str], Launch]
    reader: Callable[[], Reader]
    output: str | None = None
    reports_usd: bool = False
    asks_model: bool = True


def host_of(base_url: str) -> str:
    """`host:port` of an https address.

    Raises:
        ConfigurationError: it is another kind of address.
    """
    parts = urlsplit(base_url)
    try:
        port = parts.port or 443
    except ValueError:
        port = 0
    if parts.scheme != "https" or not parts.hostname or not port or parts.username is not None:
        raise ConfigurationError(
            f"`base-url` is {base_url!r}", mend="give an address that begins with https://"
        )
    return f"{parts.hostname}:{port}"


def located(program: str, files: Path | None) -> str:
    """The program's place inside the cell: below the profile's `files`, else a name on PATH."""
    found = place_in(program, files) if files is not None else None
    return f"{FILES}/{found}" if found else program


def place_in(program: str, files: Path) -> str | None:
    """Where a folder holds a program, as npm and pip install it or by itself."""
    for place in (f"bin/{program}", f"node_modules/.bin/{program}", program):
        if (files / place).is_file() or (files / place).is_symlink():
            return place
    return None
