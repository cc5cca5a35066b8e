"""Which folders of scenarios there are, in the scenario repository at one commit."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from factory.evaluate import ScenarioSource, tags_of
from factory.ports.git import tree

_FEATURE = re.compile(r"scenarios/([a-z][a-z0-9-]{1,62})/.*\.feature", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Folder:
    """One folder of scenarios. `requirements` and `answers_version` only where they were asked."""

    name: str
    requirements: tuple[str, ...] = ()
    answers_version: int | None = None


def pinned(source: ScenarioSource, scratch: Path) -> tuple[ScenarioSource, list[str]]:
    """The source at the commit that its ref is at now, and the names of its folders.

    So that every spec is judged by one and the same suite, whatever is merged meanwhile.

    Raises:
        InputError, AuthenticationError, ProcessFailed: it cannot be fetched.
    """
    bare = tree.mirror(source.url, scratch, refs=[source.ref], env=source.env)
    commit = tree.resolve(bare, source.ref)
    found = (_FEATURE.fullmatch(path) for path in tree.list_blobs(bare, commit))
    names = sorted({one[1] for one in found if one})
    return dataclasses.replace(source, ref=commit), names


def folders(
    source: ScenarioSource, names: Collection[str], with_spec: Collection[str]
) -> dict[str, Folder]:
    """The folders `names`; those that have no spec with the requirements in their tags.

    Raises:
        SuiteError: such a folder cannot be read, or names no requirement.
    """
    found = {}
    for name in names:
        if name in with_spec:
            found[name] = Folder(name=name)
            continue
        requirements, version = tags_of(source, name)
        found[name] = Folder(name=name, requirements=requirements, answers_version=version)
    return found
