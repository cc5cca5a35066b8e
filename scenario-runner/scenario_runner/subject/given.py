"""What the options say of the subjects: `--subject`, several times, and what goes with it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from scenario_runner.errors import UsageFault
from scenario_runner.target import Target

Kind = Literal["address", "command", "service", "image", "launcher"]

DEFAULT_NAME = "default"
DEFAULT_READY, DEFAULT_PORT = "/", 8080

_NAMED = re.compile(r"([a-z][a-z0-9-]{0,30})=(.*)", re.DOTALL)
_ADDRESSES = ("http://", "https://", "http+unix://")
_PREFIXED = ("service:", "image:", "launcher:")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_IMAGE = re.compile(r"[a-z0-9][A-Za-z0-9._/:@-]{0,250}")


@dataclass(frozen=True, slots=True)
class GivenSubject:
    """One subject. `text` is its address or image, `argv` its command's words. `ready`, a path,
    and `port`, inside a container, are of use where we start it; `reset` is a method and a path
    that give it its first state again."""

    name: str
    kind: Kind
    text: str = ""
    argv: tuple[str, ...] = ()
    ready: str = DEFAULT_READY
    port: int = DEFAULT_PORT
    reset: tuple[str, str] | None = None

    @property
    def managed(self) -> bool:
        """Whether we start it."""
        return self.kind in ("service", "image", "launcher")

    @property
    def can_be_fresh(self) -> bool:
        """A command is fresh each time it is run: its folder is the scenario's own."""
        return self.managed or self.reset is not None or self.kind == "command"

    def to_wire(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_wire(data: dict[str, Any]) -> GivenSubject:
        reset = data["reset"]
        return GivenSubject(
            **{**data, "argv": tuple(data["argv"]), "reset": tuple(reset) if reset else None}
        )


def parse(
    texts: Sequence[str],
    start_folder: Path,
    *,
    ready: Sequence[str] = (),
    ports: Sequence[str] = (),
    resets: Sequence[str] = (),
) -> tuple[GivenSubject, ...]:
    """The default first: the one without a name, else the first. Raises UsageFault.

    A word of a command that names a file, seen from `start_folder`, becomes absolute, since each
    run has a work folder of its own.
    """
    named: dict[str, str] = {}
    for text in texts:
        name, rest = _name_of(text)
        if name in named:
            more = "give the others names: --subject NAME=…" if name == DEFAULT_NAME else "rename"
            raise UsageFault(f'--subject: two are called "{name}"; {more}')
        named[name] = rest
    if DEFAULT_NAME in named:
        named = {DEFAULT_NAME: named.pop(DEFAULT_NAME), **named}
    first = next(iter(named), DEFAULT_NAME)
    paths = {name: _path(text) for name, text in _each("--ready", ready, named, first)}
    numbers = {name: _port(text) for name, text in _each("--port", ports, named, first)}
    hooks = {name: _reset(text) for name, text in _each("--reset", resets, named, first)}
    found = []
    for name, text in named.items():
        kind, rest, argv = _kind_of(text, start_folder)
        one = GivenSubject(
            name,
            kind,
            rest,
            argv,
            ready=paths.get(name, DEFAULT_READY),
            port=numbers.get(name, DEFAULT_PORT),
            reset=hooks.get(name),
        )
        if one.reset is not None and kind == "command":
            raise UsageFault(f'--reset: the subject "{name}" is a command; it takes no requests')
        found.append(one)
    return tuple(found)


def _name_of(text: str) -> tuple[str, str]:
    match = _NAMED.fullmatch(text)
    return (match[1], match[2]) if match else (DEFAULT_NAME, text)


def _each(
    option: str, texts: Sequence[str], named: dict[str, str], first: str
) -> list[tuple[str, str]]:
    """`NAME=VALUE` is for that subject, a bare value for the default."""
    found = []
    for text in texts:
        match = _NAMED.fullmatch(text)
        name, value = (match[1], match[2]) if match else (first, text)
        if name not in named:
            known = ", ".join(named)
            raise UsageFault(f'{option} {text}: there is no subject "{name}"; there is {known}')
        found.append((name, value))
    return found


def _path(text: str) -> str:
    if not text.startswith("/"):
        raise UsageFault(f"--ready {text}: write a path, such as /health")
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536):
        raise UsageFault(f"--port {text}: write a number from 1 to 65535")
    return int(text)


def _reset(text: str) -> tuple[str, str]:
    method, _, path = text.partition(" ")
    if method not in _METHODS or not path.startswith("/"):
        raise UsageFault(f'--reset {text}: write a method and a path, such as "POST /reset"')
    return method, path


def _kind_of(text: str, start_folder: Path) -> tuple[Kind, str, tuple[str, ...]]:
    if text.startswith(_ADDRESSES):
        Target.parse(text)
        return "address", text.rstrip("/"), ()
    if text.startswith("docker:"):
        raise UsageFault("--subject: write image:NAME for an image")
    kind: Kind = "command"
    if text.startswith(_PREFIXED):
        prefix, _, text = text.partition(":")
        kind = next(each for each in get_args(Kind) if each == prefix)
    if kind == "image":
        if not _IMAGE.fullmatch(text):
            raise UsageFault(f"--subject image:{text}: not the name of an image")
        return kind, text, ()
    return kind, "", _words(text, start_folder)


def _words(text: str, start_folder: Path) -> tuple[str, ...]:
    try:
        words = shlex.split(text)
    except ValueError as problem:
        raise UsageFault(f"--subject: the command cannot be split into words ({problem})") from None
    if not words:
        raise UsageFault("--subject is empty; give an address or a command")
    # A bare first word is looked up on PATH, as a shell does.
    first = _absolute(words[0], start_folder) if "/" in words[0] else words[0]
    if shutil.which(first) is None:
        raise UsageFault(
            f'--subject: there is no command "{words[0]}"; give an http address or a command'
        )
    return (first, *(_absolute(word, start_folder) for word in words[1:]))


def _absolute(word: str, start_folder: Path) -> str:
    candidate = start_folder / word
    if os.path.isabs(word) or not candidate.is_file():
        return word
    return str(candidate)
