"""Gemini CLI: `gemini --output-format stream-json`, which tells its tokens and never its cost."""

from __future__ import annotations

import json
from typing import Any

from factory.agents.command_line.adapter import BRIEF, GEMINI, HOME, Adapter, Launch, Settings
from factory.agents.command_line.events import Event, JsonLines, Told
from factory.agents.command_line.figures import Implausible, count, mapping, text
from factory.agents.prices import Tokens
from factory.records import Budget

# `@path` and `/word` in a prompt are commands to it, so it reads the brief as a file.
_PROMPT = f"Read the file {BRIEF} to its end. It holds your task: carry it out in full."
_ENDINGS = {"FatalTurnLimitedError": "steps", "FatalAuthenticationError": "refused"}


def launch(settings: Settings, budget: Budget, brief: str) -> Launch:
    """No approvals, the cell is the wall; its tools for the web are left out, and its reports."""
    words = [settings.program, "--output-format", "stream-json", "--approval-mode", "yolo"]
    words += ["--skip-trust", "--model", settings.model]
    words += ["--include-directories", BRIEF.rpartition("/")[0], "--prompt", _PROMPT]
    own = {
        "security": {"auth": {"selectedType": "gemini-api-key"}},
        "tools": {"exclude": ["google_web_search", "web_fetch"]},
        "model": {"maxSessionTurns": budget.steps},
        "privacy": {"usageStatisticsEnabled": False},
        "telemetry": {"enabled": False},
        "general": {"enableAutoUpdate": False},
    }
    environment = {"GEMINI_CLI_HOME": HOME}
    if settings.base_url:
        environment["GOOGLE_GEMINI_BASE_URL"] = settings.base_url
    return Launch(
        argv=tuple(words),
        environment=environment,
        home={".gemini/settings.json": json.dumps(own)},
    )


class GeminiReader(JsonLines):
    """`message` in pieces, `tool_use` and `tool_result` by `tool_id`, one `result` with `stats`."""

    def __init__(self) -> None:
        super().__init__()
        self._message: list[str] = []

    def event(self, data: dict[str, Any]) -> list[Event]:
        kind = data.get("type")
        if kind == "message" and data.get("role") == "assistant":
            words = text(data.get("content"))
            self._message.append(words[:4000])
            del self._message[:-100]
            self.step.said(words, joined=data.get("delta") is True)
        elif kind == "tool_use":
            self._message.clear()
            self.step.called(
                str(data.get("tool_id")), str(data.get("tool_name")), data.get("parameters")
            )
        elif kind == "tool_result":
            failed = data.get("status") != "success"
            error = data.get("error")
            words = text(data.get("output"))
            if failed and isinstance(error, dict):
                words = words or text(error.get("message"))
            self.step.answered(str(data.get("tool_id")), words, is_error=failed)
            return self.step.taken() if self.step.whole else []
        elif kind == "error":
            self.step.said(f"[{text(data.get('message'))}]")
        elif kind == "result":
            self.told = self._last(data)
        elif not isinstance(kind, str):
            raise Implausible("a line without `type`")
        return []

    def _last(self, data: dict[str, Any]) -> Told:
        models = mapping(mapping(data.get("stats"), "stats").get("models"), "models")
        used = {name: _tokens(mapping(one, name)) for name, one in models.items()}
        if data.get("status") == "success":
            return Told(ended="finished", message="".join(self._message), used=used)
        error = data.get("error")
        told = error if isinstance(error, dict) else {}
        ended: Any = _ENDINGS.get(str(told.get("type")), "failed")
        return Told(ended=ended, message=text(told.get("message")), used=used)


def _tokens(stats: dict[str, Any]) -> Tokens:
    """Its `output_tokens` leave out what the model thought, which is in the total and is paid."""
    prompt, cached = count(stats, "input_tokens"), count(stats, "cached")
    total = count(stats, "total_tokens")
    if cached > prompt or total < prompt + count(stats, "output_tokens"):
        raise Implausible("`total_tokens` is less than its parts")
    return Tokens(input=prompt - cached, cache_read=cached, output=total - prompt)


ADAPTER = Adapter(
    kind="gemini",
    program="gemini",
    checked="0.61.0",
    service=lambda _model: GEMINI,
    launch=launch,
    reader=GeminiReader,
)
