"""What tests of command-line agents need: a stand-in in a cell and its service."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from messages_api.bench import assignment, profile

from command_line_agents.service import ScriptedService, installed
from factory.agents.protocol import Assignment
from factory.agents.select import select
from factory.records import AgentOutcome, Budget
from factory.sandbox.protocol import Sandbox

KEY = "sk-test-KEYKEYKEYKEYKEYKEYKEYKEY"
KINDS = ("claude-code", "codex", "gemini", "mini-swe-agent")
MODELS = {
    "claude-code": "claude-sonnet-4-5",
    "codex": "gpt-5.2-codex",
    "gemini": "gemini-2.5-pro",
    "mini-swe-agent": "anthropic/claude-sonnet-4-5",
}
VARIABLES = {
    "claude-code": "ANTHROPIC_API_KEY",
    "codex": "OPENAI_API_KEY",
    "gemini": "GEMINI_API_KEY",
    "mini-swe-agent": "ANTHROPIC_API_KEY",
}
PRICES = {
    name: {"input": 3, "cache-write": 3.75, "cache-read": 0.3, "output": 15}
    for name in ("gpt-5.2-codex", "gemini-2.5-pro")
}
TURN_USD = 1000 * 3e-6 + 200 * 3.75e-6 + 300 * 0.3e-6 + 50 * 15e-6
"""What one turn of the stand-ins costs."""


def working(*commands: str, say: str = "Looking.", **more: Any) -> dict[str, Any]:
    """A scripted turn with shell commands."""
    return {"say": say, "commands": list(commands), **more}


class Bench:
    """Runs one kind's stand-in on an assignment below `folder`."""

    def __init__(self, folder: Path, sandbox: Sandbox, monkeypatch: Any) -> None:
        self.folder, self.sandbox = folder, sandbox
        self.files = installed(folder / "files")
        self.said: list[str] = []
        self.given: Assignment | None = None
        for name in VARIABLES.values():
            monkeypatch.setenv(name, KEY)

    def run(
        self,
        kind: str,
        turns: list[dict[str, Any]],
        *,
        budget: Budget | None = None,
        asked: Callable[[int], None] = lambda number: None,
        key: str = KEY,
        **options: Any,
    ) -> AgentOutcome:
        """The outcome; `given` is the assignment, `said` the lines of progress."""
        self.given = assignment(
            self.folder,
            budget=budget or Budget(usd=5, spec_usd=5, minutes=2, steps=20),
            feedback="R1 is not met: a@b.example.",
            progress=self.said.append,
        )
        with ScriptedService(turns, key=key, asked=asked) as service:
            options.setdefault("base_url", f"https://{service.host}/v1")
            options.setdefault("model", MODELS[kind])
            if kind in ("codex", "gemini"):
                options.setdefault("prices", PRICES)
            options = {name: value for name, value in options.items() if value is not None}
            agent = select(profile(kind, files=str(self.files), **options))
            return agent.work(self.given, self.sandbox)
