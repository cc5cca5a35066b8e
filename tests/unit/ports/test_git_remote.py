from __future__ import annotations

import threading
from pathlib import Path

import pytest

from factory.errors import (
    AuthenticationError,
    BaseMoved,
    FactoryError,
    InputError,
    ProcessFailed,
)
from factory.ports.git import tree

OLD_PROTOCOL = {
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "protocol.version",
    "GIT_CONFIG_VALUE_0": "0",
}


@pytest.fixture
def two(bare, commit_files) -> tuple[Path, str, str]:
    """A repository whose main has two commits, and both."""
    first = commit_files(bare, {"a": b"1"})
    return bare, first, commit_files(bare, {"a": b"2"})


def test_exactly_the_named_refs_arrive(two, tmp_path, commit_files, run_git) -> None:
    bare, first, second = two
    commit_files(bare, {"b": b"1"}, branch="other")
    run_git(bare, "tag", "-a", "v1", "-m", "v1", first)
    into = tree.mirror(str(bare), tmp_path / "m.git", refs=["main", "v1", "HEAD"], env={})
    listed = run_git(into, "for-each-ref", "--format=%(refname)").split()
    assert listed == ["refs/heads/main", "refs/tags/v1"]
    assert tree.resolve(into, "main") == tree.resolve(into, "HEAD") == second
    assert tree.resolve(into, "refs/heads/main") == second
    assert tree.resolve(into, "v1") == first
    assert tree.resolve(into, first) == first
    assert not (into / "hooks").exists()


def test_a_mirror_is_refreshed_even_backwards(two, tmp_path, run_git) -> None:
    bare, first, _ = two
    into = tree.mirror(str(bare), tmp_path / "m.git", refs=["main"], env={})
    run_git(bare, "update-ref", "refs/heads/main", first)
    tree.mirror(str(bare), into, refs=["main"], env={})
    assert tree.resolve(into, "main") == first


def test_a_detached_head(two, tmp_path, run_git) -> None:
    bare, first, _ = two
    run_git(bare, "update-ref", "--no-deref", "HEAD", first)
    into = tree.mirror(str(bare), tmp_path / "m.git", refs=["HEAD"], env={})
    assert tree.resolve(into, "HEAD") == first


@pytest.mark.parametrize("env", [{}, OLD_PROTOCOL])
@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_a_commit_by_id_from_a_path(two, tmp_path, env, form) -> None:
    bare, first, _ = two
    into = tree.mirror(form.format(bare), tmp_path / "m.git", refs=[first], env=env)
    assert tree.resolve(into, first) == first
    tree.materialise(into, first, tmp_path / "out")
    assert (tmp_path / "out" / "a").read_text() == "1"
    bare.rename(tmp_path / "moved.git")
    (tmp_path / "bare.git").mkdir()
    tree.materialise(into, first, tmp_path / "again")


@pytest.mark.parametrize("protocol_two", [True, False])
def test_a_commit_by_id_over_http(two, tmp_path, server, protocol_two) -> None:
    """Without protocol 2 a server hands out branch heads only; the branches are then taken."""
    bare, first, _ = two
    server.protocol_two = protocol_two
    url = f"{server.url}/{bare.name}"
    into = tree.mirror(url, tmp_path / "m.git", refs=[first, "main"], env={}, depth=1)
    assert tree.resolve(into, first) == first
    again = tree.mirror(url, into, refs=[first], env={})
    assert again == into


@pytest.mark.parametrize("env", [{}, OLD_PROTOCOL])
def test_what_is_missing_is_an_input_error(two, tmp_path, env, run_git) -> None:
    bare, _, _ = two
    for url, refs in (
        (str(tmp_path / "nothing"), ["main"]),
        (str(tmp_path), ["main"]),
        (f"file://{tmp_path}/nothing", ["main"]),
        (str(bare), ["zip"]),
        (str(bare), ["-x"]),
        (str(bare), ["a" * 40]),
        (str(bare), [run_git(bare, "rev-parse", "main^{tree}")]),
        ("ext::sh -c id", ["main"]),
    ):
        with pytest.raises(InputError) as caught:
            tree.mirror(url, tmp_path / "m.git", refs=refs, env=env)
        assert caught.value.mend
        assert caught.value.exit_code == 2


