"""A release is made from a tag that everything agrees with, once, and is never taken back."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
PATH = ROOT / ".github" / "workflows" / "release.yml"
TEXT = PATH.read_text()
JOBS = yaml.safe_load(TEXT)["jobs"]
OURS = "acme/dark-factory"  # Apart from what follows it: this file is looked through as well.
CHANGES = """# Changelog

## Unreleased

- Later.

## {} - 2026-12-01

### Added

- Much.

## 0.9.0

- Old.
"""


@pytest.fixture(scope="module")
def release():
    path = ROOT / ".github" / "release" / "release.py"
    spec = importlib.util.spec_from_file_location("release", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Repository:
    """A repository with what a release reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main", ".")
        self.version("1.2.3")
        self.write("docs/use.md", f"uses: {OURS}/.github/workflows/factory.yml@v1\n")

    def git(self, *words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *words],
            cwd=self.folder, check=True, capture_output=True, timeout=30,
        )  # fmt: skip

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def version(self, version: str) -> None:
        for name in ("pyproject.toml", "scenario-runner/pyproject.toml"):
            self.write(name, f'[project]\nversion = "{version}"\n')
        self.write("CHANGELOG.md", CHANGES.format(version))

    def tag(self, tag: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", tag)
        self.git("tag", tag)
        self.git("update-ref", "refs/remotes/origin/main", "main")


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


def test_a_tag_that_everything_agrees_with_is_a_release(release, repository):
    repository.tag("v1.2.3")
    assert release.check("v1.2.3", repository.folder) == ("1.2.3", "v1")
    assert release.notes("v1.2.3", repository.folder) == "### Added\n\n- Much."


@pytest.mark.parametrize(
    "tag", ["1.2.3", "v1.2", "v1.2.3-rc1", "v1.2.3.4", "v1.2.x", "v1.2.3\n", "v1.2.3;id", ""]
)
def test_other_tags_are_none(release, repository, tag):
    with pytest.raises(release.Refused, match="not the tag of a release"):
        release.check(tag, repository.folder)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("pyproject.toml", '[project]\nversion = "1.2.4"\n', "pyproject.toml says version 1.2.4"),
        ("scenario-runner/pyproject.toml", '[project]\nversion = "0.1.0"\n', "scenario-runner/"),
        ("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- Much.\n", "no section `## 1.2.3"),
        ("CHANGELOG.md", "## 1.2.3\n\n## 1.2.2\n\n- Old.\n", "says nothing about 1.2.3"),
        ("CHANGELOG.md", "## 11.2.3\n\n- x\n\n## 1a2b3\n\n- x\n", "no section"),
        ("docs/a.md", f"x\nuses: {OURS}@v2\n", "docs/a.md:2 names the release '2'"),
        ("a.yml", f"uses: {OURS}/.github/workflows/line.yml@v0\n", "a.yml:1"),
        ("a.yml", f"uses: {OURS}/scenario-runner@v1.2.3\n", "'1.2.3'"),
        ("a.yml", f"image: ghcr.io/{OURS}/agent:2\n", "a.yml:1 names the release '2'"),
    ],
)
def test_what_does_not_fit_the_tag_is_refused_by_its_place(release, repository, name, text, told):
    repository.write(name, text)
    repository.tag("v1.2.3")
    with pytest.raises(release.Refused) as refused:
        release.check("v1.2.3", repository.folder)
    assert told in str(refused.value)


def test_a_commit_beside_main_is_no_release(release, repository):
    repository.tag("v1.2.2")
    repository.git("checkout", "-q", "-b", "side")
    repository.git("commit", "-q", "--allow-empty", "-m", "x")
    repository.git("tag", "v1.2.3")
    with pytest.raises(release.Refused, match="not on main"):
        release.check("v1.2.3", repository.folder)


def test_only_the_newest_of_a_major_moves_its_tag(release, repository):
    repository.tag("v1.2.3")
    for later in ("v2.0.0", "v1.2.2", "v0.9.0", "v1", "v1.10.0-rc1"):
        repository.git("tag", later)
    assert release.check("v1.2.3", repository.folder) == ("1.2.3", "v1")
    repository.git("tag", "v1.10.0")
    assert release.check("v1.2.3", repository.folder) == ("1.2.3", "")


