"""What the actions install: every dependency, each at one version, by hash, and nothing else."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[3]
ACTION = ROOT / ".github" / "action"
EACH = {
    "factory": (ROOT, ACTION / "requirements.txt", ("sandbox",)),
    "scenario-runner": (
        ROOT / "scenario-runner",
        ROOT / "scenario-runner" / "action" / "requirements.txt",
        ("terminal", "browser"),
    ),
}  # name → project, requirements, extras


def pins(text: str) -> dict[str, tuple[Version, list[str]]]:
    """Name → version and digests. Any line of another form fails."""
    found = {}
    logical = re.sub(r"#.*", "", text).replace("\\\n", " ").splitlines()
    for line in filter(None, map(str.strip, logical)):
        match = re.fullmatch(
            r"([a-z0-9-]+)==([0-9a-z.]+)(?: ; [^@:/\\-]+)?((?:\s+--hash=sha256:[0-9a-f]{64})+)",
            line,
        )
        assert match, f"no package at one version with its hashes: {line[:100]}"
        name, version, digests = match.groups()
        assert name not in found
        found[name] = (Version(version), digests.split())
    return found


def direct(project: Path, extras: tuple[str, ...]) -> list[Requirement]:
    """What pyproject.toml asks for, with what builds it."""
    data = tomllib.loads((project / "pyproject.toml").read_text())
    texts = [
        *data["project"]["dependencies"],
        *data["build-system"]["requires"],
        *(one for extra in extras for one in data["project"]["optional-dependencies"][extra]),
    ]
    return [Requirement(text) for text in texts]


def below(requirement: Requirement) -> list[Requirement]:
    """What the installed package of that name asks for on this machine."""
    found = distribution(requirement.name)
    wanted = [Requirement(text) for text in found.requires or []]
    extras = [{"extra": extra} for extra in ("", *requirement.extras)]
    return [one for one in wanted if one.marker is None or any(map(one.marker.evaluate, extras))]


@pytest.mark.parametrize("name", EACH)
def test_every_dependency_is_pinned_within_its_bounds(name):
    project, path, extras = EACH[name]
    pinned = pins(path.read_text())
    waiting, seen = direct(project, extras), set()
    while waiting:
        requirement = waiting.pop()
        key = canonicalize_name(requirement.name)
        assert key in pinned, f"{requirement} is not in {path.name}: `make requirements`"
        version, _ = pinned[key]
        assert requirement.specifier.contains(version, prereleases=True), (
            f"{requirement}: {version}"
        )
        try:
            # Of another version than ours we do not know what it asks for.
            known = Version(distribution(requirement.name).version) == version
        except PackageNotFoundError:
            known = False
        if known and (key, str(sorted(requirement.extras))) not in seen:
            seen.add((key, str(sorted(requirement.extras))))
            waiting += below(requirement)


def test_what_both_actions_install_is_the_same():
    factory, runner = (pins(path.read_text()) for _, path, _ in EACH.values())
    shared = set(factory) & set(runner)
    assert {"pytest", "click", "hatchling"} <= shared
    assert {name: factory[name] for name in shared} == {name: runner[name] for name in shared}


def test_what_builds_the_checkout_is_what_its_pyproject_names():
    (wanted,) = re.findall(r"^[^#\n].*$", (ACTION / "build.in").read_text(), re.MULTILINE)
    for project, _, _ in EACH.values():
        data = tomllib.loads((project / "pyproject.toml").read_text())
        assert data["build-system"]["requires"] == [wanted]


@pytest.mark.parametrize(
    "line",
    [
        "requests==2.34.2",
        "requests>=2 --hash=sha256:" + "0" * 64,
        "--extra-index-url https://index.example/simple",
        "requests @ https://index.example/requests.whl --hash=sha256:" + "0" * 64,
        "requests==2.34.2 --hash=md5:" + "0" * 32,
        "-e .",
    ],
)
def test_a_line_of_another_form_is_noticed(line):
    with pytest.raises(AssertionError):
        pins(line)
