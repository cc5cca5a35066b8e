"""Orders and candidates for a commit whose author took no order of ours.

They are the records of every run, so that evaluating, deciding, redacting and signing know no
second kind. What an outside author does not have is left empty, not made up: no agent of ours
(`outside`), no brief, no money, one attempt, no holding branch. Such a candidate cannot ship.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from factory.config.factory_file import Configuration
from factory.digest import digest_of
from factory.errors import ConfigurationError
from factory.moment import moment_text
from factory.pipeline.judge.base import Base
from factory.pipeline.judge.suites import Folder
from factory.records import (
    AgentOutcome,
    AgentProfile,
    Budget,
    Candidate,
    Product,
    Requirement,
    SpecText,
    WorkOrder,
)
from factory.spec.document import SpecDocument

OUTSIDE = AgentProfile(name="outside", uses="outside")
NO_BUDGET = Budget(usd=0.0, spec_usd=0.0, attempts=1)


def orders(
    base: Base,
    products: Mapping[str, Product],
    folders: Mapping[str, Folder],
    *,
    now: datetime,
) -> list[WorkOrder]:
    """One order for each spec of these products that has scenarios, sorted by id.

    A folder of scenarios without any spec of its id is judged by the tags in it.

    Raises:
        ConfigurationError: it has no spec, and which of several products it is about is not said.
    """
    run_id = f"{now.astimezone(UTC):%Y%m%dt%H%M%S}-{secrets.token_hex(4)}"
    made = []
    for spec, product in sorted(_judged(base, products, folders), key=lambda pair: pair[0].id):
        made.append(_order(spec, product, base.configuration, base.commit, run_id, now))
    return made


def candidate_of(order: WorkOrder, commit: str, tree_id: str) -> Candidate:
    """The commit as a candidate for one order."""
    return Candidate(
        work_order=order,
        commit=commit,
        tree_id=tree_id,
        branch=None,
        changed_paths=0,
        agent=AgentOutcome(ended="finished", usd_known=False),
        spent_usd=0.0,
    )


def _judged(
    base: Base, products: Mapping[str, Product], folders: Mapping[str, Folder]
) -> Iterator[tuple[SpecText, Product]]:
    known = {one.id: one for one in base.documents}
    for name, folder in folders.items():
        document = known.get(name)
        if document is None:
            yield _by_tags(folder, base.specs_commit), _only(products, name)
        elif _counts(document) and document.meta["product"] in products:
            path = os.path.relpath(document.path, base.specs_folder)
            spec = document.as_record(base.specs_commit, path)
            yield spec, products[document.meta["product"]]


def _counts(document: SpecDocument) -> bool:
    return document.meta.get("status") == "ready" and document.kind == "feature"


def _only(products: Mapping[str, Product], folder: str) -> Product:
    if len(products) > 1:
        raise ConfigurationError(
            f"scenarios/{folder} has no spec, and this repository holds {len(products)} products",
            mend=f"write a spec {folder} that names its product",
        )
    return next(iter(products.values()))


def _by_tags(folder: Folder, commit: str) -> SpecText:
    """What stands in for the spec of a folder that has none: the ids in its tags."""
    text = "\n".join(folder.requirements)
    return SpecText(
        id=folder.name,
        title=folder.name.replace("-", " ").capitalize(),
        version=folder.answers_version or 1,
        path=f"scenarios/{folder.name}",
        commit=commit,
        digest=digest_of(text),
        text=text,
        requirements=tuple(
            Requirement(id=one, text="", line=number)
            for number, one in enumerate(folder.requirements, 1)
        ),
    )


def _order(
    spec: SpecText,
    product: Product,
    configuration: Configuration,
    base_commit: str,
    run_id: str,
    now: datetime,
) -> WorkOrder:
    return WorkOrder(
        run_id=run_id,
        nonce=secrets.token_hex(16),
        created_at=moment_text(now),
        spec=spec,
        product=product,
        base_commit=base_commit,
        agent=OUTSIDE,
        budget=NO_BUDGET,
        sandbox=configuration.sandbox,
        brief="",
        leak_left_bits=configuration.leak_bits,
    )
