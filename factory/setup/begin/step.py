"""One thing that is to be there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["make", "there", "differs"]
Kind = Literal[
    "repository", "files", "label", "environment", "branch", "deploy-key", "secret", "variable",
    "ruleset",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that is to be there. `what` tells a person, `data` is what it is made of.

    Where it `differs`, it is left alone, and `mend` says what a person may do.
    """

    kind: Kind
    repository: str
    what: str
    state: State
    data: Mapping[str, Any] = field(default_factory=dict)
    mend: str = ""
