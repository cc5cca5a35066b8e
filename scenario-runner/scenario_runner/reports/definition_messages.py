"""Step definitions as Cucumber Messages: those of the library and those of the suite."""

from __future__ import annotations

import re
from typing import Any

from scenario_runner.engine import phrases
from scenario_runner.engine.phrases import LibraryStep
from scenario_runner.engine.values import TYPES
from scenario_runner.model import Step
from scenario_runner.reports.evidence import Definition, Evidence, StepSeen
from scenario_runner.reports.gherkin_messages import Ids, Message

# Cucumber has types of its own by these two names, for something narrower, and takes no others by
# them: ours stay undescribed.
_BUILT_IN = ("int", "string")


class Definitions:
    """Gives each definition that a step of the run is bound to an id, and says what it is."""

    def __init__(self, evidence: Evidence, ids: Ids) -> None:
        self._library: dict[str, str] = {}
        self._suite: dict[Definition, str] = {}
        # By a step's text: the phrases that fit it, each with what its parameters found there.
        self._fitting: dict[str, list[tuple[LibraryStep, Message]]] = {}
        self.messages: list[Message] = []
        used: dict[str, LibraryStep] = {}
        for seen in evidence.scenarios:
            for number, step in enumerate(seen.scenario.steps):
                went = seen.went(number)
                if went is not None and went.definition is not None:
                    self._suite.setdefault(went.definition, "")
                elif step.text not in self._fitting:
                    fitting = [each for each, _ in phrases.matches(step.text)]
                    used.update((each.phrase, each) for each in fitting)
                    self._fitting[step.text] = [
                        (each, _arguments(each, step.text)) for each in fitting
                    ]
        types = {kind.name for phrase in used.values() for kind in phrase.types}
        self.messages += [_parameter_type(name, ids) for name in sorted(types - {*_BUILT_IN})]
        for phrase in used.values():
            self._library[phrase.phrase] = ids.get_next_id()
            self.messages.append(_library_step(phrase, self._library[phrase.phrase]))
        for definition in self._suite:
            self._suite[definition] = ids.get_next_id()
            self.messages.append(_suite_step(definition, self._suite[definition]))

    def of(self, step: Step, went: StepSeen | None) -> tuple[list[str], list[Message]]:
        """The ids of the definitions that fit, and the arguments each found in the text. For
        definitions of the suite no arguments are told: their patterns run in the suite's own
        process alone."""
        if went is not None and went.definition is not None:
            return [self._suite[went.definition]], [{"stepMatchArguments": []}]
        fitting = self._fitting[step.text]
        return (
            [self._library[phrase.phrase] for phrase, _ in fitting],
            [arguments for _, arguments in fitting],
        )


def _arguments(phrase: LibraryStep, text: str) -> Message:
    match = phrase.pattern.fullmatch(text)
    assert match is not None
    found = [
        {
            "group": {"start": match.start(number), "value": match.group(number)},
            "parameterTypeName": kind.name,
        }
        for number, kind in enumerate(phrase.types, 1)
    ]
    return {"stepMatchArguments": found}


def _parameter_type(name: str, ids: Ids) -> Message:
    return {
        "parameterType": {
            "id": ids.get_next_id(),
            "name": name,
            "regularExpressions": [TYPES[name].pattern],
            "preferForRegularExpressionMatch": False,
            "useForSnippets": False,
        }
    }


def _library_step(phrase: LibraryStep, identity: str) -> Message:
    code: Any = phrase.function.__code__
    place = phrase.function.__module__.replace(".", "/") + ".py"
    expression = phrases.PARAMETER.sub(r"{\2}", phrase.phrase.replace("/", r"\/"))
    return _message(identity, expression, "CUCUMBER_EXPRESSION", place, code.co_firstlineno)


def _suite_step(definition: Definition, identity: str) -> Message:
    kind, source = "REGULAR_EXPRESSION", definition.pattern
    if not definition.regex:
        source = f"^{re.escape(definition.pattern)}$"
    return _message(identity, source, kind, definition.path, definition.line)


def _message(identity: str, source: str, kind: str, path: str, line: int) -> Message:
    return {
        "stepDefinition": {
            "id": identity,
            "pattern": {"source": source, "type": kind},
            "sourceReference": {"uri": path, "location": {"line": line}},
        }
    }
