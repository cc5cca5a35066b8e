"""One thing the gate found: what, on which line, and how to mend it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`line` and `column` are 1-based; `path` is as the user would name the file."""

    rule: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    mend: str

    def to_data(self) -> dict[str, Any]:
        """The shape of `factory check --json`."""
        return asdict(self)
