"""Usage figures counted as the Messages API counts them: by prefix, cached at the marks."""

from __future__ import annotations

import hashlib
import json
from typing import Any

SMALLEST_PREFIX = 1024
"""A shorter prefix is not cached."""
LOOKBACK = 20
"""So many blocks before a mark are looked at for an earlier entry."""


def count(value: Any) -> int:
    """About one token for four bytes, and one for each block."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return len(text.encode()) // 4 + 1


def prompt_tokens(body: dict[str, Any]) -> int:
    """The tokens of a request's prompt, for all that is in it."""
    return sum(count(block) for block in _blocks(body))


class Cache:
    """Prefixes written so far, for each key."""

    def __init__(self) -> None:
        self._written: set[str] = set()

    def usage(self, body: dict[str, Any]) -> dict[str, int]:
        """Input figures for a request; what it marks is cached from now on."""
        blocks = _blocks(body)
        digest = hashlib.sha256(str(body["model"]).encode())
        total, prefixes, marks = 0, [], []
        for block in blocks:
            plain = {name: value for name, value in block.items() if name != "cache_control"}
            digest.update(json.dumps(plain, sort_keys=True).encode())
            total += count(plain)
            prefixes.append((digest.hexdigest(), total))
            if "cache_control" in block and total >= SMALLEST_PREFIX:
                marks.append(len(prefixes) - 1)
        read = written = 0
        for mark in marks:
            for identity, tokens in prefixes[max(0, mark - LOOKBACK) : mark + 1]:
                if identity in self._written:
                    read = max(read, tokens)
        if marks:
            written = max(prefixes[marks[-1]][1] - read, 0)
            self._written.update(prefixes[mark][0] for mark in marks)
        return {
            "input_tokens": max(total - read - written, 0),
            "cache_creation_input_tokens": written,
            "cache_read_input_tokens": read,
        }


def _blocks(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Tools, system, messages: the order in which prefixes grow."""
    system = body.get("system") or []
    if isinstance(system, str):
        system = [{"type": "text", "text": system}]
    found = [*body.get("tools", []), *system]
    for message in body["messages"]:
        content = message["content"]
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        found += [{**block, "role": message["role"]} for block in content]
    return found
