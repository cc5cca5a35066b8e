"""Several subjects in one scenario."""

from __future__ import annotations

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase


@phrase(
    "the subject is {name:string}",
    keyword="Given",
    about="Later steps of the scenario talk to the subject of that name, given by "
    '--subject NAME=…; "default" is the one without a name. Each has cookies of its own.',
    example='Given the subject is "billing"',
)
def talk_to(context: ScenarioContext, name: str) -> None:
    context.talk_to(name)
