"""What has shipped: read from the product's own history, which nothing can get out of step with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from factory.ports.git import tree

HISTORY_LIMIT = 20_000

Shipped = Mapping[str, Mapping[int, str]]
"""Spec id → version → the commit that shipped it."""


def read_shipped(repository: Path, head: str) -> Shipped:
    """Find the commits below `head` whose trailers say which spec version they ship.

    Args:
        repository: a repository that holds `head`.
        head: the base branch's commit.
    """
    found: dict[str, dict[int, str]] = {}
    for commit, trailers in tree.log_trailers(repository, head, HISTORY_LIMIT):
        spec, version = trailers.get("Factory-Spec"), trailers.get("Factory-Spec-Version", "")
        if spec and version.isdigit():
            found.setdefault(spec, {}).setdefault(int(version), commit)
    return found
