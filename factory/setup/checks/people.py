"""Who may read the scenarios, or change them: neither builders nor more administrators than owners.

Owners of the organisation, and whoever asks, are left out: they set all this up.
"""

from __future__ import annotations

from collections.abc import Iterator

from factory.forge.settings import Unread
from factory.setup import links
from factory.setup.facts import Facts
from factory.setup.finding import Finding, not_known


def check(facts: Facts) -> Iterator[Finding]:
    """One finding, about the scenario repository."""
    check, name = "scenarios-people", facts.places.scenarios
    where = links.of_repository(facts.places, name, "access")
    needed = (facts.owners, *facts.people.values())
    if unread := next((one for one in needed if isinstance(one, Unread)), None):
        yield not_known(check, name, unread, where=where, needed=False)
        return
    assert not isinstance(facts.owners, Unread)
    trusted = facts.owners | {one.login.lower() for one in facts.holders}
    seen = {at: one for at, one in facts.people.items() if not isinstance(one, Unread)}
    here = [one for one in seen[name] if one.login not in trusted]
    builders = {one.login for at, each in seen.items() if at != name for one in each if one.pushes}
    troubles = {
        "administers it": [one.login for one in here if one.administers],
        "may read the holdouts and push to specs or product": [
            one.login for one in here if one.login in builders
        ],
    }
    found = "; ".join(f"{word}: {', '.join(who)}" for word, who in troubles.items() if who)
    yield Finding(
        check=check,
        place=name,
        state="wrong" if found else "ok",
        found=found or f"besides the owners {len(here)} may use it, and none of them builds",
        needed=False,
        where=where,
        mend="take them out, or give them no more than Write here and Read there",
    )
