"""What the step was given: inputs as FACTORY_INPUT_*. They are data: records are written to
files, words are checked, and none reaches a shell."""

from __future__ import annotations

import os
import re
from pathlib import Path

import handover
from command import work_folder


class Refused(Exception):
    """An input that cannot be used; the message names it."""


def given(name: str) -> str:
    """The input `name` without white space around it."""
    return os.environ.get("FACTORY_INPUT_" + name.upper().replace("-", "_"), "").strip()


def record_file(name: str, *, optional: bool = False) -> Path:
    """The record in the input `name`, given as JSON or as a path, as a file.

    A record that may be missing is then a file that does not exist: the stage decides what
    that means.

    Raises:
        Refused: it is empty, and may not be.
    """
    value = handover.unpack_text(given(name))
    if not value and not optional:
        raise Refused(f"the input `{name}` is empty; pass the record of the stage before")
    path = work_folder() / "in" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if value.startswith("{"):
        path.write_text(value, encoding="utf-8")
    elif value:
        return Path(value)
    return path


def spec_ids() -> list[str]:
    """The ids in the input `spec-id`.

    Raises:
        Refused: a word of it is no id.
    """
    words = given("spec-id").replace(",", " ").split()
    for word in words:
        if not re.fullmatch(r"[a-z][a-z0-9-]{1,62}", word):
            raise Refused(f"{word[:80]!r} is not the id of a spec")
    return words


def options(*names: str) -> list[str]:
    """Inputs that options of their name take, as arguments; those that are empty are left out.

    Raises:
        Refused: one would be an option itself.
    """
    words = []
    for name in names:
        if value := given(name):
            if value.startswith("-"):
                raise Refused(f"the input `{name}` begins with a dash")
            words += [f"--{name}", value]
    return words


def cause_option() -> list[str]:
    """What is no cause is left out, not refused: the check must come, if only with the default.

    (act hands on the unread expression as the output of a job that was skipped.)
    """
    cause = given("cause")
    return ["--cause", cause] if re.fullmatch(r"[a-z][a-z-]{0,39}", cause) else []
