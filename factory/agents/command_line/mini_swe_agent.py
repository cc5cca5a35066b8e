"""mini-swe-agent: the command `mini`, which rewrites its trajectory file after each step."""

from __future__ import annotations

import json
from typing import Any

from factory.agents.command_line.adapter import (
    ANTHROPIC,
    GEMINI,
    HOME,
    OPENAI,
    Adapter,
    Launch,
    Service,
    Settings,
)
from factory.agents.command_line.events import Event, JsonLines, Told
from factory.agents.command_line.figures import (
    Implausible,
    added,
    count,
    mapping,
    parsed,
    text,
    usd,
)
from factory.agents.prices import Tokens
from factory.records import Budget

OUTPUT = "trajectory.json"
_FORMAT = "mini-swe-agent-1."
_COMMAND_SECONDS = 120
_SERVICES = {
    "anthropic": ANTHROPIC, "claude": ANTHROPIC,
    "openai": OPENAI, "gpt": OPENAI,
    "gemini": GEMINI,
}  # fmt: skip


def service(model: str) -> Service | None:
    """By the provider in the model's name, as in `anthropic/claude-…`, or by its first word."""
    return _SERVICES.get(model.partition("/")[0]) or _SERVICES.get(model.partition("-")[0])


def launch(settings: Settings, budget: Budget, brief: str) -> Launch:
    """It asks nobody; its own limits are the budget's. The task is given as a file: it may be long.

    A model that litellm has no price for is not refused: we look at the tokens ourselves.
    """
    words = [settings.program, "--yolo", "--exit-immediately", "--model", settings.model]
    words += ["--cost-limit", f"{budget.usd:.6f}", "--output", f"{HOME}/{OUTPUT}"]
    words += ["--config", "mini.yaml", "--config", f"{HOME}/task.yaml"]
    own: dict[str, Any] = {
        "run": {"task": brief},
        "agent": {"step_limit": budget.steps},
        "environment": {"timeout": _COMMAND_SECONDS},
        "model": {"model_kwargs": {}},
    }
    if settings.effort:
        own["model"]["model_kwargs"]["reasoning_effort"] = settings.effort
    if settings.base_url:
        own["model"]["model_kwargs"]["api_base"] = settings.base_url
    environment = {
        "MSWEA_CONFIGURED": "true",
        "MSWEA_SILENT_STARTUP": "1",
        "MSWEA_GLOBAL_CONFIG_DIR": f"{HOME}/mini",
        "MSWEA_COST_TRACKING": "ignore_errors",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }
    # YAML reads JSON, but for escaped pairs of surrogates.
    return Launch(
        argv=tuple(words),
        environment=environment,
        home={"task.yaml": json.dumps(own, ensure_ascii=False)},
    )


class MiniReader(JsonLines):
    """Reads the newest state of the file; what it prints is for people and says nothing.

    A file that is half written, or not there yet, adds nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen = 0
        self._used: Tokens = Tokens()
        self._last = ""

    def line(self, line: bytes) -> list[Event]:
        """See `Reader.line`."""
        return []

    def file(self, data: bytes) -> list[Event]:
        """See `Reader.file`."""
        try:
            state = parsed(data)
        except Implausible:
            return []
        try:
            return self._grown(state)
        except Implausible as fault:
            self.fault(str(fault))
            return []

    def _grown(self, state: dict[str, Any]) -> list[Event]:
        messages = state.get("messages")
        named = str(state.get("trajectory_format"))
        if not isinstance(messages, list) or not named.startswith(_FORMAT):
            raise Implausible(f"its trajectory is not of the format {_FORMAT}x")
        if len(messages) < self._seen or (self.told is not None and len(messages) > self._seen):
            raise Implausible("its trajectory was changed afterwards")
        found: list[Event] = []
        for message in messages[self._seen :]:
            self._seen += 1
            found += self._message(mapping(message, "message"))
        if messages and mapping(messages[-1], "message").get("role") == "exit":
            found += self.step.taken()
            told = self._told(mapping(state.get("info"), "info"), messages[-1])
            if self.told is not None and told != self.told:
                raise Implausible("its trajectory was changed afterwards")
            self.told = told
        return found

    def _message(self, message: dict[str, Any]) -> list[Event]:
        extra = message.get("extra")
        extra = extra if isinstance(extra, dict) else {}
        if message.get("role") == "assistant":
            done = self.step.taken()
            tokens = _tokens(extra)
            self._used = added(self._used, tokens)
            self.step.tokens = tokens
            self._last = text(message.get("content"))
            self.step.said(self._last)
            actions = extra.get("actions")
            for action in actions if isinstance(actions, list) else ():
                if isinstance(action, dict):
                    values = {"command": action.get("command")}
                    self.step.called(str(action.get("tool_call_id")), "bash", values)
            return done
        code = extra.get("returncode")
        self.step.answered(
            str(message.get("tool_call_id")),
            text(extra.get("raw_output")) or text(extra.get("exception_info")),
            is_error=code != 0,
            exit_code=code if type(code) is int and 0 <= code < 2**31 else None,
        )
        return self.step.taken() if self.step.whole else []

    def _told(self, info: dict[str, Any], last: dict[str, Any]) -> Told:
        stats = mapping(info.get("model_stats"), "model_stats")
        cost, calls = usd(stats, "instance_cost"), count(stats, "api_calls")
        extra = mapping(last.get("extra"), "extra")
        status = str(extra.get("exit_status"))
        said = text(extra.get("submission")).strip() or self._last or status
        limits = mapping(mapping(info.get("config", {}), "config").get("agent", {}), "agent")
        ended: Any = {
            "Submitted": "finished",
            "TimeExceeded": "deadline",
            "LimitsExceeded": "steps" if calls == limits.get("step_limit") else "budget",
            "AuthenticationError": "refused",
        }.get(status, "failed")
        if ended in ("failed", "refused"):
            said = f"{status}: {text(last.get('content'))}"
        # Without litellm's price its cost is 0, which is not what it was.
        return Told(ended=ended, message=said, usd=cost or None, used={"": self._used})


def _tokens(extra: dict[str, Any]) -> Tokens:
    """Of one answer, in the form of the Chat Completions API, in which prompt counts the cached."""
    response = extra.get("response")
    usage = response.get("usage") if isinstance(response, dict) else None
    if not isinstance(usage, dict):
        return Tokens()
    prompt, output = count(usage, "prompt_tokens"), count(usage, "completion_tokens")
    told = usage.get("prompt_tokens_details")
    details = {key: value for key, value in told.items() if value} if isinstance(told, dict) else {}
    read, written = count(details, "cached_tokens", 0), count(details, "cache_write_tokens", 0)
    if read + written > prompt:
        raise Implausible("`cached_tokens` is more than `prompt_tokens`")
    return Tokens(
        input=prompt - read - written, cache_read=read, cache_write=written, output=output
    )


ADAPTER = Adapter(
    kind="mini-swe-agent",
    program="mini",
    checked="2.4.6",
    service=service,
    launch=launch,
    reader=MiniReader,
    output=OUTPUT,
)
