"""What a step takes for granted of its subject: routes, fields, statuses, commands, messages."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from urllib.parse import parse_qsl

from factory.scenarios.outline import Step
from factory.scenarios.page_uses import page_uses
from factory.scenarios.text import REFERENCE, keys, leaves, parsed
from factory.scenarios.use import Use

# What is not there, or is anything else, cannot be unfair to a product that keeps to its spec.
_NEGATED = re.compile(r" (?:is not|does not|is absent|is unchanged)\b")
# Of every HTTP exchange, whatever a spec says of it.
_USUAL_HEADERS = frozenset(("accept", "content-type", "host"))
_EXPECTED_TEXT = re.compile(
    r"(?:the (?:error )?output|line \{number:int\} of the output|the file \{name:string\}"
    r"|the response body|the response JSON at|the response header|the response JSON is)"
)
_MESSAGE = re.compile(r"the (?:error output|response body) contains")


def uses(step: Step) -> Iterator[Use]:
    """What one step of the library uses; of a suite's own step nothing is known."""
    phrase, values = step.phrase, step.values
    if phrase is None:
        return
    if "method" in values:
        yield from _request(step)
    if _NEGATED.search(phrase):
        return
    if phrase.startswith("the exit code"):
        yield Use("exit code", values["code"], values["code"])
    for number in re.findall(r"\d{3}", f"{values.get('status', '')} {values.get('statuses', '')}"):
        yield Use("status", number, number)
    if " JSON at {path:string}" in phrase:
        for part in values["path"].split("."):
            if part and not part.isdecimal() and not REFERENCE.search(part):
                yield Use("field", part, part)
    if phrase.startswith(("the request header", "the response header")):
        name = values["name"]
        if not (phrase.startswith("the request") and name.lower() in _USUAL_HEADERS):
            yield Use("header", name, name)
    if phrase.startswith("I remember the response header"):
        yield Use("header", values["header"], values["header"])
    if "arguments" in values:
        yield from _arguments(values["arguments"])
    yield from page_uses(step)
    if step.asserts:
        yield from _expected(step)


def words_given(steps: tuple[Step, ...]) -> str:
    """All that the steps give to the subject or make up, in lower case: it may come back."""
    return "\n".join(one.written for one in steps if not one.asserts).casefold()


def arguments(text: str) -> list[str]:
    """A command line's words as the runner splits them; empty where it cannot be split."""
    try:
        return shlex.split(text)
    except ValueError:
        return []


def _request(step: Step) -> Iterator[Use]:
    path = step.values["path"]
    if not REFERENCE.match(path):
        yield Use("route", f"{step.values['method']} {path}", path)
    for name, _ in parse_qsl(path.partition("?")[2], keep_blank_values=True):
        yield Use("field", name, name)
    if step.docstring is not None:
        for key in keys(parsed(step.docstring)):
            yield Use("field", key, f'"{key}"')


def _arguments(text: str) -> Iterator[Use]:
    words = arguments(text)
    if words and re.fullmatch(r"[a-z][a-z0-9-]*", words[0]):
        yield Use("command", words[0], words[0])
    for word in words:
        if word == "--":
            return
        option = re.match(r"--[A-Za-z][\w-]*|-[A-Za-z](?![\w$-])", word)
        if option:
            yield Use("option", option[0], option[0])


def _expected(step: Step) -> Iterator[Use]:
    phrase, values = step.phrase or "", step.values
    if not _EXPECTED_TEXT.match(phrase):
        return
    if "pattern" in values:
        yield Use("pattern", values["pattern"], values["pattern"])
        return
    block = step.docstring
    if block is not None and ("JSON" in phrase):
        data = parsed(block)
        yield from (Use("field", key, f'"{key}"') for key in keys(data))
        yield from (Use("text", leaf, leaf) for leaf in leaves(data))
    elif block is not None:
        yield from (Use("text", line, line) for line in block.split("\n") if line.strip())
    for number, row in enumerate(step.table or ()):
        for cell in row:
            yield Use("field" if number == 0 else "text", cell, cell)
    text = values.get("text")
    if text is not None:
        yield Use("message" if _MESSAGE.match(phrase) else "text", text, text)
    value = values.get("value")
    if value is not None and phrase.startswith("the response JSON at"):
        data = parsed(value)
        yield from (Use("field", key, key) for key in keys(data))
        yield from (Use("text", leaf, leaf) for leaf in leaves(data))
    elif value is not None:
        yield Use("text", value, value)
