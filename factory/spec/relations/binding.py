"""Which spec binds which, by what is remembered of both."""

from __future__ import annotations

from factory.spec.facts import Facts

# Retired specs bind nobody; drafts and paused ones may still change.
LIVE = ("ready", "draft", "paused")


def binds(binding: Facts, feature: Facts) -> bool:
    """Whether an architecture or constraint spec is about a feature: by product, or by label."""
    products, labels = binding.applies_to
    return (
        binding.product == feature.product or feature.product in products or "*" in products
    ) and (not labels or bool(set(labels) & set(feature.labels)))


def bind_alike(one: Facts, other: Facts) -> bool:
    """Whether a feature of their product may be bound by both: those of two labels need not."""
    labels, others = set(one.applies_to[1]), set(other.applies_to[1])
    return not labels or not others or not labels.isdisjoint(others)
