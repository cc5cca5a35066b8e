"""The feature files as Cucumber Messages: source, gherkinDocument, pickles, parse errors.

Both the document and the pickles are made by Cucumber's own parser and compiler.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scenario_runner.model import Scenario
from scenario_runner.reports.evidence import Evidence

Message = dict[str, Any]
Place = tuple[str, int]

_MEDIA_TYPE = "text/x.cucumber.gherkin+plain"


class Ids:
    """Ids of one stream; also what the parser and the compiler take as their generator."""

    def __init__(self) -> None:
        self._last = 0

    def get_next_id(self) -> str:
        self._last += 1
        return str(self._last)


@dataclass
class Gherkin:
    """The messages of every file, and the pickle of each scenario by path and line."""

    messages: list[Message] = field(default_factory=list)
    pickles: dict[Place, Message] = field(default_factory=dict)


def read(evidence: Evidence, ids: Ids) -> Gherkin:
    """What is wrong with a file, and stands on no scenario's lines, is a parseError."""
    found = Gherkin()
    steps = {(each.scenario.path, each.scenario.line): each.scenario for each in evidence.scenarios}
    for path, data in evidence.inventory.sources.items():
        text = data.decode("utf-8", "replace").replace("\r\n", "\n")
        found.messages.append({"source": {"uri": path, "data": text, "mediaType": _MEDIA_TYPE}})
        document = _parse(text, ids)
        if document is not None:
            found.messages.append({"gherkinDocument": {**document, "uri": path}})
            for pickle in _compile({**document, "uri": path}, ids):
                place = (path, int(pickle["location"]["line"]))
                _as_run(pickle, steps.get(place))
                found.messages.append({"pickle": pickle})
                found.pickles[place] = pickle
        for error in evidence.errors:
            if error.path == path:
                reference = {"uri": path, "location": {"line": max(error.line, 1)}}
                found.messages.append(
                    {"parseError": {"source": reference, "message": error.message}}
                )
    return found


def _parse(text: str, ids: Ids) -> Mapping[str, Any] | None:
    from gherkin.ast_builder import AstBuilder
    from gherkin.parser import Parser

    builder: Any = AstBuilder(ids)  # type: ignore[arg-type]
    try:
        document: Any = Parser(builder).parse(text)
    except Exception:
        return None  # the inventory has said what is wrong with it
    return dict(document)


def _compile(document: Mapping[str, Any], ids: Ids) -> Iterator[Message]:
    from gherkin.pickles.compiler import Compiler

    compiler: Any = Compiler(ids)  # type: ignore[arg-type]
    for pickle in compiler.compile(document):
        yield dict(pickle)


def _as_run(pickle: Message, scenario: Scenario | None) -> None:
    """Where a value of an outline itself holds `<name>`, the compiler renders that too; what
    ran is what the inventory says."""
    if scenario is None or len(scenario.steps) != len(pickle["steps"]):
        return
    pickle["name"] = scenario.name
    for shown, step in zip(pickle["steps"], scenario.steps, strict=True):
        shown["text"] = step.text
