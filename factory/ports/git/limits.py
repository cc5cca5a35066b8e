"""How much a tree may hold, in either direction."""

from __future__ import annotations

from dataclasses import dataclass

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds on a tree. GitHub warns from 50 MiB a file on and refuses 100 MiB.

    `entries` counts files and links, on the way in folders too; `depth` counts the components
    of a path.
    """

    file_bytes: int = 50 * _MEBIBYTE
    total_bytes: int = 500 * _MEBIBYTE
    entries: int = 50_000
    depth: int = 64


LIMITS = Limits()
