"""Why a spec got its agent, its place in the order and its budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from factory.config.factory_file import Configuration
from factory.plan.areas import area_of, key_of
from factory.plan.queue import Place
from factory.records import WorkOrder
from factory.spec.document import SpecDocument


@dataclass(frozen=True, kw_only=True)
class Explained:
    """Sentences about one order. `position` is its place in the order to build, from 1."""

    spec: str
    position: int
    order: str
    agent: str
    agents: tuple[str, ...]
    budget: str
    area: str

    def to_data(self) -> dict[str, Any]:
        """The shape of `explain` in `factory plan --explain --json`."""
        return {
            "position": self.position,
            "order": self.order,
            "agent": self.agent,
            "agents": list(self.agents),
            "budget": self.budget,
            "area": self.area,
        }

    def lines(self) -> list[str]:
        """The same for a person."""
        later = f"; by attempt: {', '.join(self.agents)}" if self.agents else ""
        return [
            f"order: {self.position}, {self.order}",
            f"agent: {self.agent}{later}",
            f"budget: {self.budget}",
            f"area: {self.area}",
        ]


def explain(
    order: WorkOrder,
    document: SpecDocument,
    configuration: Configuration,
    position: int,
    place: Place,
    route: str,
) -> Explained:
    """Put into words what decided about an order; `route` says why its agent was taken."""
    return Explained(
        spec=order.spec.id,
        position=position,
        order=place.told,
        agent=f"{order.agent.name} ({order.agent.uses}): {route}",
        agents=order.agents,
        budget=_budget(order, document, configuration),
        area=key_of(area_of(document)),
    )


def _budget(order: WorkOrder, document: SpecDocument, configuration: Configuration) -> str:
    own = document.meta.get("budget", {})
    told = []
    for key, unit, most in (
        ("usd", " USD", configuration.budget.usd),
        ("minutes", " minutes", configuration.budget.minutes),
        ("attempts", " attempts", configuration.budget.attempts),
    ):
        value = getattr(order.budget, key)
        lowered = key in own and own[key] < most
        capped = key in own and own[key] > most
        note = (
            "the spec's own"
            if lowered
            else f"factory.yml; the spec asks for {own[key]:g}"
            if capped
            else "factory.yml"
        )
        told.append(f"{value:g}{unit} ({note})")
    return f"{', '.join(told)}; {order.budget.spec_usd:g} USD for all attempts (factory.yml)"
