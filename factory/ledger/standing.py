"""Where each spec stands, by its front matter and what the ledger knows. Pure.

The ledger is what people may ask at any time, also with no network. `factory plan`, which decides,
reads what shipped from the product's own history instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

State = Literal["running", "ready", "waiting", "parked", "paused"]
Version = tuple[str, int]
"""A spec's id and version."""
_ORDER: tuple[State, ...] = ("running", "ready", "waiting", "parked", "paused")


@dataclass(frozen=True, kw_only=True)
class Front:
    """What the front matter of a spec says of its place in the queue."""

    id: str
    version: int
    title: str
    status: str
    kind: str
    product: str
    depends_on: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A spec that is to be built: its state, and the reason where that is not plain."""

    spec: str
    version: int
    product: str
    title: str
    state: State
    reason: str


def queue(
    fronts: Sequence[Front],
    *,
    shipped: Collection[Version],
    parked: Mapping[Version, str],
    running: Collection[Version],
    paused: Mapping[str, str] = MappingProxyType({}),
) -> list[Standing]:
    """The specs that are to be built, those that can be first.

    `paused`: spec id → by whom; else as `Standing` of `factory.plan` has them.
    Drafts, retired specs, those that only bind others, and versions that have shipped are left
    out.
    """
    by_id = {one.id: one for one in fronts}
    found = []
    for one in fronts:
        if one.kind != "feature" or one.status not in ("ready", "paused"):
            continue
        version = (one.id, one.version)
        if version in shipped:
            continue
        state, reason = _state(one, by_id, shipped, parked, paused, version in running)
        found.append(
            Standing(
                spec=one.id, version=one.version, product=one.product, title=one.title,
                state=state, reason=reason,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (_ORDER.index(one.state), one.spec))


def _state(
    front: Front,
    by_id: Mapping[str, Front],
    shipped: Collection[Version],
    parked: Mapping[Version, str],
    paused: Mapping[str, str],
    is_running: bool,
) -> tuple[State, str]:
    if is_running:
        return "running", ""
    if front.status == "paused":
        return "paused", "has status paused"
    if front.id in paused:
        return "paused", paused[front.id]
    if (front.id, front.version) in parked:
        return "parked", parked[front.id, front.version]
    for wanted in front.depends_on:
        other = by_id.get(wanted)
        if other is None:
            return "waiting", f"waits for {wanted}, which does not exist"
        if other.kind == "feature" and (other.id, other.version) not in shipped:
            return "waiting", f"waits for {wanted} version {other.version}, which has not shipped"
    return "ready", ""
