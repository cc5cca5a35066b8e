"""The repositories are there, and the scenarios are private and out of the agents' reach."""

from __future__ import annotations

from collections.abc import Iterator

from factory.forge.settings import Absence, Unread
from factory.setup import links
from factory.setup.facts import Facts, Probe
from factory.setup.finding import Finding, not_known
from factory.setup.names import PUSH_TOKEN, READ_TOKEN


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for each repository; then what the line's own tokens may read and push to."""
    for name in facts.repositories:
        yield _repository(facts, name)
    for probe in facts.probes:
        yield _probe(facts, probe)


def _repository(facts: Facts, name: str) -> Finding:
    places, found = facts.places, facts.repositories[name]
    scenarios = name == places.scenarios
    check = "scenarios-private" if scenarios else "repository"
    where = links.of_repository(places, name, "general")
    if isinstance(found, Unread):
        return not_known(check, name, found, where=where)
    if isinstance(found, Absence):
        absent = Unread(
            "metadata: read", "there is no such repository, or this token may not see it"
        )
        mend = f"check the name in factory.yml; else ask with a token that may read {name}"
        return not_known(check, name, absent, where=where, mend=mend)
    if scenarios and (found.internal or not found.private):
        return Finding(
            check=check,
            place=name,
            state="wrong",
            found="internal: every member of the enterprise can read the holdouts"
            if found.internal
            else "public: every builder can read the holdouts",
            where=where,
            mend="make it private, then write new scenarios: what was public may be known",
        )
    if found.archived:
        return Finding(
            check=check,
            place=name,
            state="wrong",
            found="archived: nothing can be pushed to it, and it takes no check",
            needed=not scenarios,
            where=where,
            mend="take it out of the archive, or name another repository in factory.yml",
        )
    how = "internal" if found.internal else "private" if found.private else "public"
    return Finding(check=check, place=name, state="ok", found=how, where=where)


def _probe(facts: Facts, probe: Probe) -> Finding:
    places, name = facts.places, probe.repository
    about_scenarios = name == places.scenarios
    if name == places.specs and probe.source not in (READ_TOKEN, PUSH_TOKEN):
        return _job(facts, probe)
    check = "scenarios-out-of-reach" if about_scenarios else "line-token"
    where = links.tokens(places)
    if isinstance(probe.may, Unread):
        return not_known(
            check, name, probe.may, where=where, mend="run this again", about=probe.source
        )
    verb = "read" if probe.what == "read" else "push to"
    may = f"{probe.source} may {'' if probe.may else 'not '}{verb} it"
    well = probe.may != about_scenarios
    if about_scenarios:
        mend = f"take {name} out of what the token may reach; its job never needs the scenarios"
    else:
        level = {READ_TOKEN: "read", PUSH_TOKEN: "write"}[probe.source]
        mend = f"give the token `contents: {level}` on {name}, or store another one"
    return Finding(
        check=check,
        place=name,
        state="ok" if well else "wrong",
        found=may,
        where=where,
        mend=mend,
        about=probe.source,
    )


def _job(facts: Facts, probe: Probe) -> Finding:
    """Jobs differ in what they are granted, so that too little here may be right elsewhere."""
    check, name = "job-token", facts.places.specs
    if isinstance(probe.may, Unread):
        return not_known(check, name, probe.may, needed=False, mend="run this again")
    return Finding(
        check=check,
        place=name,
        state="ok" if probe.may else "wrong",
        found=f"{probe.source} may {'' if probe.may else 'not '}push to it",
        needed=False,
        where=links.of_repository(facts.places, name, "actions"),
        mend="jobs that keep the ledger need `permissions: {contents: write}` in the caller",
    )
