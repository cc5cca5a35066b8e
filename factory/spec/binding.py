"""Which architecture and constraint specs bind a feature spec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from factory.spec.document import SpecDocument
from factory.spec.reach import reach_of, texts

KINDS = ("architecture", "constraint")


def bound(feature: SpecDocument, library: Iterable[SpecDocument]) -> tuple[SpecDocument, ...]:
    """The ready architecture and constraint specs that bind a feature. Pure.

    Each binds the features of its own product and of `applies-to.products` (`*` is every
    product); where `applies-to.labels` is given, only those that carry one of these labels.

    Args:
        feature: the spec to be built; it may still break the gate.
        library: all specs; what breaks the gate may be among them, and then binds nothing.

    Returns:
        Architecture before constraints, each by id.
    """
    return _of_status(("ready",), feature, library)


def not_yet_bound(
    feature: SpecDocument, library: Iterable[SpecDocument]
) -> tuple[SpecDocument, ...]:
    """Those that would bind it, as `bound` says, if they were not drafts or paused. Pure."""
    return _of_status(("draft", "paused"), feature, library)


def _of_status(
    statuses: tuple[str, ...], feature: SpecDocument, library: Iterable[SpecDocument]
) -> tuple[SpecDocument, ...]:
    found = [
        one
        for one in library
        if one.meta.get("status") in statuses and _is_about(one.meta, feature)
    ]
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.meta["kind"]), one.id, one.path)))


def _is_about(meta: Mapping[str, Any], feature: SpecDocument) -> bool:
    if meta.get("kind") not in KINDS:
        return False
    product, labels = feature.meta.get("product"), texts(feature.meta.get("labels"))
    return isinstance(product, str) and reach_of(meta).holds(product, labels)


def products_of(binding: SpecDocument) -> set[str]:
    """The products that a spec may bind features of, as written; none of a feature's."""
    if binding.meta.get("kind") not in KINDS:
        return set()
    reach = reach_of(binding.meta)
    return {reach.product, *reach.products}
