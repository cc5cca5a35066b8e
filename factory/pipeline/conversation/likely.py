"""Whether a failure was rather the spec's, the code's or the machinery's, by public facts. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from factory.records import PastAttempt, PublicVerdict
from factory.verdict import CLASSES

Whose = Literal["spec", "code", "machinery", "money", "unknown"]

WORDS: dict[Whose, str] = {
    "spec": "Rather the spec",
    "code": "Rather the code",
    "machinery": "The machinery",
    "money": "Neither: the money",
    "unknown": "Nothing public tells",
}
_BY_CAUSE: dict[str, tuple[Whose, str]] = {
    "guard-refused": (
        "code",
        "the agent left something that must never enter a repository, and the guard refused it",
    ),
    "pass": ("machinery", "it passed and could not be shipped"),
    "spec-over-budget": ("money", "the budget of this version leaves nothing for an attempt"),
}


@dataclass(frozen=True)
class Likely:
    """`why` is a clause of ours; ids of requirements are all that it holds of a spec."""

    whose: Whose
    why: str


def likely(
    cause: str,
    public: PublicVerdict | None,
    history: Sequence[PastAttempt],
    doubted: Collection[str],
    *,
    stuck: bool = False,
) -> Likely:
    """Guess it, by rules that anybody could apply to what has been published.

    Args:
        cause: the word for what ended the line, where that was no verdict.
        public: the verdict that ended it, if it was a fail.
        history: the attempts of the run before, all failed.
        doubted: requirements on whose lines the gate finds something.
        stuck: whether the agent left the same files as in an attempt before.
    """
    if public is None:
        return Likely(*_BY_CAUSE.get(cause, ("machinery", "it came to no verdict on the code")))
    kind = public.failure_class
    if kind is None:
        return Likely("unknown", "the leak budget of this version is spent")
    if kind != "behaviour":
        return Likely("code", f"{CLASSES[kind]}, which the words of a spec seldom cause")
    named = public.requirements_not_met
    if not named:
        return Likely("unknown", "what is not met cannot be named")
    if stuck:
        return Likely("code", "the agent left the same files as in an attempt before")
    stubborn = [id for id in named if all(id in one.requirements_not_met for one in history)]
    if history and stubborn:
        return Likely("spec", f"no attempt of {len(history) + 1} has met {_and(stubborn)}")
    if open_ := [id for id in named if id in doubted]:
        return Likely("spec", f"the gate finds {_and(open_)} open to more than one reading")
    less = "no requirement failed in every attempt, and " if history else ""
    return Likely("code", f"{less}the gate finds nothing against the words of {_and(named)}")


def _and(ids: Sequence[str]) -> str:
    return " and ".join([", ".join(ids[:-1]), ids[-1]] if len(ids) > 1 else ids)
