"""What an agent is doing, in one line that is safe to print."""

from __future__ import annotations

import re
from collections.abc import Sequence

from factory.counted import counted

LINE_LIMIT = 100
_LOOKED_AT = 20 * LINE_LIMIT
# GitHub's log takes `##[…]` for a command of the runner wherever it stands in a line.
_COMMAND = re.compile(r"##\[")


def narrated(number: int, say: str, tools: Sequence[str]) -> str:
    """`step 3: <first words> (2 calls)`; the words are the agent's, so only their letters count."""
    words = " ".join(say[:_LOOKED_AT].split())
    words = "".join(letter for letter in words if letter.isprintable())
    words = _COMMAND.sub("## [", words)
    if len(words) > LINE_LIMIT:
        words = words[: LINE_LIMIT - 1] + "…"
    calls = counted(len(tools), "call")
    return f"step {number}: {words} ({calls})" if words else f"step {number} ({calls})"
