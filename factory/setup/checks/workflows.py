"""The repository's own workflows, without which nothing starts: as the folder has them."""

from __future__ import annotations

from collections.abc import Iterator

from factory.setup import links
from factory.setup.facts import Facts
from factory.setup.finding import Finding
from factory.setup.names import GATE, VERDICT

_REQUIRED = "and where that is required no pull request is merged"
_INIT = "commit .github/workflows/{}.yml; `factory init specs DIR` writes one"
_WANTED = {
    "factory": ("a merged spec starts nothing", _INIT),
    "spec-gate": (f"nothing posts `{GATE}`, {_REQUIRED}", _INIT),
}
_ALONE = {
    "holdouts": (
        f"nothing posts `{VERDICT}`, {_REQUIRED}",
        "commit .github/workflows/{}.yml on the default branch, as docs/holdout-gate.md has it",
    )
}
"""What a repository runs → what it means that no workflow does, and the mend."""


def check(facts: Facts) -> Iterator[Finding]:
    """Not needed: a workflow of the organisation's may call ours, and that cannot be seen here."""
    places = facts.places
    if places.calls is None:
        return
    for name, (means, mend) in (_ALONE if places.alone else _WANTED).items():
        there = name in places.calls
        yield Finding(
            check="workflow",
            place=f"{places.specs} {name}",
            state="ok" if there else "wrong",
            found="a workflow begins it" if there else f"no workflow begins it: {means}",
            needed=False,
            where=links.of_repository(places, places.specs, "actions"),
            mend=mend.format(name),
        )
