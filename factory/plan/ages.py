"""How long a spec's text has been waiting: counted in merges, from the specs' own history."""

from __future__ import annotations

from collections.abc import Mapping

from factory.plan.source import SpecsSource
from factory.ports.git.line import first_parent_line

MERGES_LIMIT = 5_000
"""Older merges are not told apart: two git processes and this many lines cost about a second."""


def ages(source: SpecsSource) -> Mapping[str, int]:
    """Path of a spec, from the specs' folder → merges of specs since its text was last changed.

    What is not in it is older than all that is. A shallow clone knows no age beyond its first
    commit.
    """
    found: dict[str, int] = {}
    steps = first_parent_line(source.repository, source.commit, MERGES_LIMIT)
    for number, step in enumerate(steps):
        for change in step.changes:
            found.setdefault(change.path, number)
    return found
