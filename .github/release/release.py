# ruff: noqa: T201
"""What a release is, told from its tag: whether it may be made, its major tag, its notes.

    release.py check TAG   refuses, or prints the outputs `version` and `major`
    release.py notes TAG   prints the section of CHANGELOG.md

`major` is the tag that moves, such as v1; empty where a newer release of that major is out, so that
a release that is run again takes nothing back.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = ("pyproject.toml", "scenario-runner/pyproject.toml")
TAG = re.compile(r"v(\d+)\.(\d+)\.(\d+)")
# Our action, our called workflows and our images, wherever somebody is shown how to use them.
REFERENCE = re.compile(
    r"acme/dark-factory(?:/[\w./-]+?)?(?:@v|/(?:agent|scenario-runner):)([\w.]+)"
)
HISTORY = ("CHANGELOG.md", "docs/decisions/")  # what was so once stays written


class Refused(Exception):
    """A release that cannot be made; the message says what to mend."""


def parts(tag: str) -> tuple[int, int, int]:
    """The three numbers of a release's tag.

    Raises:
        Refused: it is none.
    """
    match = TAG.fullmatch(tag)
    if not match:
        raise Refused(f"{tag!r} is not the tag of a release, such as v1.2.3")
    major, minor, patch = map(int, match.groups())
    return major, minor, patch


def check(tag: str, root: Path = ROOT) -> tuple[str, str]:
    """The version, and the major tag or an empty string.

    Raises:
        Refused: version, notes, self-references or branch do not fit the tag.
    """
    major, *_ = parts(tag)
    version = tag.removeprefix("v")
    for name in PROJECTS:
        found = tomllib.loads((root / name).read_text(encoding="utf-8"))["project"]["version"]
        if found != version:
            raise Refused(f"{name} says version {found}, the tag {tag}")
    notes(tag, root)
    for path, line, named in references(root):
        if named != str(major):
            raise Refused(f"{path}:{line} names the release {named!r} of ours, not {major}")
    if subprocess.run(
        ["git", "merge-base", "--is-ancestor", f"refs/tags/{tag}^{{commit}}", "origin/main"],
        cwd=root, check=False,
    ).returncode:  # fmt: skip
        raise Refused(f"the commit of {tag} is not on main")
    out = [parts(one) for one in git(root, "tag", "--list").split() if TAG.fullmatch(one)]
    newest = parts(tag) == max(one for one in out if one[0] == major)
    return version, f"v{major}" if newest else ""


def references(root: Path = ROOT) -> list[tuple[str, int, str]]:
    """Path, line and release of each reference to ourselves in the files that git knows."""
    return [
        (name, number, match)
        for name in git(root, "ls-files", "-z").split("\0")
        if name and not name.startswith(HISTORY) and (root / name).is_file()
        for number, text in enumerate((root / name).read_bytes().splitlines(), 1)
        for match in REFERENCE.findall(text.decode("utf-8", "replace"))
    ]


def notes(tag: str, root: Path = ROOT) -> str:
    """The section of CHANGELOG.md for the tag, without its heading.

    Raises:
        Refused: there is none, or nothing in it.
    """
    version = tag.removeprefix("v")
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        if re.fullmatch(rf"\[?{re.escape(version)}\]?( - \d{{4}}-\d\d-\d\d)?", heading.strip()):
            if not body.strip():
                raise Refused(f"CHANGELOG.md says nothing about {version}")
            return body.strip()
    raise Refused(f"CHANGELOG.md has no section `## {version} - YYYY-MM-DD`")


def git(root: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=root, capture_output=True, text=True, check=True
    ).stdout


def main(command: str, tag: str) -> int:
    try:
        if command == "notes":
            print(notes(tag))
            return 0
        version, major = check(tag)
    except Refused as error:
        print(f"::error title=Release::{error}", file=sys.stderr)
        return 1
    print(f"version={version}\nmajor={major}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