def test_all_references_to_ourselves_are_to_one_release(release):
    """Written at each use: no way of saying `this very release` is known to every server."""
    found = release.references()
    places = {path for path, _, _ in found}
    for name in ("answer.yml", "factory.yml", "factory-attested.yml", "line.yml",
                 "line-attested.yml", "spec-gate.yml"):  # fmt: skip
        assert f".github/workflows/{name}" in places
    assert {"README.md", "docs/github.md", "scenario-runner/README.md"} <= places
    assert {named for _, _, named in found} == {"1"}


def test_both_distributions_have_one_version():
    found = {
        re.search(r'^version = "(.+)"$', (ROOT / name).read_text(), re.MULTILINE).group(1)
        for name in ("pyproject.toml", "scenario-runner/pyproject.toml")
    }
    for name in ("factory/__init__.py", "scenario-runner/scenario_runner/__init__.py"):
        found |= set(re.findall(r'__version__ = "(.+)"', (ROOT / name).read_text()))
    assert len(found) == 1


def test_the_license_travels_with_both():
    assert (ROOT / "LICENSE").read_bytes() == (ROOT / "scenario-runner" / "LICENSE").read_bytes()


def test_no_job_that_runs_what_is_built_can_sign_or_publish():
    assert yaml.safe_load(TEXT)["permissions"] == {}
    granted = {name: set(job["permissions"].items()) for name, job in JOBS.items()}
    assert granted["build"] == {("contents", "read")}
    writers = {name for name in granted if ("contents", "write") in granted[name]}
    assert writers == {"release"}
    assert {name for name in granted if ("packages", "write") in granted[name]} == {"image"}
    assert JOBS["publish"]["environment"] == "release"
    assert granted["publish"] == {("id-token", "write")}
    for name in ("image", "release"):
        assert "publish" in JOBS[name]["needs"]


def test_what_is_built_is_attested_before_it_is_published_and_so_is_each_image():
    """By the action itself, without a predicate: that is provenance of the build."""
    (files,) = (one for one in JOBS["attest"]["steps"] if "attest" in one["uses"])
    (image,) = (one for one in JOBS["image"]["steps"] if "actions/attest" in one.get("uses", ""))
    assert files["with"] == {"subject-path": "dist/*/*"}
    assert image["with"]["subject-digest"] == "${{ steps.push.outputs.digest }}"
    assert "attest" in JOBS["publish"]["needs"] and JOBS["attest"]["needs"] == "build"
    for job, step in (("attest", files), ("image", image)):
        assert step["uses"].startswith("actions/attest@")
        granted = JOBS[job]["permissions"]
        assert (granted["attestations"], granted["id-token"]) == ("write", "write")
    assert "run" not in str(JOBS["attest"]["steps"])


def test_jobs_have_time_limits_and_scripts_no_expressions():
    for job in JOBS.values():
        assert 0 < job["timeout-minutes"] <= 30
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")


def test_third_party_actions_are_pinned_alike_everywhere(release):
    """One commit for each action in workflows, skeletons and pages, with its version beside it."""
    used: dict[str, set[str]] = {}
    for name in release.git(ROOT, "ls-files", "-z", "*.yml", "*.md").split("\0"):
        if not name or name.startswith("tests/cases/"):
            continue
        for action, rest in re.findall(
            r"uses: ([\w-]+/[\w./-]+)@(.+)$", (ROOT / name).read_text(), re.MULTILINE
        ):
            if not action.startswith("acme/"):
                used.setdefault(action, set()).add(rest)
    assert {"actions/checkout", "actions/attest"} <= set(used)
    for action, pins in used.items():
        assert len(pins) == 1, (action, pins)
        assert all(re.fullmatch(r"[0-9a-f]{40} # v\d+\.\d+\.\d+", pin) for pin in pins), action


def test_nothing_is_cached():
    assert "cache" not in TEXT.replace("Nothing is cached", "")
    assert not re.search(r"actions/setup-", TEXT)


def test_what_is_pinned_builds_both_kinds(tmp_path):
    """As the workflow calls it, hatchling makes an sdist and a wheel."""
    assert TEXT.count("-m hatchling build -d ") == 2
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path)],
        cwd=ROOT / "scenario-runner", capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("dark_factory_scenario_runner-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as packed:
        assert any(name.endswith("/LICENSE") for name in packed.namelist())
    assert len(list(tmp_path.glob("dark_factory_scenario_runner-*.tar.gz"))) == 1
