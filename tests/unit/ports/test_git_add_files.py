"""Which paths `add_files` takes: those of a skeleton, never git's own or a way out."""

from __future__ import annotations

import subprocess

import pytest

from factory.errors import Bug
from factory.ports.git import tree
from factory.ports.git.add_files import add_files

WHO = "A <a@b>"


@pytest.fixture
def bare(tmp_path):
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path)], check=True)
    return tmp_path


def add(bare, *paths):
    files = [(path, b"x") for path in paths]
    return add_files(bare, "refs/heads/main", files, "m", parent=None, who=WHO, timestamp=1)


def test_names_that_begin_with_a_dot_are_files_like_others(bare):
    paths = (".gitignore", ".github/workflows/a.yml", "a/.b/c-d_e.f", ".gitx/y")
    assert set(tree.list_blobs(bare, add(bare, *paths))) == set(paths)


@pytest.mark.parametrize(
    "path",
    [".git/config", ".GIT/config", "a/.git/b", ".git", ".", "..", "../a", "a/../b", "a/./b", "/a",
     "a//b", "a/", "", "a b", "a\nb", "ä"],
)  # fmt: skip
def test_what_is_git_s_own_or_leads_out_is_a_bug(bare, path):
    with pytest.raises(Bug):
        add(bare, path)
