"""Findings for tests of what prints them: one by hand, and hostile ones by hypothesis."""

from __future__ import annotations

import string
from typing import Any

from hypothesis import strategies as st

from factory.spec.finding import Finding

HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from(list(":,%|`[]{}()#\r\n\t \x1b\x00\u202e\u200d\ufeff\u0301界👍")),
        st.characters(codec="utf-8"),
    ),
    max_size=80,
) | st.sampled_from(
    [
        "::error::x",
        "a\n::error::b",
        "##[error]x",
        "\x1b[31mred\x1b[0m",
        "\u202egnp.exe",
        "[text](1) {0} {{x}}",
        "%0A::warning::z",
    ]
)
# What a file system takes for the name of a file; bytes that are no UTF-8 are surrogates.
PATHS = st.text(
    alphabet=st.one_of(
        st.sampled_from(list(":,%-\n\t |`'\"é界.\udcff" + string.ascii_letters)),
        st.characters(codec="utf-8", exclude_characters="/\x00"),
    ),
    min_size=1,
    max_size=30,
).filter(lambda name: name not in (".", ".."))
FINDINGS = st.builds(
    Finding,
    rule=st.sampled_from(["vague-word", "passive", "unreadable", "of-another-version"]),
    severity=st.sampled_from(["error", "warning"]),
    path=PATHS.map(lambda name: f"specs/{name}"),
    line=st.integers(1, 50),
    column=st.integers(1, 200),
    message=HOSTILE,
    mend=HOSTILE,
)


class Written:
    """Stands for `Sources`: every file has this line, or none."""

    def __init__(self, line: str | None) -> None:
        self._line = line

    def line(self, path: str, number: int) -> str | None:
        return self._line


def finding(**changes: Any) -> Finding:
    """A finding in specs/a.md."""
    values: dict[str, Any] = {
        "rule": "vague-word",
        "severity": "error",
        "path": "specs/a.md",
        "line": 3,
        "column": 18,
        "message": '"fast" has no measure',
        "mend": "say in how many milliseconds",
    }
    return Finding(**{**values, **changes})
