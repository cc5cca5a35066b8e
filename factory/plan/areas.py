"""Areas: two specs that touch the same part of a product are built one after the other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from factory.records import WorkOrder
from factory.spec.document import SpecDocument

Area = tuple[str, str]
"""A product and the part of it; the part "" is the whole product."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """`taken` may be built at once; `behind` says for others whom they wait for; `later` are those
    that only the limit kept out."""

    taken: tuple[SpecDocument, ...]
    behind: Mapping[str, str]
    later: tuple[str, ...]


def area_of(document: SpecDocument) -> Area:
    """A spec's own area; one without `area` may touch all of its product."""
    return str(document.meta.get("product", "")), str(document.meta.get("area", ""))


def key_of(area: Area) -> str:
    """An area as text: `shortener`, or `shortener/links`."""
    return "/".join(part for part in area if part)


def spread(
    ready: Sequence[SpecDocument], held: Iterable[tuple[Area, str]], limit: int | None
) -> Spread:
    """Take from the front of the queue what can be built at once.

    One that has to wait keeps its place: what comes after it in its area waits for it in turn, or
    a spec about a whole product would wait for ever behind ever new ones about parts of it.

    Args:
        ready: in the order to build.
        held: areas that runs in flight hold, each with the spec that it builds.
        limit: how many to take at most; None for no limit.
    """
    holders = _Holders.of(held)
    taken: list[SpecDocument] = []
    behind: dict[str, str] = {}
    later: list[str] = []
    for document in ready:
        area = area_of(document)
        other = holders.in_the_way(area)
        if other:
            behind[document.id] = f"waits for {other}, which comes first in {key_of(area)}"
        elif limit is not None and len(taken) >= limit:
            later.append(document.id)
        else:
            taken.append(document)
        holders.take(area, document.id)
    return Spread(taken=tuple(taken), behind=behind, later=tuple(later))


def spread_orders(
    orders: Iterable[WorkOrder], held: Iterable[tuple[Area, str]], areas: Mapping[str, Area]
) -> list[WorkOrder]:
    """The same of orders: from the front those whose area nobody holds."""
    holders = _Holders.of(held)
    taken = []
    for order in orders:
        area = areas.get(order.spec.id, (order.product.name, ""))
        if not holders.in_the_way(area):
            holders.take(area, order.spec.id)
            taken.append(order)
    return taken


@dataclass
class _Holders:
    """Who holds whole products, and who holds parts of them."""

    whole: dict[str, str] = field(default_factory=dict)
    parts: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, held: Iterable[tuple[Area, str]]) -> _Holders:
        holders = cls()
        for area, holder in held:
            holders.take(area, holder)
        return holders

    def in_the_way(self, area: Area) -> str:
        product, part = area
        if product in self.whole:
            return self.whole[product]
        parts = self.parts.get(product, {})
        return parts.get(part, "") if part else next(iter(parts.values()), "")

    def take(self, area: Area, holder: str) -> None:
        product, part = area
        if part:
            self.parts.setdefault(product, {}).setdefault(part, holder)
        else:
            self.whole.setdefault(product, holder)
