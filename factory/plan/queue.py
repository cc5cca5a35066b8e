"""Which specs are to be built now, in which order, and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from factory.errors import UsageError
from factory.plan.shipped import Shipped
from factory.spec.document import SpecDocument


@dataclass(frozen=True, kw_only=True)
class Choice:
    """`ready` in the order to build; `waiting` says for each other spec asked for why not."""

    ready: tuple[SpecDocument, ...]
    waiting: Mapping[str, str]


def choose(
    documents: Sequence[SpecDocument], shipped: Mapping[str, Shipped], wanted: Sequence[str]
) -> Choice:
    """Choose what to build. Pure.

    Args:
        documents: every spec; ids are unique and dependencies form no circle (the gate's word).
        shipped: product name → what its base branch holds.
        wanted: spec ids to restrict to; empty for all.

    Raises:
        UsageError: a wanted id does not exist.
    """
    known = {one.id: one for one in documents}
    for spec_id in wanted:
        if spec_id not in known:
            raise UsageError(
                f"there is no spec {spec_id!r}", mend=f"known: {', '.join(sorted(known)) or 'none'}"
            )
    ready: list[SpecDocument] = []
    waiting: dict[str, str] = {}
    for document in documents:
        if wanted and document.id not in wanted:
            continue
        reason = _why_not(document, known, shipped)
        if reason:
            waiting[document.id] = reason
        else:
            ready.append(document)
    return Choice(ready=tuple(sorted(ready, key=lambda one: one.id)), waiting=waiting)


def _why_not(
    document: SpecDocument, known: Mapping[str, SpecDocument], shipped: Mapping[str, Shipped]
) -> str:
    meta = document.meta
    # A draft has not passed the gate: of all its keys only this one is sure to be there.
    if meta.get("status") != "ready":
        return f"has status {meta.get('status')}"
    if meta["kind"] != "feature":
        return f"is of kind {meta['kind']}, which binds others and is not built by itself"
    commit = _shipped_commit(document, shipped)
    if commit:
        return f"version {meta['version']} has shipped as {commit[:12]}"
    for wanted in meta.get("depends-on", ()):
        other = known[wanted]
        if other.meta.get("kind") == "feature" and not _shipped_commit(other, shipped):
            return f"waits for {wanted}, which has not shipped"
    return ""


def _shipped_commit(document: SpecDocument, shipped: Mapping[str, Shipped]) -> str | None:
    """Another spec than the wanted one may not have passed the gate and hold anything."""
    of_product = shipped.get(str(document.meta.get("product")), {})
    version = document.meta.get("version")
    return of_product.get(document.id, {}).get(version) if isinstance(version, int) else None
