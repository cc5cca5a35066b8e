"""Running the subject's command, and its exit code and time."""

from __future__ import annotations

import re
import shlex

from scenario_runner.engine.context import ScenarioContext, shorten
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.sources import read_file
from scenario_runner.subject.command import DEFAULT_TIMEOUT_SECONDS, CommandRun

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,100}")


def _run(context: ScenarioContext, arguments: list[str], stdin: str | bytes) -> None:
    context.last_run = None
    run = context.subject.run(
        arguments,
        stdin=stdin,
        timeout_seconds=context.limit(DEFAULT_TIMEOUT_SECONDS),
        environment=context.command_environment,
    )
    note_run(context, arguments, run, stdin)


def note_run(
    context: ScenarioContext, arguments: list[str], run: CommandRun, stdin: str | bytes
) -> None:
    """The run becomes the last one, and goes into the private record."""
    context.last_run = run
    context.note(
        {
            "sent": {"arguments": arguments, "input": shorten(stdin)},
            "got": {
                "exit_code": run.exit_code,
                "output": shorten(run.output),
                "error_output": shorten(run.error_output),
                "seconds": round(run.elapsed_seconds, 4),
            },
        }
    )


def split(text: str) -> list[str]:
    """Words as a shell sees them. Raises StepFailed."""
    try:
        return shlex.split(text)
    except ValueError as problem:
        raise StepFailed(f"the arguments cannot be split: {problem}", seen=text) from None


def with_newline(text: str) -> str:
    """Doc strings stand for whole lines; nothing stands for nothing."""
    return text + "\n" if text and not text.endswith("\n") else text


@phrase(
    "the environment variable {name:string} is {value:string}",
    keyword="Given",
    about="All later runs of the scenario have it. Without such steps a run knows PATH, HOME and "
    "LANG alone. A subject that runs in a sandbox of its own does not get it.",
    example='Given the environment variable "TZ" is "UTC"',
)
def variable(context: ScenarioContext, name: str, value: str) -> None:
    if not _VARIABLE.fullmatch(name) or "\0" in value:
        raise StepFailed(f'"{name}" cannot be an environment variable', seen=name)
    context.command_environment[name] = value


@phrase(
    "I run it with {arguments:string}",
    keyword="When",
    about="Runs the command; arguments are split as a shell does, without a shell.",
    example="When I run it with \"report --month 2024-05 'my file.csv'\"",
)
def run_with(context: ScenarioContext, arguments: str) -> None:
    _run(context, split(arguments), "")


@phrase(
    "I run it with no arguments",
    keyword="When",
    about="Runs the command alone, with empty input.",
    example="When I run it with no arguments",
)
def run_plain(context: ScenarioContext) -> None:
    _run(context, [], "")


@phrase(
    "I run it with {arguments:string} and input:",
    keyword="When",
    about="Runs the command and feeds the doc string, with a newline at its end, to its input.",
    example='When I run it with "import -" and input:\n  """\n  date,amount\n  """',
    takes="text",
)
def run_with_input(context: ScenarioContext, arguments: str, text: str) -> None:
    _run(context, split(arguments), with_newline(text))


@phrase(
    "I run it with input:",
    keyword="When",
    about="Runs the command without arguments and feeds the doc string to its input.",
    example='When I run it with input:\n  """\n  date,amount\n  """',
    takes="text",
)
def run_input(context: ScenarioContext, text: str) -> None:
    _run(context, [], with_newline(text))


@phrase(
    "I run it with {arguments:string} and the file {name:string} as input",
    keyword="When",
    about="Feeds a file of the work folder to the command's input, byte for byte.",
    example='When I run it with "import -" and the file "may.csv" as input',
)
def run_with_file(context: ScenarioContext, arguments: str, name: str) -> None:
    _run(context, split(arguments), read_file(context, name))


@phrase(
    "the exit code is between {low:int} and {high:int}",
    keyword="Then",
    about="Of the last run, both ends included.",
    example="Then the exit code is between 1 and 2",
)
def exit_code_between(context: ScenarioContext, low: int, high: int) -> None:
    run = context.command_run()
    if not low <= run.exit_code <= high:
        raise StepFailed(
            f"the exit code is {run.exit_code}; the error output is: {shorten(run.error_output)}",
            expected=f"{low} to {high}",
            seen=run.exit_code,
        )


@phrase(
    "the exit code is {code:int}",
    keyword="Then",
    about="Of the last run; a signal N gives -N.",
    example="Then the exit code is 0",
)
def exit_code_is(context: ScenarioContext, code: int) -> None:
    run = context.command_run()
    if run.exit_code != code:
        raise StepFailed(
            f"the exit code is {run.exit_code}; the error output is: {shorten(run.error_output)}",
            expected=code,
            seen=run.exit_code,
        )


@phrase(
    "the exit code is not {code:int}",
    keyword="Then",
    about="Of the last run; a death by signal never satisfies this.",
    example="Then the exit code is not 0",
)
def exit_code_is_not(context: ScenarioContext, code: int) -> None:
    run = context.command_run()
    if run.exit_code == code or run.exit_code < 0:
        raise StepFailed("the exit code differs", expected=f"not {code}", seen=run.exit_code)


@phrase(
    "the run takes at most {seconds:number} second(s)",
    keyword="Then",
    about="From start to exit of the last run.",
    example="Then the run takes at most 2 seconds",
)
def run_takes(context: ScenarioContext, seconds: float) -> None:
    seen = context.command_run().elapsed_seconds
    if seen > seconds:
        raise StepFailed("the run took too long", expected=seconds, seen=round(seen, 3))
