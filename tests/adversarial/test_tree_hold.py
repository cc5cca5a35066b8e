"""Hostile attempts at the hold stage: nothing is executed, nothing is pushed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from factory.errors import FactoryError, GuardError
from factory.hold import hold


@pytest.fixture(scope="module")
def repositories() -> ModuleType:
    place = Path(__file__).parents[1] / "unit" / "hold" / "product_repository.py"
    spec = importlib.util.spec_from_file_location("product_repository_for_attacks", place)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def product(repositories, tmp_path: Path):
    return repositories.ProductRepository(tmp_path / "product")


def nothing_was_held(product) -> None:
    assert product.branches() == ["main"]
    assert product.head() == product.base
    assert not (product.root / "held" / "candidate.json").exists()
    assert os.listdir(product.root / "held") == []


def test_an_agents_repository_with_traps(product, repositories, tmp_path) -> None:
    marker = tmp_path / "marker"
    attempt, folder = product.attempt()
    work = folder / "tree"
    repositories.run_git(work, "init", "-q")
    for key in ("core.fsmonitor", "filter.x.clean", "diff.external", "core.sshCommand"):
        repositories.run_git(work, "config", key, f"touch {marker}")
    (work / ".gitattributes").write_text("* filter=x\n")
    (work / "app.py").write_text("2\n")
    with pytest.raises(GuardError):
        product.hold(attempt, folder)
    assert not marker.exists()
    nothing_was_held(product)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".gitmodules", '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch marker"\n'),
        (".github/workflows/own.yml", "on: push\njobs: {}\n"),
        (".github/CODEOWNERS", "* @attacker\n"),
        ("CODEOWNERS", "* @attacker\n"),
        ("docs/codeowners", "* @attacker\n"),
        (".lfsconfig", "[lfs]\n\turl = https://attacker.invalid\n"),
        ("factory.yml", "version: 1\n"),
    ],
)
def test_what_runs_or_decides_elsewhere(product, name, content) -> None:
    with pytest.raises(GuardError, match="protected"):
        product.held({name: content, "app.py": "2\n"})
    nothing_was_held(product)


def test_a_twin_of_a_protected_folder(tmp_path, repositories) -> None:
    """Beside an existing .github a twin of it would be mixed up with it on a Mac."""
    product = repositories.ProductRepository(
        tmp_path / "p", files={".github/workflows/ci.yml": "on: push\n", "app.py": "1\n"}
    )
    with pytest.raises(GuardError, match="by case or Unicode form only"):
        product.held({".GitHub/workflows/ci.yml": "on: pull_request_target\n"})
    nothing_was_held(product)


def test_a_protected_folder_replaced_by_a_link(tmp_path, repositories) -> None:
    product = repositories.ProductRepository(
        tmp_path / "p", files={".github/workflows/ci.yml": "on: push\n", "app.py": "1\n"}
    )
    attempt, folder = product.attempt()
    (folder / "tree" / ".github").rename(folder / "tree" / "own")
    (folder / "tree" / ".github").symlink_to("own")
    with pytest.raises(GuardError, match="protected"):
        product.hold(attempt, folder)
    nothing_was_held(product)


def test_a_gitlink_that_is_nested(product, repositories) -> None:
    attempt, folder = product.attempt()
    inner = folder / "tree" / "vendor"
    inner.mkdir()
    repositories.run_git(inner, "init", "-q")
    repositories.run_git(inner, "commit", "-q", "--allow-empty", "-m", "x")
    with pytest.raises(GuardError):
        product.hold(attempt, folder)
    nothing_was_held(product)


def test_a_repository_hidden_where_things_are_ignored_stays_outside(
    product, repositories, tmp_path
) -> None:
    marker = tmp_path / "marker"
    attempt, folder = product.attempt()
    inner = folder / "tree" / "node_modules" / "lib"
    inner.mkdir(parents=True)
    repositories.run_git(inner, "init", "-q")
    repositories.run_git(inner, "config", "core.fsmonitor", f"touch {marker}")
    (folder / "tree" / "app.py").write_text("2\n")
    candidate = product.hold(attempt, folder)
    assert not marker.exists()
    listed = repositories.run_git(
        product.origin, "ls-tree", "-r", "--name-only", candidate.commit
    ).split()
    assert listed == [".gitignore", "app.py"]


def test_the_product_repositorys_own_traps_run_nothing_here(product, tmp_path) -> None:
    marker = tmp_path / "marker"
    for key in ("core.fsmonitor", "filter.x.clean", "uploadpack.packObjectsHook"):
        subprocess.run(["git", "config", key, f"touch {marker}"], cwd=product.origin, check=True)
    product.held({".gitattributes": "* filter=x\n", "app.py": "2\n"})
    assert not marker.exists()


@pytest.mark.parametrize("url", ["ext::sh -c 'touch {marker}'", "--upload-pack=touch {marker}"])
def test_a_repository_address_runs_nothing(product, url, tmp_path) -> None:
    marker = tmp_path / "marker"
    attempt, folder = product.attempt()
    (folder / "tree" / "app.py").write_text("2\n")
    with pytest.raises(FactoryError):
        hold(
            attempt,
            record_folder=folder,
            out=tmp_path / "out",
            clone_url=url.format(marker=marker),
            git_environment={},
        )
    assert not marker.exists()
