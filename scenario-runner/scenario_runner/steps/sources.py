"""One check said of several sources: the response body, the output, a file, a remembered value.

A check is written once, over a phrase that holds SOURCE; each source registers it in its own words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from scenario_runner import safe_files, strict_json
from scenario_runner.engine.context import ScenarioContext, shorten
from scenario_runner.engine.phrases import Takes, phrase
from scenario_runner.errors import StepFailed
from scenario_runner.http_client import Response

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """`words` stand in the phrase, `shown` in its example; `read(context, *parameters)` raises
    StepFailed where there is nothing to read."""

    words: str
    shown: str
    read: Callable[..., Any]

    @property
    def parameters(self) -> int:
        return self.words.count("{")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a source held, and how to speak of it: `the file "a.csv"`."""

    what: str
    value: Any


def read_file(context: ScenarioContext, name: str) -> bytes:
    """A file of the work folder. Raises StepFailed."""
    data = safe_files.read(context.work_folder, name)
    if data is None:
        raise StepFailed(f'there is no file "{name}"')
    return data


def file_text(context: ScenarioContext, name: str) -> str:
    return read_file(context, name).decode("utf-8", "replace")


def response_json(response: Response) -> Any:
    """Raises StepFailed when the body is no strict JSON."""
    return json_of("the body", response.body)


def json_of(what: str, text: str | bytes) -> Any:
    """Raises StepFailed when the text is no strict JSON."""
    try:
        return strict_json.loads(text)
    except ValueError as problem:
        raise StepFailed(f"{what} is not JSON: {problem}", seen=shorten(text)) from None


TEXTS = (
    Source("the output", "the output", lambda context: context.command_run().output),
    Source(
        "the error output", "the error output", lambda context: context.command_run().error_output
    ),
    Source("the response body", "the response body", lambda context: context.answer().text),
    Source("the file {name:string}", 'the file "report.txt"', file_text),
    Source("the value {value:string}", 'the value "${code}"', lambda _context, value: value),
)
DOCUMENTS = (
    Source(
        "the response JSON", "the response JSON", lambda context: response_json(context.answer())
    ),
    Source(
        "the output JSON",
        "the output JSON",
        lambda context: json_of("the output", context.command_run().output),
    ),
    Source(
        "the JSON of the file {name:string}",
        'the JSON of the file "report.json"',
        lambda context, name: json_of(f'the file "{name}"', read_file(context, name)),
    ),
)


def check(
    sources: Sequence[Source],
    text: str,
    *,
    about: str,
    example: str,
    takes: Takes | None = None,
    keyword: str = "Then",
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register `function(context, seen, *values[, block])` for every source.

    `text` and `example` hold the word SOURCE; the values are those of the phrase's own parameters.
    """
    before = text.split("SOURCE")[0].count("{")

    def register(function: Callable[..., None]) -> Callable[..., None]:
        for source in sources:
            phrase(
                text.replace("SOURCE", source.words),
                keyword=keyword,
                about=about,
                example=f"{keyword} {example.replace('SOURCE', source.shown)}",
                takes=takes,
                family=text,
            )(_bound(function, source, before))
        return function

    return register


def _bound(function: Callable[..., None], source: Source, before: int) -> Callable[..., None]:
    after = before + source.parameters
    what = source.words.partition(" {")[0]

    def step(context: ScenarioContext, *values: Any) -> None:
        own = values[before:after]
        named = what + "".join(f' "{each}"' for each in own)
        seen = Seen(named, source.read(context, *own))
        function(context, seen, *values[:before], *values[after:])

    step.__module__, step.__doc__ = function.__module__, function.__doc__
    return step
