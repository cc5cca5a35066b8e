"""What a checkout can be compared with: of a workflow, of a clone that was cut, of a developer."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.errors import InputError
from factory.spec.versions import check_versions
from tests.unit.spec.versions.specs_repository import RULES, SpecsRepository, spec

CUT = spec({**RULES, "R2": "A link that nobody has used for 90 days is deleted at night."})
REPOSITORY = "acme/specs"
IN_A_PULL_REQUEST = {"GITHUB_BASE_REF": "main", "GITHUB_REPOSITORY": REPOSITORY}
SAME, REUSED = "version-same", "requirement-reused"


class Checkout:
    """What actions/checkout makes of a pull request: its merge commit, of no branch."""

    def __init__(self, folder: Path, *, depth: int) -> None:
        server = SpecsRepository(folder / REPOSITORY)
        server.commit(spec())
        server.git("checkout", "-q", "-b", "feature")
        server.commit(CUT)
        server.git("checkout", "-q", "main")
        server.git("merge", "-q", "--no-ff", "-m", "Merge", "feature")
        server.git("update-ref", "refs/pull/1/merge", "HEAD")
        server.git("reset", "-q", "--hard", "HEAD~1")
        self.specs = SpecsRepository(folder / "workspace")
        url = f"file://{folder / REPOSITORY}"
        self.specs.git("remote", "add", "origin", url)
        wanted = ["+refs/pull/1/merge:refs/remotes/pull/1/merge"]
        wanted += [] if depth else ["+refs/heads/*:refs/remotes/origin/*"]
        limit = [f"--depth={depth}"] if depth else []
        self.specs.git("fetch", "-q", "--no-tags", *limit, "origin", *wanted)
        self.specs.git("checkout", "-q", "--force", "refs/remotes/pull/1/merge")

    def check(self, base: str | None = None, **env: str) -> tuple[list[str], list[str]]:
        """The rules that are found, and the notes."""
        return checked(self.specs, base, env)


def checked(
    specs: SpecsRepository, base: str | None = None, env: dict[str, str] | None = None
) -> tuple[list[str], list[str]]:
    notes: list[str] = []
    found = check_versions(specs.folder, base, specs.files(), env=env, note=notes.append)
    return [one.rule for one in found], notes


def test_a_pull_request_is_compared_with_what_it_merges_to(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path, depth=0)
    assert checkout.check(**IN_A_PULL_REQUEST) == ([SAME, REUSED], [])
    checkout.specs.git("update-ref", "refs/remotes/origin/HEAD", "HEAD")
    checkout.specs.git("update-ref", "refs/heads/main", "HEAD")
    assert checkout.check(**IN_A_PULL_REQUEST) == ([SAME, REUSED], [])
    assert checkout.check() == ([], [])


@pytest.mark.parametrize("depth", [1, 2])
def test_a_pull_request_without_its_base_is_no_pass(tmp_path: Path, depth: int) -> None:
    checkout = Checkout(tmp_path, depth=depth)
    with pytest.raises(InputError, match="merges to 'main'") as raised:
        checkout.check(**IN_A_PULL_REQUEST)
    assert "`fetch-depth: 0`" in raised.value.mend
    for branch in ("main^{commit}", "../../heads/main", "a b", "main\nHEAD", "x" * 400):
        with pytest.raises(InputError):
            checkout.check(**{**IN_A_PULL_REQUEST, "GITHUB_BASE_REF": branch})


def test_a_base_that_is_named_comes_first(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path, depth=2)
    found, _ = checkout.check("HEAD^1", **IN_A_PULL_REQUEST)
    assert found == [SAME, REUSED]


@pytest.mark.parametrize("address", [None, "https://github.example/acme/product"])
def test_another_repository_in_a_pull_request_s_workflow(
    specs: SpecsRepository, address: str | None
) -> None:
    if address:
        specs.git("remote", "add", "origin", address)
    specs.write(CUT)
    assert checked(specs, None, {**IN_A_PULL_REQUEST, "GITHUB_BASE_REF": "release"}) == (
        [SAME, REUSED],
        [],
    )


@pytest.mark.parametrize(
    "address",
    ["git@github.example:acme/specs.git", "https://github.example/Acme/Specs/", "/srv/acme/specs"],
)
def test_each_form_of_the_same_repository_s_address(specs: SpecsRepository, address: str) -> None:
    specs.git("remote", "add", "origin", address)
    with pytest.raises(InputError):
        checked(specs, None, IN_A_PULL_REQUEST)


def test_a_single_commit_says_that_nothing_was_compared(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path, depth=1)
    found, (note,) = checkout.check()
    assert found == []
    assert note.startswith("versions were not compared: ") and "`fetch-depth: 0`" in note
    checkout.specs.git("checkout", "-q", "-b", "feature")  # As a push to a branch is checked out.
    assert checkout.check() == ([], [note])


def test_a_commit_of_no_branch_says_so_where_there_is_no_other(specs: SpecsRepository) -> None:
    specs.git("checkout", "-q", "--detach")
    assert checked(specs) == ([], [])  # There is main.
    specs.git("branch", "-m", "main", "trunk")
    found, (note,) = checked(specs)
    assert found == [] and "holds a commit and no base branch" in note
    assert checked(specs, "HEAD") == ([], [])
    specs.write(CUT)
    assert checked(specs) == ([SAME, REUSED], [note])


def test_a_developer_without_a_remote_is_told_nothing(specs: SpecsRepository) -> None:
    specs.git("branch", "-m", "main", "trunk")
    assert checked(specs) == ([], [])
    specs.write(spec(version=2, extra=" More."))
    assert checked(specs) == ([], [])


def test_a_cut_history_is_told_where_it_would_be_asked(tmp_path: Path) -> None:
    server = SpecsRepository(tmp_path / "server")
    server.commit(spec())
    without = {name: text for name, text in RULES.items() if name != "R2"}
    server.commit(spec(without, version=2))
    for depth, whole in ((1, False), (9, True)):
        clone = SpecsRepository(tmp_path / f"clone-{depth}")
        kept = "+refs/heads/main:refs/remotes/origin/main"
        clone.git("fetch", "-q", f"--depth={depth}", f"file://{server.folder}", kept)
        clone.git("checkout", "-q", "-b", "work", "refs/remotes/origin/main")
        assert checked(clone) == ([], [])
        clone.write(spec(without, version=3, extra=" More."))
        assert checked(clone) == ([], [])
        clone.write(CUT.replace("version: 1", "version: 3"))
        found, notes = checked(clone)
        assert (found, len(notes)) == (([REUSED], 0) if whole else ([], 1))
        assert whole or ("before origin/main" in notes[0] and "--unshallow" in notes[0])


def test_a_workspace_that_git_does_not_know(tmp_path: Path) -> None:
    file = tmp_path / "specs" / "a.md"
    file.parent.mkdir()
    file.write_text(spec())
    notes: list[str] = []
    env = {**IN_A_PULL_REQUEST, "GITHUB_WORKSPACE": str(tmp_path)}
    assert check_versions(tmp_path, None, [file], env=env, note=notes.append) == []
    assert len(notes) == 1 and "no git repository" in notes[0]
    for other in ({**env, "GITHUB_WORKSPACE": str(tmp_path / "elsewhere")}, {}):
        assert check_versions(tmp_path, None, [file], env=other, note=notes.append) == []
    assert len(notes) == 1
