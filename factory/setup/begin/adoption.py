"""Whether a repository that is there may be taken over; pure."""

from __future__ import annotations

from factory.errors import ConfigurationError
from factory.forge.settings import Unread
from factory.setup.begin.there import There
from factory.setup.begin.wanted import Wanted

_SHOWN = 5


def require_ours(wanted: Wanted, there: There) -> None:
    """Only what factory.yml of the specs repository names is taken over, or what is empty and
    nobody else's.

    Raises:
        ConfigurationError: a repository is another's, or the scenarios would be public.
    """
    scenarios = there.repositories[wanted.scenarios]
    if scenarios is not None and (scenarios.internal or not scenarios.private):
        how = "internal" if scenarios.internal else "public"
        raise ConfigurationError(
            f"{wanted.scenarios} is {how}, so its scenarios would be no secret; nothing was done",
            mend="make it private, or name another one with --scenarios",
        )
    named = {one.lower() for one in there.named or ()}  # GitHub does not tell cases apart.
    for name in wanted.kinds:
        if there.repositories[name] is None:
            continue
        ours = (
            {wanted.scenarios.lower(), wanted.repository.lower()} <= named
            if name == wanted.specs
            else name.lower() in named
        )
        if not ours and name in there.empty:
            _require_nobodys(wanted, there, name)
        elif not ours:
            raise ConfigurationError(
                f"{name} holds something else already; nothing was done",
                mend="choose another name (--specs, --scenarios, --repository), or let factory.yml "
                f"in {wanted.specs} name {wanted.repository} and {wanted.scenarios}, then run this "
                "again",
            )


def _require_nobodys(wanted: Wanted, there: There, name: str) -> None:
    """Of an empty repository that another made before us, they may stay the master.

    The scenarios are for nobody else to read; elsewhere an administrator is who gets the secrets.
    """
    if wanted.adopt:
        return
    people = there.people[name]
    again = "then run this again; or say --adopt to take it over as it is"
    if isinstance(people, Unread):
        raise ConfigurationError(
            f"{name} is there, and who may use it cannot be seen: {people.told}; nothing was done",
            mend=f"give a token with `{people.right}` on {name}, {again}",
        )
    secret = name == wanted.scenarios
    others = [one.login for one in people if secret or one.administers]
    if others:
        shown = ", ".join(others[:_SHOWN])
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        raise ConfigurationError(
            f"{name} is there, and {shown}{more} may {'use' if secret else 'administer'} it; "
            "nothing was done",
            mend=f"take them out of {name}, or delete it, {again}",
        )
