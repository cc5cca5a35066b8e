"""Which specs are to be built now, in which order, and why the others are not. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from factory.config.front_matter import PRIORITIES
from factory.errors import UsageError
from factory.plan.shipped import Shipped
from factory.plan.standing import Standing
from factory.spec.document import SpecDocument
from factory.spec.naming import known_ids

NORMAL = PRIORITIES.index("normal")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Why a ready spec stands where it does.

    `priority` is its own, or the higher one of `urged_by`, a spec that waits for it. `age` counts
    the merges since its text was last changed.
    """

    priority: str
    urged_by: str = ""
    age: int = 0

    @property
    def told(self) -> str:
        """As a sentence."""
        urged = f" of {self.urged_by}, which waits for it" if self.urged_by else ""
        return f"priority {self.priority}{urged}; {self.age} merges old"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """`ready` in the order to build; `waiting` says for each other spec asked for why not."""

    ready: tuple[SpecDocument, ...]
    waiting: Mapping[str, str]
    places: Mapping[str, Place] = field(default_factory=dict)


def choose(
    documents: Sequence[SpecDocument],
    shipped: Mapping[str, Shipped],
    wanted: Sequence[str],
    *,
    stand: Standing | None = None,
    ages: Mapping[str, int] | None = None,
    again: bool = False,
    broken: Mapping[str, str] | None = None,
) -> Choice:
    """Choose what to build: by priority, the oldest first, each after what it depends on.

    A spec takes on the priority of whatever waits for it, so that nothing urgent is held up by
    something that is not.

    Args:
        documents: every spec; ids are unique and dependencies form no circle (the gate's word).
        shipped: product name → what its base branch holds.
        wanted: spec ids to restrict to; empty for all.
        stand: what the ledger says; nothing where None.
        ages: spec id → merges since its text was last changed; more is older.
        again: build the wanted ones also where they are in flight, parked or paused.
        broken: spec id → why the gate refuses it.

    Raises:
        UsageError: a wanted id does not exist.
    """
    known = {one.id: one for one in documents}
    _require_known(wanted, known)
    look = _Look(known, shipped, stand or Standing(), broken or {})
    asked = frozenset(wanted)
    ready: list[SpecDocument] = []
    waiting: dict[str, str] = {}
    for document in documents:
        if asked and document.id not in asked:
            continue
        reason = look.why_not(document, again=again and document.id in asked)
        if reason:
            waiting[document.id] = reason
        else:
            ready.append(document)
    places = _places(look, documents, ages or {})
    ready.sort(key=lambda one: _order(one, places[one.id]))
    return Choice(
        ready=tuple(ready), waiting=waiting, places={one.id: places[one.id] for one in ready}
    )


def _require_known(wanted: Iterable[str], known: Collection[str]) -> None:
    for spec_id in wanted:
        if spec_id not in known:
            raise UsageError(f"there is no spec {spec_id!r}", mend=known_ids(spec_id, known))


@dataclass(frozen=True)
class _Look:
    """One look at everything that decides."""

    known: Mapping[str, SpecDocument]
    shipped: Mapping[str, Shipped]
    stand: Standing
    broken: Mapping[str, str]

    def why_not(self, document: SpecDocument, *, again: bool) -> str:
        return (
            self._not_built(document)
            or ("" if again else self._held(document))
            or next(self._missing(document), "")
        )

    def to_come(self, document: SpecDocument) -> bool:
        """Whether it is still to be built, now or later."""
        return not self._not_built(document)

    def needs(self, document: SpecDocument) -> Iterator[SpecDocument]:
        """The features that it depends on and that have not shipped."""
        for name in document.meta.get("depends-on", ()):
            other = self.known.get(name)
            # Another spec than the wanted one may not have passed the gate and hold anything.
            if other is not None and other.kind == "feature" and not self._commit(other):
                yield other

    def _not_built(self, document: SpecDocument) -> str:
        meta = document.meta
        # A draft has not passed the gate: of all its keys only this one is sure to be there.
        if meta.get("status") != "ready":
            return f"has status {meta.get('status')}"
        if document.id in self.broken:
            return f"does not pass the gate: {self.broken[document.id]}"
        if meta["kind"] != "feature":
            return f"is of kind {meta['kind']}, which binds others and is not built by itself"
        commit = self._commit(document)
        return f"version {meta['version']} has shipped as {commit[:12]}" if commit else ""

    def _held(self, document: SpecDocument) -> str:
        run = self.stand.in_flight.get(document.id)
        if run:
            return (
                f"is in flight: run {run.run_id} of version {run.version}, last heard of at "
                f"{run.since:%Y-%m-%d %H:%M} UTC"
            )
        if document.id in self.stand.paused:
            return f"is {self.stand.paused[document.id]}"
        reason = self.stand.parked.get((document.id, document.meta["version"]))
        return f"is parked: {reason}" if reason else ""

    def _missing(self, document: SpecDocument) -> Iterator[str]:
        for other in self.needs(document):
            yield f"waits for {other.id}, which has not shipped{self._because(other)}"

    def _because(self, other: SpecDocument) -> str:
        """The nearest cause only: further ones stand at the other spec's own name."""
        reason = self._not_built(other) or self._held(other)
        if not reason and any(self.needs(other)):
            reason = "waits itself"
        return f": it {reason}" if reason else ""

    def _commit(self, document: SpecDocument) -> str | None:
        of_product = self.shipped.get(str(document.meta.get("product")), {})
        version = document.meta.get("version")
        return of_product.get(document.id, {}).get(version) if isinstance(version, int) else None


def _places(
    look: _Look, documents: Sequence[SpecDocument], ages: Mapping[str, int]
) -> dict[str, Place]:
    """Hand priorities down from those that wait to those that are waited for, each edge once."""
    open_ = {one.id: one for one in documents if look.to_come(one)}
    needs = {name: [o.id for o in look.needs(one) if o.id in open_] for name, one in open_.items()}
    waiters = dict.fromkeys(open_, 0)
    for names in needs.values():
        for name in names:
            waiters[name] += 1
    level = {name: _priority(one) for name, one in open_.items()}
    urged: dict[str, str] = {}
    done = [name for name, count in waiters.items() if not count]
    for name in done:  # Grows: a spec follows once all that wait for it were looked at.
        for other in needs[name]:
            if level[name] > level[other]:
                level[other], urged[other] = level[name], urged.get(name, name)
            waiters[other] -= 1
            if not waiters[other]:
                done.append(other)
    return {
        name: Place(
            priority=PRIORITIES[level[name]], urged_by=urged.get(name, ""), age=ages.get(name, 0)
        )
        for name in open_
    }


def _priority(document: SpecDocument) -> int:
    return PRIORITIES.index(document.meta.get("priority", "normal"))


def _order(document: SpecDocument, place: Place) -> tuple[int, int, str]:
    return -PRIORITIES.index(place.priority), -place.age, document.id
