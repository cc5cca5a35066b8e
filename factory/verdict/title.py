"""What one or several public verdicts come to, in one line: a function of them and no finer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from factory.forge.markdown import plain
from factory.records import PublicVerdict, WorkOrder
from factory.records.verdict import VerdictWord
from factory.verdict.reasons import phrase_of

TITLE_LIMIT = 255
"""GitHub's, in characters."""

CLASSES = {
    "build": "it could not be installed",
    "start": "it did not start",
    "timeout": "it did not answer in time",
    "crash": "it crashed",
    "behaviour": "it does not do what the spec says",
}

Told = tuple[WorkOrder, PublicVerdict]


@dataclass(frozen=True)
class Count:
    """Of `all` requirements `unmet` are not met, or at least so many where it is not `exact`."""

    unmet: int
    all: int
    exact: bool


def word_of(told: Sequence[Told]) -> VerdictWord:
    """One verdict for all: fail where one failed, pass where each passed and there is one."""
    words = {public.verdict for _, public in told}
    if "fail" in words:
        return "fail"
    return "pass" if words == {"pass"} else "inconclusive"


def count(told: Sequence[Told]) -> Count | None:
    """How many requirements are not met, as far as the verdicts tell; None where they do not.

    A fail that names none tells no number: its scenarios may belong to no requirement.
    """
    unmet = every = 0
    exact = True
    for order, public in told:
        named = len(public.requirements_not_met)
        if public.verdict != "pass" and not (public.verdict == "fail" and named):
            return None
        every += len(order.spec.requirements)
        unmet += named + public.other
        exact = exact and not public.other
    return Count(unmet, every, exact) if every else None


def title(told: Sequence[Told]) -> str:
    """The verdict in a person's words, on one line of at most TITLE_LIMIT characters."""
    return plain(_title(told), limit=TITLE_LIMIT)


def _title(told: Sequence[Told]) -> str:
    word, found = word_of(told), count(told)
    if word == "inconclusive":
        return inconclusive_title({public.cause for _, public in told if public.cause})
    if found and word == "pass":
        return f"{found.all} of {found.all} requirements met: shippable"
    if found:
        least = "" if found.exact else "At least "
        return f"{least}{found.unmet} of {found.all} requirements not met: not shippable"
    failed = [public for _, public in told if public.verdict == "fail"]
    if len(told) > 1:
        return f"{len(failed)} of {len(told)} specs failed: not shippable"
    how = CLASSES.get(failed[0].failure_class or "", "holdout scenarios did not pass")
    return f"Not shippable: {how}"


def inconclusive_title(causes: set[str]) -> str:
    """The title where there is no verdict; it says which part broke where that is one part."""
    parts = {phrase.part if (phrase := phrase_of(cause)) else "" for cause in causes}
    because = f" because of {parts.pop()}" if len(parts) == 1 and parts != {""} else ""
    return f"Inconclusive: no verdict{because}, so not shippable"
