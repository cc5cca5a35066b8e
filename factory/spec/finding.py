"""One thing the gate found: what, on which line, and how to mend it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from factory.spec.document import SpecDocument

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


def finding_in(
    document: SpecDocument,
    rule: str,
    message: str,
    mend: str,
    *,
    line: int = 1,
    column: int = 1,
    severity: Severity = "error",
) -> Finding:
    """A finding in a spec: an error in its first line and column unless they are given."""
    return Finding(
        rule=rule,
        severity=severity,
        path=document.path,
        line=line,
        column=column,
        message=message,
        mend=mend,
    )
