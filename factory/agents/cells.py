"""What the processes of an agent's cell may use."""

from __future__ import annotations

import math

from factory.records import Budget
from factory.sandbox.protocol import MEBIBYTE, Limits

CPUS = 4
"""Processor time is bounded as if so many processors were busy for the whole attempt."""


def limits(budget: Budget, *, memory_bytes: int = 2048 * MEBIBYTE) -> Limits:
    """Room for compilers and test runners, for as long as the attempt may last."""
    return Limits(
        memory_bytes=memory_bytes,
        processes=512,
        cpu_seconds=max(900, math.ceil(CPUS * budget.minutes * 60)),
        scratch_bytes=1024 * MEBIBYTE,
    )
