from __future__ import annotations

import pytest

from factory.errors import Bug, InputError
from factory.ports.git import tree

WHO = {"author_name": "A", "author_email": "a@b.invalid"}


def test_equal_inputs_give_an_equal_commit(bare, commit_files, run_git) -> None:
    base = commit_files(bare, {"a": b"1"})
    run_git(bare, "config", "i18n.commitEncoding", "latin1")
    run_git(bare, "config", "commit.gpgSign", "true")
    made = {
        tree.commit_tree(bare, tree.tree_id(bare, base), base, "é\n\nbody", timestamp=7, **WHO)
        for _ in range(2)
    }
    assert len(made) == 1
    (commit,) = made
    raw = run_git(bare, "cat-file", "commit", commit)
    assert raw == (
        f"tree {tree.tree_id(bare, base)}\nparent {base}\nauthor A <a@b.invalid> 7 +0000\n"
        "committer A <a@b.invalid> 7 +0000\n\né\n\nbody"
    )
    read = tree.read_commit(bare, commit)
    assert (read.parents, read.message) == ((base,), "é\n\nbody\n")
    assert tree.is_ancestor(bare, base, commit)
    assert not tree.is_ancestor(bare, commit, base)
    assert not tree.is_ancestor(bare, "e" * 40, base)


def test_an_author_cannot_break_the_format(bare, commit_files) -> None:
    base = commit_files(bare, {"a": b"1"})
    for name in ("A\nparent x", "A <b>"):
        with pytest.raises(Bug):
            tree.commit_tree(
                bare, base, base, "x", author_name=name, author_email="a@b", timestamp=1
            )


@pytest.mark.parametrize(
    "ref", ["zip", "main~1", "main^", ":/c", "@{-1}", "-n", "", "HEAD@{1}", "a..b", "b" * 40]
)
def test_only_plain_names_resolve(bare, commit_files, ref) -> None:
    commit_files(bare, {"a": b"1"})
    commit_files(bare, {"a": b"2"})
    with pytest.raises(InputError, match="no branch, tag or commit"):
        tree.resolve(bare, ref)


def test_a_branch_named_like_an_id_does_not_hide_the_commit(bare, commit_files, run_git) -> None:
    first = commit_files(bare, {"a": b"1"})
    second = commit_files(bare, {"a": b"2"})
    run_git(bare, "update-ref", f"refs/heads/{first}", second)
    assert tree.resolve(bare, first) == first


def test_replace_refs_are_not_followed(bare, commit_files, run_git) -> None:
    first = commit_files(bare, {"a": b"1"})
    second = commit_files(bare, {"a": b"2"})
    whole = tree.tree_id(bare, first)
    run_git(bare, "replace", first, second)
    assert tree.tree_id(bare, first) == whole


def test_changed_paths_see_content_mode_and_kind(bare, run_git) -> None:
    blob = run_git(bare, "hash-object", "-w", "--stdin", stdin=b"x")
    other = run_git(bare, "hash-object", "-w", "--stdin", stdin=b"y")

    def made(*rows: str) -> str:
        text = "".join(f"{row}\0" for row in rows).encode()
        return run_git(bare, "mktree", "-z", stdin=text)

    before = made(
        *(f"100644 blob {blob}\t{name}" for name in ("content", "gone", "kind", "mode", "same"))
    )
    after = made(
        f"100644 blob {other}\tcontent",
        f"120000 blob {blob}\tkind",
        f"100755 blob {blob}\tmode",
        f"100644 blob {blob}\tmoved",
        f"100644 blob {blob}\tsame",
    )
    run_git(bare, "config", "diff.renames", "copies")
    assert tree.changed_paths(bare, before, after) == ["content", "gone", "kind", "mode", "moved"]
    assert tree.changed_paths(bare, after, after) == []


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("t\n\nFactory-Run: a\nFactory-Spec: b\n", {"Factory-Run": "a", "Factory-Spec": "b"}),
        ("t\n\nbody\n\nFactory-Run: a", {"Factory-Run": "a"}),
        ("t\n\nFactory-Run: a\n\nbody", {}),
        ("Factory-Run: a", {}),
        ("t\nFactory-Run: a", {}),
        ("t\n\nsome words\nFactory-Run: a", {}),
        ("t\n\nFactory-Run: a\nFactory-Run: b\nX: c", {"X": "c"}),
        ("t\n\nFactory-Run: a\nFactory-Run: a", {"Factory-Run": "a"}),
        ("", {}),
        ("\n\n", {}),
    ],
)
def test_trailers(message, found) -> None:
    assert tree.trailers(message) == found


def test_the_log_obeys_no_setting(bare, commit_files, run_git) -> None:
    base = commit_files(bare, {"a": b"1"})
    run_git(bare, "config", "trailer.separators", "=")
    run_git(bare, "config", "log.showSignature", "true")
    commit = base
    for number in range(3):
        text = f"t\n\nFactory-Run: {number}"
        commit = tree.commit_tree(
            bare, tree.tree_id(bare, base), commit, text, timestamp=number + 10, **WHO
        )
    found = list(tree.log_trailers(bare, commit, 3))
    assert [said for _, said in found] == [{"Factory-Run": str(n)} for n in (2, 1, 0)]
    assert found[0][0] == commit
    assert [said for _, said in tree.log_trailers(bare, commit, 10)][-1] == {}
