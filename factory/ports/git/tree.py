"""Trees and commits in and out of repositories: the names that stages use."""

from factory.ports.git.address import local_folder, shown_url
from factory.ports.git.attach import attach
from factory.ports.git.commits import (
    RawCommit,
    changed_paths,
    commit_tree,
    is_ancestor,
    list_blobs,
    list_modes,
    list_objects,
    log_trailers,
    merge_bases,
    read_blob,
    read_commit,
    resolve,
    trailers,
    tree_id,
)
from factory.ports.git.intake import Skip, import_tree
from factory.ports.git.limits import LIMITS, Limits
from factory.ports.git.materialise import materialise
from factory.ports.git.names import shown
from factory.ports.git.remote import mirror, push, remote_head
from factory.ports.git.scratch import scratch

__all__ = [
    "LIMITS",
    "Limits",
    "RawCommit",
    "Skip",
    "attach",
    "changed_paths",
    "commit_tree",
    "list_blobs",
    "list_modes",
    "list_objects",
    "import_tree",
    "is_ancestor",
    "local_folder",
    "log_trailers",
    "materialise",
    "merge_bases",
    "mirror",
    "push",
    "read_blob",
    "read_commit",
    "remote_head",
    "resolve",
    "scratch",
    "shown",
    "shown_url",
    "trailers",
    "tree_id",
]
