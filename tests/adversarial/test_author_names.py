"""Names as attacks: on other files, on YAML, on workflows, on the terminal, on the shell."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from factory.spec.document import parse_spec
from tests import forked

RAW = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2066]")
IDS = [
    "../../.github/x",
    "../x",
    "/tmp/x",
    ".github",
    "a/b",
    "a\\b",
    "a\nb",
    "a\n",
    "a b",
    "..",
    "-",
    "$(touch x)",
    "`touch x`",
    "${{ github.token }}",
    "a\u202eb",
    "\x1b[2Jab",
    "::add-mask::x",
    "x" * 5000,
]
TITLES = [
    "${{ secrets.TOKEN }}",
    "$(touch planted) `touch planted`",
    "\"quotes\" and 'quotes' \\ and \\n",
    "key: value # comment",
    "--- not the end",
    "- item, {flow: [x]}",
    "--> <!-- ## Rules -->",
    "&anchor *alias !tag %directive @at",
    "%%{owner} %%owner {{ jinja }} $name",
    "::set-output name=x::y",
    "null",
]
SPECS = "version: 1\nproducts:\n  till: {repository: ../p, subject: {command: x}}\n"
SPECS += "scenarios: {repository: ../s}\n"


def factory(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return forked.run(
        [sys.executable, "-m", "factory.cli", *words],
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "deep" / "specs"
    folder.mkdir(parents=True)
    (folder / "factory.yml").write_text(SPECS, "utf-8")
    return folder


@pytest.mark.parametrize("spec_id", IDS)
def test_no_id_writes_a_file_that_is_no_spec(
    tmp_path: Path, repository: Path, spec_id: str
) -> None:
    before = files(tmp_path)
    done = factory(repository, "new", "feature", "--", spec_id, GITHUB_ACTIONS="true")
    assert done.returncode == 2
    assert files(tmp_path) == before and not (repository / "specs").exists()
    assert not RAW.search(done.stdout + done.stderr)
    assert not re.search(r"^::", done.stdout + done.stderr, re.MULTILINE)


@pytest.mark.parametrize("text", TITLES)
def test_a_title_or_owner_is_a_value_and_nothing_else(repository: Path, text: str) -> None:
    done = factory(repository, "new", "feature", "pay-a-bill", "--title", text, "--owner", text)
    assert done.returncode == 0, done.stderr
    assert files(repository) == {"factory.yml", "specs/pay-a-bill.md"}
    document = parse_spec((repository / "specs/pay-a-bill.md").read_text("utf-8"), path="x")
    plain = factory(repository, "new", "feature", "other-spec", "--title", "Pay", "--owner", "me")
    assert plain.returncode == 0
    other = parse_spec((repository / "specs/other-spec.md").read_text("utf-8"), path="x")
    assert (document.meta["title"], document.meta["owner"]) == (text, text)
    assert document.meta.keys() == other.meta.keys()
    assert [one.name for one in document.sections] == [one.name for one in other.sections]


@pytest.mark.parametrize("char", ["\n", "\r", "\t", "\x1b", "\x7f", "\x85", "\u2028", "\u202e"])
@pytest.mark.parametrize("option", ["--title", "--owner", "--product"])
def test_no_value_has_a_second_line_or_hides(repository: Path, char: str, option: str) -> None:
    value = f"a name{char}status: ready"
    done = factory(repository, "new", "feature", "pay-a-bill", option, value)
    assert done.returncode == 2
    assert files(repository) == {"factory.yml"}
    assert not RAW.search(done.stdout + done.stderr)


@pytest.mark.parametrize("kind", ["specs", "scenarios", "product"])
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--product", "a: {b: c}"),
        ("--product", "../x"),
        ("--product", "${{ x }}"),
        ("--product", "a\n"),
        ("--owner", "@a\n* @evil"),
        ("--owner", "@a @evil"),
        ("--owner", "* @evil"),
        ("--owner", "@a\u202e"),
    ],
)
def test_no_option_adds_a_line_to_a_file(
    tmp_path: Path, kind: str, option: str, value: str
) -> None:
    done = factory(tmp_path, "init", kind, "there", option, value)
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "value", ["a/b\nprotected: []", "../x\u2028y", "x", "a/..", "--upload-pack=x", "a b/c"]
)
def test_no_repository_is_more_than_one(tmp_path: Path, value: str) -> None:
    done = factory(tmp_path, "init", "specs", "there", f"--repository={value}")
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["$(touch planted)", "'; touch planted; '", "a\x1b[2Jb", "::x::"])
def test_the_name_of_a_folder_is_said_as_text(tmp_path: Path, name: str) -> None:
    done = factory(tmp_path, "init", "product", name, GITHUB_ACTIONS="true")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / name / "wordcount.py").is_file()
    assert not RAW.search(done.stdout + done.stderr)
    step = next(line for line in done.stdout.split("\n") if "commit it: " in line)
    words = shlex.split(step.partition("commit it: ")[2])
    assert (words[:2], words[3:7]) == (["git", "-C"], ["init", "-b", "main", "&&"])
    assert not (tmp_path / "planted").exists()


def test_a_hostile_repository_leads_no_new_spec_out_of_it(tmp_path: Path, repository: Path) -> None:
    """Someone else's repository is cloned, and its `specs` or template is a link."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "feature.md").write_text("---\nid: x\n---\n\n## Secret\n\nkey\n", "utf-8")
    (repository / "specs").symlink_to(outside)
    assert factory(repository, "new", "feature", "pay-a-bill").returncode == 2
    (repository / "specs").unlink()
    (repository / "spec-templates").symlink_to(outside)
    done = factory(repository, "new", "feature", "pay-a-bill", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["path"] == "spec-templates"
    assert files(outside) == {"feature.md"} and not (repository / "specs").exists()
