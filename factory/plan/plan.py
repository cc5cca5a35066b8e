"""The plan stage: from the merged specs to the work orders of now."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from factory.config.factory_file import Configuration
from factory.errors import GateError
from factory.forge.protocol import Forge
from factory.plan.orders import make_order, product_of, routed
from factory.plan.queue import Choice, choose
from factory.plan.shipped import Shipped, read_shipped
from factory.plan.source import SpecsSource
from factory.ports.git import tree
from factory.records import AgentProfile, Product, WorkOrder
from factory.spec.context import check_context, read_context
from factory.spec.document import SpecDocument
from factory.spec.finding import Finding
from factory.spec.gate import check_specs, errors_of
from factory.spec.gather import gather
from factory.spec.library import read_library
from factory.spec.surroundings import Surroundings, read_surroundings


@dataclass(frozen=True, kw_only=True)
class Planned:
    """`orders` in the order to build; `waiting` says for each other spec asked for why not."""

    orders: tuple[WorkOrder, ...]
    waiting: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Bases:
    """For each product: its base branch's commit and what that holds."""

    heads: Mapping[str, str]
    shipped: Mapping[str, Shipped]


def plan(
    source: SpecsSource,
    configuration: Configuration,
    *,
    forge: Forge,
    wanted: Sequence[str],
    scratch: Path,
    now: datetime,
    agent: AgentProfile | None = None,
) -> Planned:
    """Gate the specs, look at what has shipped, and write an order for each that is ready.

    Args:
        source: the specs at one commit.
        configuration: factory.yml.
        forge: tells where repositories are.
        wanted: spec ids to restrict to; empty for all.
        scratch: a folder for fetched history; emptied first.
        now: the time the orders are written.
        agent: an agent to use instead of the routed one.

    Raises:
        InputError: a spec or a repository cannot be read.
        GateError: a spec that would be built, one that may bind it, or a file of the context
            library breaks a rule of the gate.
        ConfigurationError, UsageError: an unknown product or spec.
    """
    documents = read_library(source.folder)
    around, broken = read_surroundings(source.folder)
    # An unknown product is a fault of the configuration as much as of the spec: told below.
    around = replace(around, products=None)
    _require_none(broken)
    _require_gate(documents, wanted, around)
    names = {
        name
        for one in (*configuration.agents.values(), *([agent] if agent else []))
        for name in one.told
    }
    _require_none([one for one in check_context(source.folder, names) if one.severity == "error"])
    products = _products(documents, configuration)
    bases = read_bases(products, forge, scratch)
    choice: Choice = choose(documents, bases.shipped, wanted)
    binding = [one for one in documents if one.meta.get("kind") != "feature"]
    told = cache(partial(read_context, source.folder))  # Once for each agent.
    orders = []
    for document in choice.ready:
        profile = agent or routed(document, configuration)
        orders.append(
            make_order(
                document,
                configuration,
                spec_path=os.path.relpath(document.path, source.folder),
                spec_commit=source.commit,
                base_commit=bases.heads[str(document.meta["product"])],
                brief=gather(document, binding, told(profile.name, profile.system), source.folder),
                now=now,
                agent=profile,
            )
        )
    return Planned(orders=tuple(orders), waiting=choice.waiting)


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


def _require_gate(
    documents: Sequence[SpecDocument], wanted: Sequence[str], around: Surroundings
) -> None:
    """Everything readable must be in order before one of them is built: specs bind each other."""
    paths = {
        one.path
        for one in documents
        if ((not wanted or one.id in wanted) and one.meta.get("status") != "draft")
        or _may_bind(one)
    }
    _require_none(errors_of(check_specs(documents, around), paths))


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


def _products(documents: Sequence[SpecDocument], configuration: Configuration) -> list[Product]:
    """The products that the specs are about.

    Raises:
        InputError: a spec names one that factory.yml does not have.
    """
    products = (
        product_of(document, configuration)
        for document in documents
        if document.meta.get("status") == "ready"
    )
    return list({product.name: product for product in products}.values())
