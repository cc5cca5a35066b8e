"""Look, then take every step that is missing; a run that was cut off goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from factory.errors import FactoryError
from factory.forge.settings import Settings
from factory.setup.begin.carry_out import carry_out
from factory.setup.begin.step import Step
from factory.setup.begin.steps import steps
from factory.setup.begin.there import look
from factory.setup.begin.wanted import Wanted

Outcome = Literal["made", "would-make", "there", "differs", "refused"]
# Without these nothing that comes later makes sense.
_FIRST = ("repository", "files")


@dataclass(frozen=True)
class Done:
    """What became of a step; `mend` is empty where nothing is left to do."""

    step: Step
    outcome: Outcome
    mend: str = ""


def run(
    settings: Settings, wanted: Wanted, *, dry_run: bool, told: Callable[[Done], None]
) -> list[Done]:
    """Set up what is missing; `told` hears of each step as it is done.

    With `dry_run` GitHub is read and nothing is sent. A setting that is refused, as by a policy or
    a plan, keeps no other from being made.

    Raises:
        ConfigurationError: a repository is another's; nothing was changed.
        AuthenticationError, ForgeError, BaseMoved: what comes first could not be read or made.
    """
    done = []
    for step in steps(wanted, look(settings, wanted), settings.server):
        one = _one(settings, wanted, step, dry_run)
        told(one)
        done.append(one)
    return done


def _one(settings: Settings, wanted: Wanted, step: Step, dry_run: bool) -> Done:
    if step.state != "make":
        return Done(step, step.state, step.mend)
    if dry_run:
        return Done(step, "would-make")
    try:
        carry_out(settings, wanted, step)
    except FactoryError as error:
        if step.kind in _FIRST:
            raise
        return Done(
            step, "refused", f"{error.message}; {error.mend}" if error.mend else error.message
        )
    return Done(step, "made")
