"""The way to the scenarios: a deploy key that can only read, and host keys that are known."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from factory.forge.address import DEFAULT_SERVER
from factory.forge.host_keys import (
    GITHUB_FINGERPRINTS,
    LEAKED_FINGERPRINT,
    fingerprint,
    fingerprints,
    keys_of,
)
from factory.forge.settings import Unread
from factory.forge.ssh import GITHUB_KNOWN_HOSTS
from factory.setup import links
from factory.setup.facts import Facts
from factory.setup.finding import Finding, State, not_known
from factory.setup.names import KNOWN_HOSTS, SCENARIOS_KEY

_MAKE = (
    "ssh-keygen -t ed25519 -N '' -f holdouts-key; add holdouts-key.pub here without write access; "
    f"store holdouts-key as {SCENARIOS_KEY} of the environment factory-evaluate; remove both files"
)


def check(facts: Facts) -> Iterator[Finding]:
    """The deploy keys of the scenario repository, the one at hand, and the server's host keys."""
    yield _there(facts)
    if facts.scenarios_public_half is not None:
        yield _at_hand(facts, facts.scenarios_public_half)
    yield _hosts(facts)


def _there(facts: Facts) -> Finding:
    name, keys = facts.places.scenarios, facts.deploy_keys
    where = links.of_repository(facts.places, name, "keys")
    if isinstance(keys, Unread):
        return not_known("deploy-key", name, keys, where=where)
    writing = [f"`{one.title}`" for one in keys if not one.read_only]
    active = [one for one in keys if one.enabled]
    state: State
    if not active:
        off = " that is enabled" if keys else ""
        state, found, mend = "wrong", f"it has no deploy key{off}", _MAKE
    elif writing:
        state = "wrong"
        found = f"{', '.join(writing)} may write: whoever holds it can change the holdouts"
        mend = "make a key without write access in its place, store it, then delete this one"
    else:
        titles = ", ".join(f"`{one.title}`" for one in active)
        state, found, mend = "ok", f"{titles}, read-only", ""
    return Finding(
        check="deploy-key",
        place=name,
        state=state,
        found=found,
        where=where,
        mend=mend,
    )


def _at_hand(facts: Facts, public: str | Unread) -> Finding:
    name, keys = facts.places.scenarios, facts.deploy_keys
    where = links.of_repository(facts.places, name, "keys")
    if isinstance(public, Unread):
        return Finding(
            check="deploy-key-match",
            place=name,
            state="wrong",
            found=f"{SCENARIOS_KEY}: {public.told}",
            where=where,
            mend="store the whole private key file, from its BEGIN to its END line",
        )
    if isinstance(keys, Unread):
        return not_known("deploy-key-match", name, keys, where=where)
    mine = fingerprint(public)
    match = next((one for one in keys if fingerprint(one.key) == mine), None)
    return Finding(
        check="deploy-key-match",
        place=name,
        state="ok" if match else "wrong",
        found=f"{SCENARIOS_KEY} (SHA256:{mine}) "
        + (f"is its key `{match.title}`" if match else "is none of its keys"),
        where=where,
        mend="the key belongs to another repository, or was deleted here; " + _MAKE,
    )


def _hosts(facts: Facts) -> Finding:
    places = facts.places
    host = urlsplit(places.server).hostname or ""
    public = places.server == DEFAULT_SERVER
    text = facts.known_hosts.strip() or (GITHUB_KNOWN_HOSTS if public else "")
    where = links.of_repository(places, places.specs, "environments")
    scan = (
        f"compare `ssh-keyscan {host}` with {places.server}'s own word; store it as {KNOWN_HOSTS}"
    )

    def finding(found: str, mend: str = "") -> Finding:
        return Finding(
            check="host-keys",
            place=host,
            state="wrong" if mend else "ok",
            found=found,
            where=where,
            mend=mend,
        )

    if not text:
        lack = Unread(KNOWN_HOSTS, f"{KNOWN_HOSTS} is not at hand, and {host} needs it")
        return not_known("host-keys", host, lack, where=where, mend=f"set it here as well; {scan}")
    if LEAKED_FINGERPRINT in fingerprints(" ".join(one.split()[1:3]) for one in text.splitlines()):
        return finding(
            "github.com's RSA key of before March 2023 is trusted; its private half was public",
            f"take that line out of {KNOWN_HOSTS}",
        )
    trusted = fingerprints(keys_of(text, host))
    if not trusted:
        return finding(f"no key of {host} is known", scan)
    published = facts.published_hosts
    if isinstance(published, Unread):
        if not public:
            return not_known("host-keys", host, published, where=where, mend=scan)
        official = GITHUB_FINGERPRINTS
    else:
        official = fingerprints(published)
    if strange := sorted(trusted - official):
        listed = ", ".join(f"SHA256:{one}" for one in strange)
        return finding(f"{listed} is trusted, and {host} does not publish it", scan)
    return finding(f"{len(trusted)} keys, all of them published by {host}")
