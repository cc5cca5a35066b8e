"""Whether the last run wrote anything at all."""

from __future__ import annotations

from scenario_runner.engine.context import ScenarioContext, shorten
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed


def _must_be_empty(what: str, seen: str) -> None:
    if seen.strip():
        raise StepFailed(f"{what} is not empty", expected="", seen=shorten(seen))


@phrase(
    "the output is empty",
    keyword="Then",
    about="Nothing but white space was written.",
    example="Then the output is empty",
)
def output_empty(context: ScenarioContext) -> None:
    _must_be_empty("the output", context.command_run().output)


@phrase(
    "the error output is empty",
    keyword="Then",
    about="Nothing but white space was written.",
    example="Then the error output is empty",
)
def errors_empty(context: ScenarioContext) -> None:
    _must_be_empty("the error output", context.command_run().error_output)