def test_an_unborn_repository(bare, tmp_path) -> None:
    with pytest.raises(InputError, match="no branch or tag 'main'"):
        tree.mirror(str(bare), tmp_path / "m.git", refs=["main"], env={})
    assert tree.remote_head(str(bare), "main", {}) is None


def test_a_transport_never_runs_a_program(tmp_path) -> None:
    with pytest.raises(InputError):
        tree.mirror(f"ext::touch {tmp_path}/marker", tmp_path / "m.git", refs=["main"], env={})
    assert not (tmp_path / "marker").exists()


def test_http_failures_are_told_apart(two, tmp_path, server) -> None:
    bare, _, second = two
    url = f"{server.url}/{bare.name}"
    server.password = "s3cret"
    with pytest.raises(AuthenticationError):
        tree.mirror(url, tmp_path / "m.git", refs=["main"], env={})
    wrong = url.replace("://", "://x:wrongword@")
    with pytest.raises(AuthenticationError) as caught:
        tree.mirror(wrong, tmp_path / "m.git", refs=["main"], env={})
    assert "wrongword" not in str(caught.value)
    header = "Authorization: Basic eDpzM2NyZXQ="
    env = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": header,
    }
    assert tree.remote_head(url, "main", env) == second
    server.answer = 403
    with pytest.raises(AuthenticationError):
        tree.mirror(url, tmp_path / "m.git", refs=["main"], env=env)
    server.answer = 404
    with pytest.raises(InputError):
        tree.mirror(url, tmp_path / "m.git", refs=["main"], env=env)
    server.answer = 503
    with pytest.raises(ProcessFailed):
        tree.mirror(url, tmp_path / "m.git", refs=["main"], env=env)


def test_no_network_is_a_failed_process(tmp_path) -> None:
    with pytest.raises(ProcessFailed, match="can be reached"):
        tree.mirror("http://127.0.0.1:1/x", tmp_path / "m.git", refs=["main"], env={})


def test_a_repository_of_another_owner_is_read_and_pushed_to(two, tmp_path, run_git) -> None:
    """As in a container, or a checkout made by root."""
    bare, first, second = two
    env = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    into = tree.mirror(str(bare), tmp_path / "m.git", refs=["main"], env=env)
    tree.push(into, str(bare), second, "refs/heads/new", expected=None, env=env)
    assert run_git(bare, "rev-parse", "new") == second
    assert first != second


@pytest.mark.parametrize("over", ["path", "http"])
def test_push_keeps_the_lease(two, tmp_path, server, run_git, over) -> None:
    bare, first, second = two
    run_git(bare, "config", "http.receivepack", "true")
    url = str(bare) if over == "path" else f"{server.url}/{bare.name}"
    into = tree.mirror(url, tmp_path / "m.git", refs=["main"], env={})
    for expected in (None, second):
        if expected:
            tree.push(into, url, first, "refs/heads/x", expected=None, env={})
        with pytest.raises(BaseMoved):
            where = "refs/heads/x" if expected else "refs/heads/main"
            tree.push(into, url, second if expected else first, where, expected=expected, env={})
    assert run_git(bare, "rev-parse", "main", "x").split() == [second, first]
    tree.push(into, url, second, "refs/heads/x", expected=first, env={})
    tree.push(into, url, second, "refs/heads/x", expected=first, env={})  # There already.
    tree.push(into, url, first, "refs/heads/x", expected=second, env={})
    assert run_git(bare, "rev-parse", "x") == first


