"""A quick yes for the front matter that most specs have.

The schema decides; but importing what reads schemas takes longer than all else that the gate does
with one spec. So what surely fits is let through here, and the schema is asked about the rest.
A property test holds that whatever passes here fits the schema.
"""

from __future__ import annotations

import re
from typing import Any

_ID = re.compile(r"[a-z][a-z0-9-]{1,62}\Z")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}\Z")
PRIORITIES = ("low", "normal", "high", "urgent")
"""Of a spec that is ready, from the last to be built to the first."""
_NEEDED = frozenset(("id", "title", "kind", "status", "version", "product", "owner", "stakes"))
_KNOWN = _NEEDED | {"depends-on", "budget", "priority", "area"}


def surely_fits(data: Any) -> bool:
    """Whether data is front matter that the schema accepts for certain; False says nothing."""
    if not isinstance(data, dict) or not _NEEDED <= data.keys() <= _KNOWN:
        return False
    texts = [data[key] for key in ("id", "title", "product", "owner")]
    if not all(isinstance(one, str) for one in texts):
        return False
    version, wanted = data["version"], data.get("depends-on", [])
    return (
        bool(_ID.match(data["id"]) and _NAME.match(data["product"]) and data["owner"].strip())
        and data["title"].strip()
        and 3 <= len(data["title"]) <= 120
        and data["kind"] in ("feature", "architecture", "constraint")
        and data["status"] in ("draft", "ready", "paused", "retired")
        and data["stakes"] in ("low", "normal", "high")
        and type(version) is int
        and 1 <= version <= 1_000_000
        and isinstance(wanted, list)
        and all(isinstance(one, str) and _ID.match(one) for one in wanted)
        and _is_budget(data.get("budget", {}))
        and data.get("priority", "normal") in PRIORITIES
        and _is_area(data.get("area", "any"))
    )


def _is_area(area: Any) -> bool:
    return isinstance(area, str) and _NAME.match(area) is not None


def _is_budget(budget: Any) -> bool:
    if not isinstance(budget, dict) or not budget.keys() <= {"usd", "minutes", "attempts"}:
        return False
    return all(type(one) is int and one > 0 for one in budget.values()) and (
        budget.get("attempts", 1) <= 20 and budget.get("minutes", 1) <= 1_000_000
    )
