"""What is missing of a factory, as steps in the order in which to take them; pure."""

from __future__ import annotations

from collections.abc import Iterator

from factory.setup.begin import access, rules
from factory.setup.begin.adoption import require_ours
from factory.setup.begin.step import Step
from factory.setup.begin.there import There
from factory.setup.begin.wanted import LABELS, Wanted


def steps(wanted: Wanted, there: There, server: str) -> list[Step]:
    """Every step, those that are taken already among them.

    Raises:
        ConfigurationError: as `require_ours`.
    """
    require_ours(wanted, there)
    return [
        *_repositories(wanted, there),
        *_labels(wanted, there),
        *access.environments(wanted, there),
        *access.deploy_key(wanted, there, server),
        *access.app(wanted, there),
        *rules.rulesets(wanted, there),
    ]


def _repositories(wanted: Wanted, there: There) -> Iterator[Step]:
    for name, kind in wanted.kinds.items():
        found = there.repositories[name]
        private = kind == "scenarios" or not wanted.public
        seen = "private" if (found.private if found else private) else "public"
        yield Step(
            kind="repository",
            repository=name,
            what=f"{seen} repository {name}",
            state="there" if found else "make",
            data={"private": private, "person": there.owner_is_person},
        )
        filled = found is not None and name not in there.empty
        yield Step(
            kind="files",
            repository=name,
            what=f"first commit of {name}: the skeleton `{kind}`",
            state="there" if filled else "make",
            data={"kind": kind},
        )


def _labels(wanted: Wanted, there: There) -> Iterator[Step]:
    known = {one.lower() for one in there.labels}
    for name, (colour, description) in LABELS.items():
        yield Step(
            kind="label",
            repository=wanted.specs,
            what=f"label {name} in {wanted.specs}",
            state="there" if name.lower() in known else "make",
            data={"name": name, "color": colour, "description": description},
        )
