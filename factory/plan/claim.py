"""Claim what was planned, so that no other plan takes it: a `planned` entry in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from factory import ledger
from factory.moment import moment_text
from factory.plan.areas import Area, spread_orders
from factory.plan.standing import LOST_AFTER, Standing, standing
from factory.records import LedgerEntry, WorkOrder
from factory.records.ledger import ASKED


def claim(
    orders: Sequence[WorkOrder],
    *,
    url: str,
    env: Mapping[str, str],
    now: datetime,
    areas: Mapping[str, Area],
    lost_after: timedelta = LOST_AFTER,
    mine: frozenset[str] = frozenset(),
    again: bool = False,
) -> tuple[WorkOrder, ...]:
    """Enter each order that nobody else has taken since it was planned; return these.

    Compare and swap: of two plans at the same moment one sees what the other has claimed.
    Claiming an order twice enters it once.

    Args:
        orders: in the order to build.
        url, env: the repository of the ledger, as for `ledger.append`.
        now: when they are claimed.
        areas: spec id → its area, of every spec.
        lost_after: how long a run may be silent before it counts as lost.
        mine: ids of runs that whoever claims goes on with itself.
        again: claim also what is in flight, parked or paused: somebody asked for it.

    Raises:
        ForgeError, AuthenticationError, InputError: as for `ledger.append`; nothing is claimed.
    """
    own = mine | {order.run_id for order in orders}
    taken: list[WorkOrder] = []

    def decide(entries: Sequence[LedgerEntry]) -> Sequence[LedgerEntry]:
        stand = standing(entries, now, lost_after=lost_after, mine=own)
        free = [one for one in orders if again or not _held(one, stand)]
        taken[:] = free if again else spread_orders(free, held_areas(stand, areas), areas)
        known = {(one.run_id, one.attempt) for one in entries if one.event == "planned"}
        new = [one for one in taken if (one.run_id, one.attempt) not in known]
        return [planned(one, now, ASKED if again else "") for one in new]

    ledger.append_if(decide, url=url, env=env)
    return tuple(taken)


def held_areas(stand: Standing, areas: Mapping[str, Area]) -> list[tuple[Area, str]]:
    """The areas that runs in flight hold, each with its spec; of a spec that is gone, all of its
    product."""
    return [
        (areas.get(spec_id, (run.product, "")), spec_id) for spec_id, run in stand.in_flight.items()
    ]


def planned(order: WorkOrder, now: datetime, reason: str = "") -> LedgerEntry:
    """The entry that claims an order."""
    at = moment_text(now)
    return LedgerEntry.of(order, "planned", at=at, agent=order.agent.name, reason=reason)


def _held(order: WorkOrder, stand: Standing) -> bool:
    version = order.spec.id, order.spec.version
    held = order.spec.id in stand.in_flight or order.spec.id in stand.paused
    return held or version in stand.parked