@pytest.mark.parametrize("over", ["path", "http"])
def test_a_shallow_mirror_can_push(two, tmp_path, server, run_git, over) -> None:
    """Hold and ship take a commit or two of history, whatever the product's size."""
    bare, _, second = two
    run_git(bare, "config", "http.receivepack", "true")
    url = str(bare) if over == "path" else f"{server.url}/{bare.name}"
    into = tree.mirror(url, tmp_path / "m.git", refs=[second], env={}, depth=1)
    assert run_git(into, "rev-list", "--count", second) == "1"
    made = tree.commit_tree(
        into,
        tree.tree_id(into, second),
        second,
        "x",
        author_name="A",
        author_email="a@b.invalid",
        timestamp=1,
    )
    tree.push(into, url, made, "refs/heads/held", expected=None, env={})
    tree.push(into, url, made, "refs/heads/main", expected=second, env={})
    again = tree.mirror(url, tmp_path / "n.git", refs=[made], env={}, depth=2)
    tree.push(again, url, made, "refs/heads/other", expected=None, env={})
    assert run_git(bare, "rev-list", "--count", "main") == "3"
    assert not (bare / "shallow").exists()
    run_git(bare, "fsck", "--strict")


def test_of_two_pushers_one_wins(two, tmp_path, run_git) -> None:
    bare, first, second = two
    made = []
    for number in range(2):
        into = tree.mirror(str(bare), tmp_path / f"{number}.git", refs=["main"], env={})
        made.append(
            (
                into,
                tree.commit_tree(
                    into,
                    tree.tree_id(into, first),
                    second,
                    f"{number}",
                    author_name="A",
                    author_email="a@b.invalid",
                    timestamp=number,
                ),
            )
        )
    said: list[object] = [None, None]

    def go(number: int) -> None:
        into, commit = made[number]
        try:
            tree.push(into, str(bare), commit, "refs/heads/main", expected=second, env={})
            said[number] = "pushed"
        except FactoryError as error:
            said[number] = error

    threads = [threading.Thread(target=go, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [number for number in range(2) if said[number] == "pushed"]
    assert len(won) == 1
    assert isinstance(said[1 - won[0]], BaseMoved)
    assert run_git(bare, "rev-parse", "main") == made[won[0]][1]


def test_a_missing_repository_or_branch_on_push(two, tmp_path) -> None:
    bare, _, second = two
    into = tree.mirror(str(bare), tmp_path / "m.git", refs=["main"], env={})
    with pytest.raises(InputError):
        tree.push(into, str(tmp_path / "no"), second, "refs/heads/x", expected=None, env={})


def test_the_checked_out_branch_of_a_work_tree_is_refused(tmp_path, run_git) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main", "w")
    work = tmp_path / "w"
    run_git(work, "config", "receive.denyCurrentBranch", "ignore")  # Ours wins.
    run_git(work, "commit", "-q", "--allow-empty", "-m", "1")
    into = tree.mirror(str(work), tmp_path / "m.git", refs=["main"], env={})
    base = tree.resolve(into, "main")
    made = tree.commit_tree(
        into,
        tree.tree_id(into, base),
        base,
        "x",
        author_name="A",
        author_email="a@b.invalid",
        timestamp=1,
    )
    with pytest.raises(InputError, match="checked out"):
        tree.push(into, str(work), made, "refs/heads/main", expected=base, env={})


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("/a/b", "/a/b"),
        ("file:///a/b%20c", "/a/b c"),
        ("git@github.com:a/b.git", None),
        ("https://github.com/a/b", None),
        ("ssh://git@h:22/a", None),
        ("/a:b/c", "/a:b/c"),
    ],
)
def test_local_or_not(url, folder) -> None:
    assert tree.local_folder(url) == (Path(folder) if folder else None)


def test_a_password_is_never_shown() -> None:
    assert tree.shown_url("https://u:p@h/x and https://t@h/y") == "https://h/x and https://h/y"
