"""A folder written from a commit answers git's questions, and nothing of it takes effect."""

from __future__ import annotations

from factory.ports.git import command, tree


def test_git_is_asked_in_a_folder_that_was_never_checked_out(tmp_path, bare, commit_files):
    old = commit_files(bare, {"a": b"old"})
    new = commit_files(bare, {"a": b"new", ".gitattributes": b"* filter=x\n"})
    folder = tmp_path / "out"
    tree.materialise(bare, new, folder)
    tree.attach(bare, new, folder, {"refs/heads/main": old})

    def ask(*words: str) -> str:
        return command.git(*words, repository=folder).decode().strip()

    assert ask("rev-parse", "HEAD", "main") == f"{new}\n{old}"
    assert ask("cat-file", "blob", "main:a") == "old"
    assert ask("for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert ask("rev-parse", "--is-inside-work-tree") == "true"
    assert (folder / "a").read_text() == "new"
    assert not (folder / ".git" / "hooks").exists()
