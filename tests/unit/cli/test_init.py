"""`factory init` as a process: three skeletons, refusals, and a run that writes nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from factory.config.factory_file import load_configuration
from tests import forked

KINDS = ("specs", "scenarios", "product")


def init(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return forked.run(
        [sys.executable, "-m", "factory.cli", "init", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


def files(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(folder)) for path in found)


@pytest.mark.parametrize("kind", KINDS)
def test_it_lists_what_it_wrote_and_what_is_next(tmp_path: Path, kind: str) -> None:
    done = init(tmp_path, kind, "my repo")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split("\n")
    names = files(tmp_path / "my repo")
    assert lines[0] == f"wrote {len(names)} files to my repo:"
    assert sorted(line[2:] for line in lines[1 : len(names) + 1]) == names
    assert "git -C 'my repo' init -b main && git -C 'my repo' add -A && " in done.stdout
    assert "in place of @acme/owners" in done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_lists_the_same_and_writes_nothing(tmp_path: Path, kind: str) -> None:
    would = init(tmp_path, kind, "there", "--dry-run", "--json")
    assert would.returncode == 0, would.stderr
    assert list(tmp_path.iterdir()) == []
    did = init(tmp_path, kind, "there", "--json")
    first, second = json.loads(would.stdout), json.loads(did.stdout)
    assert (first["written"], second["written"]) == (False, True)
    assert first["files"] == second["files"] and sorted(second["files"]) == files(
        tmp_path / "there"
    )
    assert (second["kind"], second["folder"]) == (kind, "there")


def test_the_next_steps_make_the_others_for_the_same_product_and_owner(tmp_path: Path) -> None:
    plain = init(tmp_path, "specs", "specs")
    assert "make the scenarios beside it: factory init scenarios scenarios\n" in plain.stdout
    done = init(tmp_path, "specs", "a b/specs", "--product", "shop", "--owner", "@acme/shop")
    for kind in ("product", "scenarios"):
        made = f"factory init {kind} 'a b/{kind}' --product shop --owner @acme/shop\n"
        assert made in done.stdout


def test_the_options_stand_in_the_files(tmp_path: Path) -> None:
    words = ("--product", "shop", "--owner", "@acme/shop", "--repository", "acme/shop")
    done = init(tmp_path, "specs", "specs", *words, "--scenarios", "acme/shop-scenarios")
    assert done.returncode == 0, done.stderr
    assert "in place of" not in done.stdout
    configuration = load_configuration(tmp_path / "specs")
    assert configuration.products["shop"].repository == "acme/shop"
    assert configuration.scenarios_repository == "acme/shop-scenarios"
    assert "/factory.yml @acme/shop\n" in (tmp_path / "specs/.github/CODEOWNERS").read_text("utf-8")


def test_a_fresh_repository_is_filled_where_it_is(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    done = init(tmp_path, "product", ".")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "wordcount.py").is_file()
    assert "commit it: git add -A && git commit -m Begin\n" in done.stdout
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "?? .github/" in status.stdout and ".factory-init" not in status.stdout
    again = init(tmp_path, "product", ".", "--json")
    assert again.returncode == 2
    assert "wordcount.py" in json.loads(again.stdout)["error"]["message"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("repo", "there"), "is not one of 'specs', 'scenarios', 'product'"),
        (("specs",), "Missing argument 'DIR'"),
        (("specs", "there", "--product", "My shop"), "product"),
        (("specs", "there", "--owner", "the team"), "can own no code"),
        (("specs", "there", "--repository", "shop"), "names no repository"),
        (("specs", "there", "--scenarios", "a/b\nc: d"), "names no repository"),
        (("product", "there", "--repository", "acme/shop"), "leave out --repository"),
    ],
)
def test_what_cannot_be_is_exit_2_and_writes_nothing(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = init(tmp_path, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []
