"""The one door to GitHub's workflow commands and files, where every value is escaped.

Commands are lines of standard output that the runner reads; these functions return them as text
for whoever may print. Files are appended to, under a random delimiter, so that no value can end
its own entry and begin another (CVE-2022-35954).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from factory.errors import Bug, ConfigurationError

Level = Literal["notice", "warning", "error"]

SUMMARY_LIMIT_BYTES = 1024 * 1024
OUTPUT_LIMIT_BYTES = 1024 * 1024
"""GitHub: a step summary holds 1 MiB, the outputs of a job 1 MB together."""

_SUMMARY_CUT = "\n\n(cut at GitHub's limit)\n"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def escape_data(text: str) -> str:
    """`text` as the message of a command: one line, and no code of ours."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """`text` as the value of a command's property, where `:` and `,` separate."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


def annotation(
    level: Level,
    message: str,
    *,
    title: str = "",
    path: str = "",
    line: int | None = None,
    column: int | None = None,
) -> str:
    """The command that annotates a line of a file, or the run.

    GitHub shows 10 warnings and 10 errors a step. `line` and `column` are 1-based.
    """
    given = {"title": title, "file": path, "line": line, "col": column}
    pairs = [f"{key}={escape_property(str(value))}" for key, value in given.items() if value]
    properties = " " + ",".join(pairs) if pairs else ""
    return f"::{level}{properties}::{escape_data(message)}"


def masks(secret: str) -> list[str]:
    """The commands that hide a secret in all later lines of the log; none for an empty one.

    The runner compares line by line, so each line of the secret is hidden as well.
    """
    parts = dict.fromkeys([secret.strip(), *(line.strip() for line in secret.splitlines())])
    return [f"::add-mask::{escape_data(part)}" for part in parts if part]


@contextmanager
def stop_commands(write: Callable[[str], None]) -> Iterator[None]:
    """Inside this context nothing that is printed is taken for a command.

    Args:
        write: prints one line, and flushes it, to the standard output that the runner reads.
    """
    token = secrets.token_hex(32)  # What is printed inside cannot guess how to end this.
    write(f"::stop-commands::{token}")
    try:
        yield
    finally:
        write(f"::{token}::")


def set_output(name: str, value: str, env: Mapping[str, str]) -> None:
    """Set an output of this step.

    Args:
        env: holds GITHUB_OUTPUT, the file that the runner reads.

    Raises:
        ConfigurationError: no such file is named or it cannot be written.
        Bug: the name is no output's name, or the value is longer than a job may put out.
    """
    if not _NAME.fullmatch(name):
        raise Bug(f"{name!r} cannot be the name of an output")
    if len(value.encode()) > OUTPUT_LIMIT_BYTES:
        raise Bug(f"the output {name} is longer than {OUTPUT_LIMIT_BYTES} bytes")
    delimiter = f"end-{secrets.token_hex(32)}"
    while delimiter in value:  # Not in the life of the universe; but then it is certain.
        delimiter = f"end-{secrets.token_hex(32)}"
    _append(env, "GITHUB_OUTPUT", f"{name}<<{delimiter}\n{value}\n{delimiter}\n")


def add_summary(markdown: str, env: Mapping[str, str]) -> None:
    """Add to this step's summary; what goes beyond the limit is cut, and that is said.

    Args:
        env: holds GITHUB_STEP_SUMMARY, the file that the runner reads.

    Raises:
        ConfigurationError: no such file is named or it cannot be written.
    """
    path = _file(env, "GITHUB_STEP_SUMMARY")
    used = path.stat().st_size if path.exists() else 0
    room = SUMMARY_LIMIT_BYTES - used
    raw = f"{markdown}\n".encode()
    if len(raw) > room:
        kept = room - len(_SUMMARY_CUT.encode())
        if kept < 0:
            return
        raw = raw[:kept].decode("utf-8", "ignore").encode() + _SUMMARY_CUT.encode()
    _append(env, "GITHUB_STEP_SUMMARY", raw.decode())


def _file(env: Mapping[str, str], name: str) -> Path:
    path = env.get(name, "")
    if not path:
        raise ConfigurationError(
            f"{name} is not set, so this is not a step of a workflow",
            mend="run this in GitHub Actions, or leave it out",
        )
    return Path(path)


def _append(env: Mapping[str, str], name: str, text: str) -> None:
    path = _file(env, name)
    try:
        with path.open("a", encoding="utf-8", newline="") as stream:
            stream.write(text)
    except OSError as error:
        raise ConfigurationError(
            f"{name} cannot be written: {error.strerror}", path=str(path)
        ) from error
