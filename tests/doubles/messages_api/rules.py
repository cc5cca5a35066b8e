"""What the Messages API refuses, as far as an agent can run into it."""

from __future__ import annotations

from typing import Any

FORCED = ("any", "tool")
SAMPLING = ("temperature", "top_p", "top_k")


class Refused(Exception):
    """A request the API answers with an error."""

    def __init__(self, message: str, status: int = 400, kind: str = "invalid_request_error"):
        super().__init__(message)
        self.status, self.kind = status, kind


def check(body: Any) -> None:
    """Raise Refused where the API would not take this request."""
    _fields(body, ("model", "max_tokens", "messages"))
    if type(body["max_tokens"]) is not int or body["max_tokens"] < 1:
        raise Refused("max_tokens: Input should be greater than or equal to 1")
    _prompt(body)


def check_count(body: Any) -> None:
    """Raise Refused where the API would not count the tokens of this request."""
    _fields(body, ("model", "messages"))
    extra = sorted(set(body) & {"max_tokens", "stream", "metadata", "stop_sequences"})
    if extra:
        raise Refused(f"{extra[0]}: Extra inputs are not permitted")
    _prompt(body)


def _fields(body: Any, names: tuple[str, ...]) -> None:
    if not isinstance(body, dict):
        raise Refused("the body must be an object")
    for name in names:
        if name not in body:
            raise Refused(f"{name}: Field required")


def _prompt(body: dict[str, Any]) -> None:
    if not isinstance(body["messages"], list) or not body["messages"]:
        raise Refused("messages: at least one message is required")
    if any(name in body for name in SAMPLING):
        raise Refused("sampling parameters are not supported on this model")
    if (body.get("tool_choice") or {}).get("type") in FORCED:
        raise Refused("forced tool use is not supported on this model")
    _tools(body.get("tools", []))
    _roles(body["messages"])
    _blocks(body["messages"])
    _pairs(body["messages"])
    marks = _marks(body)
    if marks > 4:
        raise Refused(f"A maximum of 4 blocks with cache_control may be provided. Found {marks}.")


def _tools(tools: list[dict[str, Any]]) -> None:
    built_in = {"bash_20250124": "bash", "text_editor_20250728": "str_replace_based_edit_tool"}
    names = [tool.get("name") for tool in tools]
    if len(set(names)) != len(names):
        raise Refused("tools: Tool names must be unique.")
    for tool in tools:
        if tool.get("type", "custom") == "custom":
            if tool.get("input_schema", {}).get("type") != "object":
                raise Refused("tools: input_schema.type must be object")
        elif built_in.get(tool["type"]) != tool.get("name"):
            raise Refused(f"tools: unknown tool type or name: {tool['type']}")


def _roles(messages: list[dict[str, Any]]) -> None:
    # The API merges neighbours of one role; an agent that sends them has lost count.
    for number, message in enumerate(messages):
        wanted = ("user", "assistant")[number % 2]
        if message.get("role") != wanted:
            raise Refused(f"messages.{number}: roles must alternate, expected {wanted}")
    if messages[-1]["role"] != "user":
        raise Refused("This model does not support assistant message prefill.")


def _blocks(messages: list[dict[str, Any]]) -> None:
    for number, message in enumerate(messages):
        content = message.get("content")
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        if not content:
            raise Refused(f"messages.{number}: content must be non-empty")
        for block in content:
            if block["type"] == "text" and not block["text"].strip():
                raise Refused("messages: text content blocks must be non-empty")
            if block["type"] == "tool_use" and not isinstance(block.get("input"), dict):
                raise Refused("tool_use.input: Input should be a valid dictionary")
            if block["type"] == "thinking" and not block.get("signature"):
                raise Refused("thinking.signature: Field required")
        if message["role"] == "assistant" and content[-1]["type"] == "thinking":
            raise Refused("The final block in an assistant message cannot be `thinking`.")


def _pairs(messages: list[dict[str, Any]]) -> None:
    asked: list[str] = []
    for number, message in enumerate(messages):
        content = message["content"] if isinstance(message["content"], list) else []
        answered = [b["tool_use_id"] for b in content if b["type"] == "tool_result"]
        unknown = [identity for identity in answered if identity not in asked]
        if unknown:
            raise Refused(f"unexpected `tool_use_id` found in `tool_result` blocks: {unknown[0]}")
        missing = [identity for identity in asked if identity not in answered]
        if missing:
            raise Refused(
                f"messages.{number - 1}: `tool_use` ids were found without `tool_result` blocks "
                f"immediately after: {', '.join(missing)}"
            )
        asked = [b["id"] for b in content if b["type"] == "tool_use"]
        if len(set(asked)) != len(asked):
            raise Refused("`tool_use` ids must be unique")


def _marks(value: Any) -> int:
    if isinstance(value, dict):
        return ("cache_control" in value) + sum(_marks(item) for item in value.values())
    return sum(_marks(item) for item in value) if isinstance(value, list) else 0
