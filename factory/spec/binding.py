"""Which architecture and constraint specs bind a feature spec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from factory.spec.document import SpecDocument

KINDS = ("architecture", "constraint")
EVERY_PRODUCT = "*"


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
    products, labels = applies_to(meta)
    product = feature.meta.get("product")
    if not isinstance(product, str) or (
        product not in (meta.get("product"), *products) and EVERY_PRODUCT not in products
    ):
        return False
    return labels is None or bool(set(labels) & set(texts(feature.meta.get("labels"))))


def products_of(binding: SpecDocument) -> set[str]:
    """The products that a spec may bind features of, as written; none of a feature's."""
    meta = binding.meta
    if meta.get("kind") not in KINDS:
        return set()
    return {str(meta.get("product")), *applies_to(meta)[0]}


def applies_to(meta: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """The products and the labels that `applies-to` names; None where it says nothing of labels.

    Args:
        meta: front matter that may break its schema; what is not of the right type is left out.
    """
    applies = meta.get("applies-to")
    if not isinstance(applies, dict):
        return (), None
    labels = texts(applies["labels"]) if "labels" in applies else None
    return texts(applies.get("products")), labels


def texts(value: Any) -> tuple[str, ...]:
    """The texts of a list in front matter; none where it is no list."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
