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
