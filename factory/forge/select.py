"""Which forge: GitHub inside a GitHub job or where a token is given, else this machine."""

from __future__ import annotations

import os
from pathlib import Path

from factory.forge.local import LocalForge
from factory.forge.protocol import Forge


def select(*, checks: Path | None = None) -> Forge:
    """GitHub in a GitHub Actions job (GITHUB_ACTIONS=true) or with FACTORY_TOKEN, else local.

    Args:
        checks: where the local forge keeps its checks.
    """
    if os.environ.get("GITHUB_ACTIONS") == "true" or os.environ.get("FACTORY_TOKEN"):
        from factory.forge.github import GitHubForge

        return GitHubForge.from_environment()
    return LocalForge(checks)
