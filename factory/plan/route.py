"""Routing: which agent makes which attempt at which spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from factory.config.factory_file import Configuration
from factory.records import AgentProfile
from factory.spec.document import SpecDocument
from factory.spec.reach import texts


@dataclass(frozen=True, kw_only=True)
class Routed:
    """An agent and why it was taken: a sentence that names the route by its line."""

    agent: AgentProfile
    why: str


def attempts_of(document: SpecDocument, configuration: Configuration) -> int:
    """How many attempts a spec has: its own number can only lower what factory.yml allows."""
    budget, most = document.meta.get("budget"), configuration.budget.attempts
    own = budget.get("attempts") if isinstance(budget, dict) else None
    return min(own, most) if isinstance(own, int) else most


def route(document: SpecDocument, configuration: Configuration, attempt: int = 1) -> Routed:
    """The agent of the first route that fits, else the first agent.

    Args:
        document: a spec; it need not have passed the gate.
        attempt: the number of the attempt, from 1.
    """
    return _route(_facts(document), configuration, attempt, attempts_of(document, configuration))


def _facts(document: SpecDocument) -> dict[str, tuple[str, ...]]:
    keys = ("kind", "stakes", "product", "labels")
    facts = {key: texts_or_one(document.meta.get(key)) for key in keys}
    return {**facts, "spec": (document.id,)}


def _route(
    facts: Mapping[str, tuple[str, ...]], configuration: Configuration, attempt: int, last: int
) -> Routed:
    for number, one in enumerate(configuration.routes, 1):
        if _fits(one.when, facts, attempt, last):
            wanted = ", ".join(f"{key} {_shown(value)}" for key, value in one.when.items())
            return Routed(
                agent=configuration.agents[one.agent],
                why=f"route {number} (line {one.line}) fits: {wanted or 'it fits every spec'}",
            )
    agent = next(iter(configuration.agents.values()))
    why = "no route fits, so the first agent" if configuration.routes else "the first agent"
    return Routed(agent=agent, why=why)


def routed(document: SpecDocument, configuration: Configuration, attempt: int = 1) -> AgentProfile:
    """The agent alone, as `route` finds it."""
    return route(document, configuration, attempt).agent


def agents_by_attempt(document: SpecDocument, configuration: Configuration) -> tuple[str, ...]:
    """The name of the agent of attempt 1, 2, …; empty where one agent makes them all."""
    last, facts = attempts_of(document, configuration), _facts(document)
    names = tuple(_route(facts, configuration, n, last).agent.name for n in range(1, last + 1))
    return names if len(set(names)) > 1 else ()


def texts_or_one(value: Any) -> tuple[str, ...]:
    """The texts of a key that holds one or a list of them; what is none is left out."""
    return (value,) if isinstance(value, str) else texts(value)


def _fits(
    when: Mapping[str, Any], facts: Mapping[str, tuple[str, ...]], attempt: int, last: int
) -> bool:
    return all(
        _fits_attempt(wanted, attempt, last)
        if key == "attempt"
        else bool(set(texts_or_one(wanted)) & set(facts[key]))
        for key, wanted in when.items()
    )


def _fits_attempt(wanted: int | str, attempt: int, last: int) -> bool:
    if wanted == "last":
        return attempt >= last
    if isinstance(wanted, str):
        return attempt >= int(wanted.removesuffix("+"))
    return attempt == wanted


def _shown(value: Any) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)
