"""When each spec's text was merged: from the specs' own history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from factory.plan.source import SpecsSource
from factory.ports.git.line import first_parent_line

MERGES_LIMIT = 5_000
"""Older merges are not told apart: two git processes and this many lines cost about a second."""


@dataclass(frozen=True)
class Merge:
    """The commit on the main line that a text came with, and how many merges of specs ago."""

    commit: str
    ago: int


def last_merges(source: SpecsSource) -> Mapping[str, Merge]:
    """Path of a spec, from the specs' folder → the merge that last changed its text.

    What is not in it is older than all that is. A shallow clone knows no merge beyond its first
    commit.
    """
    found: dict[str, Merge] = {}
    steps = first_parent_line(source.repository, source.commit, MERGES_LIMIT)
    for number, step in enumerate(steps):
        for change in step.changes:
            found.setdefault(change.path, Merge(step.commit, number))
    return found
