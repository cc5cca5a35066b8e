"""Which features an architecture or constraint spec binds: by their product and their labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

EVERY_PRODUCT = "*"


class Reach(msgspec.Struct, frozen=True, array_like=True):
    """`product` is the spec's own, `products` those that it names, of which `*` is every product.

    Where `labels` is not None, it binds only features that carry one of these; where it is empty,
    none.
    """

    product: str
    products: tuple[str, ...] = ()
    labels: tuple[str, ...] | None = None

    def holds(self, product: str, labels: Iterable[str]) -> bool:
        """Whether a feature of this product that carries these labels is bound. Pure."""
        if product not in (self.product, *self.products) and EVERY_PRODUCT not in self.products:
            return False
        return self.labels is None or not set(self.labels).isdisjoint(labels)

    def may_meet(self, other: Reach) -> bool:
        """Whether a feature may carry a label of both; products are not looked at. Pure."""
        if self.labels is None or other.labels is None:
            return True
        return not set(self.labels).isdisjoint(other.labels)


def reach_of(meta: Mapping[str, Any]) -> Reach:
    """What front matter says of it; what is not of the right type is left out."""
    product, applies = meta.get("product"), meta.get("applies-to")
    if not isinstance(applies, dict):
        applies = {}
    return Reach(
        product=product if isinstance(product, str) else "",
        products=texts(applies.get("products")),
        labels=texts(applies["labels"]) if "labels" in applies else None,
    )


def texts(value: Any) -> tuple[str, ...]:
    """The texts of a list in front matter; none where it is no list."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
