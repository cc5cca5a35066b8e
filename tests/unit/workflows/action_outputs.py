"""What the action's run.py told, and with which words it began a command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def outputs(folder: Path) -> dict[str, str]:
    """The outputs of the step whose GITHUB_OUTPUT is `folder`/output; none where it wrote none."""
    file = folder / "output"
    found: dict[str, str] = {}
    lines = iter(file.read_text().splitlines() if file.exists() else ())
    for line in lines:
        name, delimiter = line.split("<<")
        body = []
        for inner in lines:
            if inner == delimiter:
                break
            body.append(inner)
        found[name] = "\n".join(body)
    return found


def option(words: Sequence[str], name: str) -> str | None:
    """What follows an option among the words of a command."""
    return words[words.index(name) + 1] if name in words else None
