"""Codex: `codex exec --json`, which tells its tokens at the end and never its cost."""

from __future__ import annotations

from typing import Any

from factory.agents.command_line.adapter import HOME, OPENAI, Adapter, Launch, Service, Settings
from factory.agents.command_line.events import Event, JsonLines, Told
from factory.agents.command_line.figures import Implausible, count, mapping, text
from factory.agents.prices import Tokens
from factory.records import Budget

_SERVICE = Service(
    variable="CODEX_API_KEY", ours=("OPENAI_API_KEY", "CODEX_API_KEY"), host=OPENAI.host
)
# What agents of its own use is not in its report; the others are asked for elsewhere.
_LEFT_OUT = ("multi_agent", "plugins", "apps", "image_generation")
_REFUSALS = ("401 Unauthorized", "403 Forbidden")
# Items that are an action, with the fields that say what was asked.
_ACTIONS = {
    "command_execution": ("command",),
    "file_change": ("changes",),
    "mcp_tool_call": ("server", "tool", "arguments"),
    "collab_tool_call": ("tool", "prompt"),
    "web_search": ("query",),
}


def launch(settings: Settings, budget: Budget, brief: str) -> Launch:
    """Neither approvals nor its own sandbox, the cell is the wall; no web search, no saved files.

    `exec` knows no limit of cost or turns: the stream is watched for those instead.
    """
    words = [settings.program, "exec", "--json", "--color", "never", "--skip-git-repo-check"]
    words += ["--ephemeral", "--ignore-user-config", "--ignore-rules"]
    words += ["--dangerously-bypass-approvals-and-sandbox", "--model", settings.model]
    words += ["-c", "web_search=disabled", "-c", "analytics.enabled=false"]
    for feature in _LEFT_OUT:
        words += ["--disable", feature]
    words += ["-c", f"model_reasoning_effort={settings.effort}"] if settings.effort else []
    words += ["-c", f"openai_base_url={settings.base_url}"] if settings.base_url else []
    environment = {"CODEX_HOME": f"{HOME}/.codex"}
    # Codex refuses a CODEX_HOME that does not exist.
    return Launch(
        argv=(*words, "-"), environment=environment, home={".codex/.keep": ""}, stdin=brief
    )


class CodexReader(JsonLines):
    """`item.completed` for all that was done, `turn.completed` with the usage of the whole turn."""

    def __init__(self) -> None:
        super().__init__()
        self._message = ""

    def event(self, data: dict[str, Any]) -> list[Event]:
        kind = data.get("type")
        if kind == "item.completed":
            return self._done(mapping(data.get("item"), "item"))
        if kind == "turn.completed":
            used = {"": _tokens(mapping(data.get("usage"), "usage"))}
            self.told = Told(ended="finished", message=self._message, used=used)
        elif kind == "turn.failed":
            said = text(mapping(data.get("error"), "error").get("message"))
            refused = any(one in said for one in _REFUSALS)
            self.told = Told(ended="refused" if refused else "failed", message=said)
        elif not isinstance(kind, str):
            raise Implausible("a line without `type`")
        return []

    def _done(self, item: dict[str, Any]) -> list[Event]:
        kind, identity = str(item.get("type")), str(item.get("id"))
        if kind in ("agent_message", "reasoning", "plan"):
            words = text(item.get("text"))
            self._message = words if kind == "agent_message" else self._message
            self.step.said(words)
            return []
        if kind == "error":
            self.step.said(f"[{text(item.get('message'))}]")
            return []
        if kind not in _ACTIONS:
            return []
        self.step.called(identity, kind, {name: item.get(name) for name in _ACTIONS[kind]})
        code = item.get("exit_code")
        self.step.answered(
            identity,
            text(item.get("aggregated_output")) or str(item.get("status", ""))[:200],
            is_error=item.get("status") in ("failed", "declined"),
            exit_code=code if type(code) is int and abs(code) < 2**31 else None,
        )
        return self.step.taken()


def _tokens(usage: dict[str, Any]) -> Tokens:
    """Its input counts what came from the cache and what was written to it."""
    total, cached = count(usage, "input_tokens"), count(usage, "cached_input_tokens")
    written = count(usage, "cache_write_input_tokens", 0)
    if cached + written > total:
        raise Implausible("`cached_input_tokens` is more than `input_tokens`")
    return Tokens(
        input=total - cached - written,
        cache_read=cached,
        cache_write=written,
        output=count(usage, "output_tokens"),
    )


ADAPTER = Adapter(
    kind="codex",
    program="codex",
    checked="0.171.0",
    service=lambda _model: _SERVICE,
    launch=launch,
    reader=CodexReader,
)
