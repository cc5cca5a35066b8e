"""Our matcher against git's own, on the same patterns and paths."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factory.ports.git.command import environment
from factory.ports.git.patterns import Patterns

PATHS = [
    "a",
    "b.log",
    "x/a",
    "x/b.log",
    "x/y/a",
    "x/y/b.log",
    "docs/CODEOWNERS",
    ".github/workflows/ci.yml",
    "a/b/c/d",
    "a.b",
    "#a",
    "!a",
    "a b",
    "[a]",
]


def git_says(folder: Path, lines: list[str], paths: list[str]) -> set[str]:
    (folder / ".git" / "info").mkdir(exist_ok=True)
    (folder / ".git" / "info" / "exclude").write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=folder,
        env=environment(),
        input="\0".join(paths).encode(),
        capture_output=True,
        timeout=60,
    )
    assert done.returncode in (0, 1), done.stderr
    return {part.decode() for part in done.stdout.split(b"\0") if part}


@pytest.fixture(scope="module")
def empty_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("patterns")
    subprocess.run(["git", "init", "-q", str(folder)], env=environment(), check=True)
    return folder


@pytest.mark.parametrize(
    "lines",
    [
        ["a"],
        ["/a"],
        ["*.log"],
        ["x/*.log"],
        ["x/**"],
        ["**/a"],
        ["x/**/a"],
        ["a/**/d"],
        ["/.github/"],
        [".github"],
        ["*", "!a"],
        ["*.log", "!x/b.log"],
        ["x/", "!x/a"],
        ["\\#a"],
        ["\\!a"],
        ["#a"],
        ["a\\ b"],
        ["a b  "],
        ["[ab]"],
        ["[!ab]*"],
        ["[a-c].?"],
        ["\\[a\\]"],
        ["?"],
        ["docs/CODEOWNERS", "/CODEOWNERS"],
        ["**"],
        ["/"],
        ["a*b*"],
        ["x**/a"],
    ],
)
def test_patterns_mean_what_they_mean_to_git(empty_repository: Path, lines: list[str]) -> None:
    ours = {path for path in PATHS if Patterns(lines).covers(path)}
    assert ours == git_says(empty_repository, lines, PATHS)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.text("ab*?/!", min_size=1, max_size=6).filter(lambda t: t not in ("!", "!/")),
        min_size=1,
        max_size=4,
    ),
    paths=st.lists(
        st.lists(st.text("ab", min_size=1, max_size=2), min_size=1, max_size=3).map("/".join),
        min_size=1,
        max_size=12,
        unique=True,
    ),
)
def test_random_patterns_mean_what_they_mean_to_git(
    empty_repository: Path, lines: list[str], paths: list[str]
) -> None:
    ours = {path for path in paths if Patterns(lines).covers(path)}
    assert ours == git_says(empty_repository, lines, paths)


def test_case_is_ignored_only_where_a_pattern_excludes() -> None:
    patterns = Patterns(["/.github/", "*.key", "!public.key"], ignore_case=True)
    assert patterns.covers(".GitHub/workflows/x.yml")
    assert patterns.covers("SECRET.KEY")
    assert patterns.covers("PUBLIC.key")
    assert not patterns.covers("public.key")


@pytest.mark.parametrize("line", ["[a", "a\\", "[[:alpha:]]", "[z-a]"])
def test_a_pattern_without_meaning_is_an_error(line: str) -> None:
    with pytest.raises(ValueError):
        Patterns([line])
