"""Claude Code: `claude -p --output-format stream-json`, which tells its cost itself."""

from __future__ import annotations

from typing import Any

from factory.agents.command_line.adapter import ANTHROPIC, HOME, Adapter, Launch, Settings
from factory.agents.command_line.events import Event, JsonLines, Told
from factory.agents.command_line.figures import Implausible, added, count, mapping, text, usd
from factory.agents.prices import Tokens
from factory.records import Budget

_TOOLS = "Bash,Edit,Glob,Grep,Read,Write"
_ENDINGS = {"error_max_budget_usd": "budget", "error_max_turns": "steps"}


def launch(settings: Settings, budget: Budget, brief: str) -> Launch:
    """Its own tools without those for the web; no permission is asked, the cell is the wall.

    Safe mode leaves out hooks, plugins and settings that the product's repository may hold.
    """
    words = [settings.program, "-p", "--output-format", "stream-json", "--verbose"]
    words += ["--max-budget-usd", f"{budget.usd:.6f}", "--max-turns", str(budget.steps)]
    words += ["--model", settings.model]
    words += ["--effort", settings.effort] if settings.effort else []
    words += ["--permission-mode", "bypassPermissions", "--tools", _TOOLS]
    words += ["--safe-mode", "--strict-mcp-config", "--no-session-persistence"]
    environment = {
        "CLAUDE_CONFIG_DIR": f"{HOME}/.claude",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
        "IS_SANDBOX": "1",
    }
    if settings.base_url:
        environment["ANTHROPIC_BASE_URL"] = settings.base_url
    return Launch(argv=tuple(words), environment=environment, stdin=brief)


class ClaudeReader(JsonLines):
    """An `assistant` line for each block of an answer, a `user` line for each result, one `result`.

    The usage of `assistant` lines is that of the answer's beginning: its input, next to no output.
    """

    def __init__(self) -> None:
        super().__init__()
        self._answer = ""
        self._counted: set[str] = set()

    def event(self, data: dict[str, Any]) -> list[Event]:
        kind = data.get("type")
        if kind == "assistant":
            return self._said(mapping(data.get("message"), "message"))
        if kind == "user":
            return self._answered(mapping(data.get("message"), "message"))
        if kind == "result":
            self.told = _told(data)
        elif not isinstance(kind, str):
            raise Implausible("a line without `type`")
        return []

    def _said(self, message: dict[str, Any]) -> list[Event]:
        identity = str(message.get("id"))[:200]
        done = self.step.taken() if identity != self._answer and not self.step.open else []
        self._answer = identity
        if identity not in self._counted and "usage" in message:
            self._counted.add(identity)
            self.step.tokens = added(self.step.tokens, _tokens(mapping(message["usage"], "usage")))
        for block in _blocks(message):
            if block.get("type") == "text":
                self.step.said(text(block.get("text")))
            elif block.get("type") == "tool_use":
                self.step.called(str(block.get("id")), str(block.get("name")), block.get("input"))
        return done

    def _answered(self, message: dict[str, Any]) -> list[Event]:
        for block in _blocks(message):
            if block.get("type") == "tool_result":
                identity, words = str(block.get("tool_use_id")), text(block.get("content"))
                self.step.answered(identity, words, is_error=block.get("is_error") is True)
        return self.step.taken() if self.step.whole else []


def _blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message.get("content")
    return [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []


def _told(data: dict[str, Any]) -> Told:
    subtype, failed = data.get("subtype"), data.get("is_error") is not False
    said = text(data.get("result")) or text(data.get("errors"))
    ended: Any = _ENDINGS.get(str(subtype), "failed")
    if data.get("api_error_status") in (401, 403):
        ended = "refused"
    elif subtype == "success" and not failed:
        ended = "finished"
    models = mapping(data.get("modelUsage", {}), "modelUsage")
    used = {name: _used(mapping(one, name)) for name, one in models.items()}
    return Told(
        ended=ended, message=said, usd=usd(data, "total_cost_usd"), used=used if used else None
    )


def _used(data: dict[str, Any]) -> Tokens:
    return Tokens(
        input=count(data, "inputTokens"),
        cache_write=count(data, "cacheCreationInputTokens"),
        cache_read=count(data, "cacheReadInputTokens"),
        output=count(data, "outputTokens"),
    )


def _tokens(usage: dict[str, Any]) -> Tokens:
    return Tokens(
        input=count(usage, "input_tokens", 0),
        cache_write=count(usage, "cache_creation_input_tokens", 0),
        cache_read=count(usage, "cache_read_input_tokens", 0),
        output=count(usage, "output_tokens", 0),
    )


ADAPTER = Adapter(
    kind="claude-code",
    program="claude",
    checked="2.1.197",
    service=lambda _model: ANTHROPIC,
    launch=launch,
    reader=ClaudeReader,
    reports_usd=True,
)
