"""The plan stage: from the merged specs to the work orders of now."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import msgspec

from factory.config.factory_file import Configuration
from factory.errors import GateError
from factory.forge.protocol import Forge
from factory.plan.areas import Area, area_of, spread
from factory.plan.claim import held_areas
from factory.plan.explain import Explained, explain
from factory.plan.merged import MERGES_LIMIT, Merge, last_merges
from factory.plan.orders import make_order, product_of
from factory.plan.queue import Place, choose
from factory.plan.route import agents_by_attempt, route
from factory.plan.shipped import Shipped, read_shipped
from factory.plan.source import SpecsSource
from factory.plan.standing import Standing
from factory.ports.git import tree
from factory.records import AgentProfile, Product, WorkOrder
from factory.spec.context import check_context, read_context
from factory.spec.document import SpecDocument
from factory.spec.finding import Finding
from factory.spec.gate import check_specs, errors_of
from factory.spec.gather import Gatherer
from factory.spec.library import read_library
from factory.spec.surroundings import read_surroundings


@dataclass(frozen=True, kw_only=True)
class Planned:
    """`orders` in the order to build, no two of them in one area.

    `waiting` says for each other spec asked for why not; `later` are ready too, and only the limit
    kept them out. `areas` are those of every spec; `explained` says for each order why it is so.
    """

    orders: tuple[WorkOrder, ...]
    waiting: Mapping[str, str] = field(default_factory=dict)
    later: tuple[str, ...] = ()
    areas: Mapping[str, Area] = field(default_factory=dict)
    explained: tuple[Explained, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Bases:
    """For each product: its base branch's commit and what that holds."""

    heads: Mapping[str, str]
    shipped: Mapping[str, Shipped]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked of a plan.

    `ids`: specs to restrict to, empty for all. `again`: also where one is parked, paused or in
    flight.
    `limit`: how many orders at most. `attempt`: the attempt that the orders are for. `agent`: one
    to use instead of the routed ones. `leave`: specs that whoever plans has dealt with already;
    they are neither built nor in anybody's way.
    """

    ids: Sequence[str] = ()
    leave: Collection[str] = ()
    again: bool = False
    limit: int | None = None
    attempt: int = 1
    agent: AgentProfile | None = None


def plan(
    source: SpecsSource,
    configuration: Configuration,
    *,
    forge: Forge,
    scratch: Path,
    now: datetime,
    wish: Wish = Wish(),
    stand: Standing | None = None,
) -> Planned:
    """Gate the specs, look at what has shipped, and write an order for each that is ready.

    A spec that the gate refuses holds up itself and what waits for it. Where it was asked for by
    name, or nothing else can be built, the refusal is raised.

    Args:
        source: the specs at one commit.
        configuration: factory.yml.
        forge: tells where repositories are.
        scratch: a folder for fetched history; emptied first.
        now: the time the orders are written.
        wish: what is asked for.
        stand: where specs stand by the ledger; nothing where None.

    Raises:
        InputError: a spec or a repository cannot be read.
        GateError: as above; or a spec that may bind others, or a file of the context library,
            breaks a rule of the gate.
        ConfigurationError, UsageError: an unknown product or spec.
    """
    stand = stand or Standing()
    documents = read_library(source.folder)
    refused = _refused(documents, source.folder, configuration, wish)
    broken = {
        one.id: refused[one.path]
        for one in documents
        if one.path in refused and one.meta.get("status") == "ready"
    }
    bases = read_bases(_products(documents, configuration, broken), forge, scratch)
    areas = {one.id: area_of(one) for one in documents}
    by_path = last_merges(source)
    merges = {one.id: by_path.get(os.path.relpath(one.path, source.folder)) for one in documents}
    choice = choose(
        documents,
        bases.shipped,
        wish.ids,
        stand=stand,
        ages={key: one.ago if one else MERGES_LIMIT for key, one in merges.items()},
        again=wish.again,
        broken={spec_id: finding.message for spec_id, finding in broken.items()},
    )
    if not choice.ready and not wish.leave:
        _require_none([found for spec_id, found in broken.items() if spec_id in choice.waiting])
    held = () if wish.again else held_areas(stand, areas)
    ready = [one for one in choice.ready if one.id not in wish.leave]
    parted = spread(ready, held, wish.limit)
    writer = _Writer(documents, bases, source, configuration, now, wish, stand)
    written = [
        writer.write(document, number, choice.places[document.id], merges[document.id])
        for number, document in enumerate(parted.taken, 1)
    ]
    return Planned(
        orders=tuple(order for order, _ in written),
        waiting={**choice.waiting, **parted.behind},
        later=parted.later,
        areas=areas,
        explained=tuple(told for _, told in written),
    )


class _Writer:
    """Writes orders; what they share is read once."""

    def __init__(
        self,
        documents: Sequence[SpecDocument],
        bases: Bases,
        source: SpecsSource,
        configuration: Configuration,
        now: datetime,
        wish: Wish,
        stand: Standing,
    ) -> None:
        self._gatherer = Gatherer(documents, source.folder)
        self._told = cache(partial(read_context, source.folder))
        self._bases, self._source, self._configuration = bases, source, configuration
        self._now, self._wish, self._stand = now, wish, stand

    def write(
        self, document: SpecDocument, number: int, place: Place, merge: Merge | None
    ) -> tuple[WorkOrder, Explained]:
        """The order of one spec, the `number`th to build, and why it is so.

        `merge` is what its text came with; every attempt at it is told there, however much was
        merged since.
        """
        wish, configuration = self._wish, self._configuration
        found = route(document, configuration, wish.attempt)
        agent = wish.agent or found.agent
        version = document.id, document.meta["version"]
        order = make_order(
            document,
            configuration,
            spec_path=os.path.relpath(document.path, self._source.folder),
            spec_commit=merge.commit if merge else self._source.commit,
            base_commit=self._bases.heads[str(document.meta["product"])],
            brief=self._gatherer.brief(document, self._told(agent.name, agent.system)),
            now=self._now,
            agent=agent,
            agents=() if wish.agent else agents_by_attempt(document, configuration),
            leak_spent_bits=self._stand.leak_bits.get(version, 0.0),
        )
        why = "asked for by whoever planned" if wish.agent else found.why
        return order, explain(order, document, configuration, number, place, why)


def read_bases(products: Sequence[Product], forge: Forge, scratch: Path) -> Bases:
    """Fetch each product's base branch.

    Raises:
        InputError: the repository or its base branch does not exist.
    """
    heads: dict[str, str] = {}
    shipped: dict[str, Shipped] = {}
    for product in products:
        folder = scratch / f"{product.name}.git"
        shutil.rmtree(folder, ignore_errors=True)
        bare = tree.mirror(
            forge.clone_url(product.repository),
            folder,
            refs=[f"refs/heads/{product.base_branch}"],
            env=forge.git_environment(product.repository),
        )
        heads[product.name] = tree.resolve(bare, f"refs/heads/{product.base_branch}")
        shipped[product.name] = read_shipped(bare, heads[product.name])
    return Bases(heads=heads, shipped=shipped)


def _refused(
    documents: Sequence[SpecDocument], folder: Path, configuration: Configuration, wish: Wish
) -> dict[str, Finding]:
    """Path of a feature that the gate refuses → the first finding against it.

    Raises:
        GateError: the refusal concerns more than that spec, or a spec that was asked for.
    """
    around, unreadable = read_surroundings(folder)
    _require_none(unreadable)
    # An unknown product is a fault of the configuration as much as of the spec: told below.
    around = msgspec.structs.replace(around, products=None)
    paths = {one.path for one in documents if one.meta.get("status") != "draft"}
    asked = {one.path for one in documents if one.id in wish.ids} | {
        one.path for one in documents if _may_bind(one)
    }
    findings = errors_of(check_specs(documents, around), paths | asked)
    _require_none([one for one in findings if one.path in asked])
    profiles = (*configuration.agents.values(), *([wish.agent] if wish.agent else []))
    names = {name for one in profiles for name in one.told}
    _require_none([one for one in check_context(folder, names) if one.severity == "error"])
    return {one.path: one for one in reversed(findings)}


def _may_bind(document: SpecDocument) -> bool:
    """Whether it binds others, or would if it were in order; one misspelt must not bind less."""
    meta = document.meta
    resting = meta.get("status") in ("draft", "paused", "retired")
    return not resting and meta.get("kind") != "feature"


def _require_none(findings: Sequence[Finding]) -> None:
    if findings:
        first = findings[0]
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        raise GateError(
            f"{first.message}{more}",
            path=first.path,
            line=first.line,
            column=first.column,
            mend=f"{first.mend}; `factory check` lists everything",
        )


def _products(
    documents: Sequence[SpecDocument], configuration: Configuration, broken: Mapping[str, Finding]
) -> list[Product]:
    """The products that the specs are about.

    Raises:
        InputError: a spec names one that factory.yml does not have.
    """
    products = (
        product_of(document, configuration)
        for document in documents
        if document.meta.get("status") == "ready" and document.id not in broken
    )
    return list({product.name: product for product in products}.values())
