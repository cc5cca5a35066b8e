"""A specs repository made by git itself, and spec texts to put into it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from factory.ports.git.command import environment
from factory.spec.versions import check_versions

RULES = {
    "R1": "`POST /links` with a valid `url` answers 201 with an `alias` of 7 characters.",
    "R2": "`GET /<alias>` answers 302 with the stored URL in the header `Location`.",
    "R3": "`DELETE /links/<alias>` removes the link and answers 204 without a body.",
    "E1": "An alias that was never given answers 404 `not_found` to every request.",
    "C1": "95 of 100 redirects arrive within 50 ms on one core.",
}


def spec(
    requirements: Mapping[str, str] = RULES,
    *,
    spec_id: str = "shorten-url",
    version: object = 1,
    status: str = "ready",
    title: str = "Shorten a URL",
    extra: str = "",
) -> str:
    """The text of a feature spec."""

    def items(letter: str) -> str:
        return "\n".join(f"- {i}: {text}" for i, text in requirements.items() if i[0] == letter)

    covered = "\n".join(f"- {i}: Given a link, when it is used, then {i} is seen."
                        for i in requirements)  # fmt: skip
    return f"""---
id: {spec_id}
title: {title}
kind: feature
status: {status}
version: {version}
product: shortener
owner: "@acme/shortener"
stakes: normal
depends-on: []
---

# {title}

## What

A short alias stands for a long URL.{extra}

## Who

People who share links in places where a long one does not fit.

## Inputs

- `url`: an absolute URL; anything else answers 422 `invalid_url`.

## Outputs

- An alias of 7 characters.

## Rules

{items("R")}

## Edge cases

{items("E")}

## Evaluation

{covered}

## Constraints

{items("C")}
"""


class SpecsRepository:
    """A work tree with a folder `specs`, on branch main."""

    def __init__(self, folder: Path, *, object_format: str = "sha1") -> None:
        self.folder = folder
        (folder / "specs").mkdir(parents=True)
        self.git("init", "-q", "-b", "main", f"--object-format={object_format}")

    def git(self, *words: str, author: str = "Ann", **more: str) -> str:
        """Run git and return what it printed."""
        who = {
            f"GIT_{role}_{part}": value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in (("NAME", author), ("EMAIL", "ann@example.invalid"))
        }
        done = subprocess.run(
            ["git", *words], cwd=self.folder, env=environment(who | more), capture_output=True
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, text: str, name: str = "shorten-url.md") -> Path:
        """Write a file below `specs`."""
        path = self.folder / "specs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def commit(self, text: str | None = None, name: str = "shorten-url.md", **more: str) -> str:
        """Write a file where one is given, and commit everything; returns the commit."""
        if text is not None:
            self.write(text, name)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", more.pop("subject", "a change"), **more)
        return self.git("rev-parse", "HEAD")

    def files(self) -> list[Path]:
        """Every spec file."""
        return sorted((self.folder / "specs").rglob("*.md"))

    def check(self, base: str | None = None) -> list[tuple[str, int]]:
        """(rule, line) of each finding."""
        found = check_versions(self.folder, base, self.files())
        assert all(one.severity == "error" and one.mend and one.column >= 1 for one in found)
        return [(one.rule, one.line) for one in found]


def line_of(text: str, start: str) -> int:
    """The 1-based line that begins with `start`."""
    return next(n for n, line in enumerate(text.split("\n"), 1) if line.startswith(start))
