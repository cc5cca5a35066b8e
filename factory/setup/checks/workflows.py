"""The specs repository's own workflows, without which nothing starts: as the folder has them."""

from __future__ import annotations

from collections.abc import Iterator

from factory.setup import links
from factory.setup.facts import Facts
from factory.setup.finding import Finding
from factory.setup.names import GATE

WITHOUT = {
    "factory": "a merged spec starts nothing",
    "spec-gate": f"nothing posts `{GATE}`, and where that is required no pull request is merged",
}
"""The workflows that specs repositories call → what it means that none calls it."""


def check(facts: Facts) -> Iterator[Finding]:
    """Not needed: a workflow of the organisation's may call ours, and that cannot be seen here."""
    places = facts.places
    if places.alone or places.calls is None:
        return
    for name, means in WITHOUT.items():
        there = name in places.calls
        yield Finding(
            check="workflow",
            place=f"{places.specs} {name}",
            state="ok" if there else "wrong",
            found=f"a workflow calls {name}.yml" if there else f"no workflow calls it: {means}",
            needed=False,
            where=links.of_repository(places, places.specs, "actions"),
            mend=f"commit .github/workflows/{name}.yml; `factory init specs DIR` writes one",
        )
