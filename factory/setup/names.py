"""The names that workflows, documentation and settings share."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

VERDICT = "factory / verdict"
GATE = "factory / gate"
HOLDING_BRANCH = "factory/hold/any/run"
"""One of those that hold pushes, to ask for their rules; it need not be there."""
ENVIRONMENTS = ("factory-build", "factory-evaluate", "factory-push", "factory-verdict")
EVALUATE = "factory-evaluate"
PUSH = "factory-push"
SCENARIOS_KEY = "FACTORY_SCENARIOS_KEY"
KNOWN_HOSTS = "FACTORY_SCENARIOS_KNOWN_HOSTS"
READ_TOKEN = "FACTORY_READ_TOKEN"  # noqa: S105
PUSH_TOKEN = "FACTORY_PUSH_TOKEN"  # noqa: S105
STATUS_TOKEN = "FACTORY_STATUS_TOKEN"  # noqa: S105
APP_KEY = "FACTORY_APP_PRIVATE_KEY"
APP_ID = "FACTORY_APP_ID"
MODEL_KEYS = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY")


def pushes_by_token(secrets: AbstractSet[str]) -> bool:
    """Whether the environment of these secrets pushes by a token, which no rule lets through."""
    return PUSH_TOKEN in secrets and APP_KEY not in secrets
