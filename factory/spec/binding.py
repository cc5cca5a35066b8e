"""Which architecture and constraint specs bind a feature spec."""

from __future__ import annotations

from collections.abc import Iterable
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
    found = [one for one in library if _binds(one, feature)]
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.meta["kind"]), one.id, one.path)))


def _binds(binding: SpecDocument, feature: SpecDocument) -> bool:
    meta = binding.meta
    if meta.get("status") != "ready" or meta.get("kind") not in KINDS:
        return False
    applies = meta.get("applies-to")
    applies = applies if isinstance(applies, dict) else {}
    product = feature.meta.get("product")
    products = [meta.get("product"), *_texts(applies.get("products"))]
    if not isinstance(product, str) or (
        product not in products and EVERY_PRODUCT not in products[1:]
    ):
        return False
    labels = _texts(applies.get("labels"))
    return "labels" not in applies or bool(set(labels) & set(_texts(feature.meta.get("labels"))))


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
