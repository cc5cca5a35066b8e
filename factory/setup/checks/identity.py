"""Who asks: the tokens at hand, and what they may see."""

from __future__ import annotations

from collections.abc import Iterator

from factory.forge.whoami import Holder
from factory.setup import links
from factory.setup.facts import Facts
from factory.setup.finding import Finding


def check(facts: Facts) -> Iterator[Finding]:
    """Each token at hand, or that there is none."""
    if not facts.holders and facts.app is None:
        yield Finding(
            check="identity",
            place=facts.places.specs,
            state="wrong",
            found="there is no token and no App, so GitHub shows what is public at most",
            where=links.tokens(facts.places),
            mend="GITHUB_TOKEN=$(gh auth token) factory doctor --github",
        )
    for holder in facts.holders:
        yield _holder(facts, holder)


def _holder(facts: Facts, holder: Holder) -> Finding:
    place, where = facts.places.specs, links.tokens(facts.places)
    if holder.kind == "refused":
        return Finding(
            check="identity",
            place=place,
            state="wrong",
            found=f"{holder.source}: {holder.told}",
            where=where,
            about=holder.source,
            mend=f"{holder.source} is expired, revoked or of another server: set a new one",
        )
    if holder.kind == "installation":
        found = f"{holder.source} is a job's or an App's token; it may see what its grants say"
    elif holder.kind == "fine-grained":
        found = f"{holder.source} is a fine-grained token of {holder.login}"
    else:
        scopes = ", ".join(holder.scopes) or "none"
        found = f"{holder.source} is a token of {holder.login} with the scopes {scopes}"
        if "repo" not in holder.scopes:
            return Finding(
                check="identity",
                place=place,
                state="wrong",
                found=f"{found}: without `repo` it sees no private repository",
                needed=False,
                where=where,
                about=holder.source,
                mend="give it the scope `repo`, and `admin:org` to see an organisation's policies",
            )
    return Finding(
        check="identity", place=place, state="ok", found=found, where=where, about=holder.source
    )
