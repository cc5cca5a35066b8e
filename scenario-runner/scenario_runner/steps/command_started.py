"""A command that is started and left running: what it says meanwhile, signals, its end."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

from scenario_runner.engine.context import ScenarioContext, shorten
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.command import note_run, split
from scenario_runner.steps.files import exists
from scenario_runner.steps.sources import file_text
from scenario_runner.subject.started import StartedCommand, Stream

_KEY = "command_started"
_PATIENCE_SECONDS = 10.0


def _start(context: ScenarioContext, arguments: list[str]) -> None:
    _stop(context)
    context.last_run = None
    command = context.subject.start(arguments, environment=context.command_environment)
    context.kept[_KEY] = (command, arguments)
    context.closing.append(command.close)


def _stop(context: ScenarioContext) -> None:
    if _KEY in context.kept:
        command = _started(context)
        command.close()
        context.closing.remove(command.close)
        del context.kept[_KEY]


def _started(context: ScenarioContext) -> StartedCommand:
    if _KEY not in context.kept:
        raise StepFailed("nothing was started yet; add a step such as: When I start it with")
    return context.kept[_KEY][0]  # type: ignore[no-any-return]


def _finish(context: ScenarioContext, seconds: float) -> None:
    run = _started(context).finish(seconds)
    note_run(context, context.kept[_KEY][1], run, "")


@phrase(
    "I start it with {arguments:string}",
    keyword="When",
    about="Starts the command and goes on; it ends with the scenario at the latest.",
    example='When I start it with "serve --port 8123"',
)
def start_with(context: ScenarioContext, arguments: str) -> None:
    _start(context, split(arguments))


@phrase(
    "I start it with no arguments",
    keyword="When",
    about="Starts the command alone and goes on; it ends with the scenario at the latest.",
    example="When I start it with no arguments",
)
def start_plain(context: ScenarioContext) -> None:
    _start(context, [])


def _signals(verb: str, number: signal.Signals, about: str) -> None:
    @phrase(f"I {verb} it", keyword="When", about=about, example=f"When I {verb} it")
    def send(context: ScenarioContext) -> None:
        _started(context).signal(number)

    past = {"interrupt": "interrupted", "terminate": "terminated", "kill": "killed"}[verb]

    @phrase(
        f"the command is started with {{arguments:string}} and {past} after {{seconds:number}} "
        "second(s)",
        keyword="When",
        about=f"{about} Waits up to 10 seconds for its end, which is then the last run.",
        example=f'When the command is started with "watch" and {past} after 0.5 seconds',
    )
    def start_and_send(context: ScenarioContext, arguments: str, seconds: float) -> None:
        _start(context, split(arguments))
        time.sleep(seconds)
        _started(context).signal(number)
        _finish(context, _PATIENCE_SECONDS)


_signals(
    "interrupt",
    signal.SIGINT,
    "What Ctrl-C does: SIGINT to the command and its children, none inside a sandbox.",
)
_signals("terminate", signal.SIGTERM, "Asks the started command to end: SIGTERM.")
_signals("kill", signal.SIGKILL, "Ends the started command without asking: SIGKILL.")


@phrase(
    "the command is killed and started again",
    keyword="When",
    about="SIGKILL to it and its children, then a start with the same arguments in the same work "
    "folder.",
    example="When the command is killed and started again",
)
def again(context: ScenarioContext) -> None:
    _started(context)
    _start(context, context.kept[_KEY][1])


@phrase(
    "I type {text:string} into it",
    keyword="When",
    about="Writes a line to the input of the started command.",
    example='When I type "quit" into it',
)
def type_into(context: ScenarioContext, text: str) -> None:
    _started(context).type_line(text)


@phrase(
    "I close its input",
    keyword="When",
    about="The started command sees the end of its input.",
    example="When I close its input",
)
def close_input(context: ScenarioContext) -> None:
    _started(context).close_input()


def _says(stream: Stream) -> None:
    @phrase(
        f"within {{seconds:number}} second(s) the {stream} contains {{text:string}}",
        keyword="Then",
        about="Of the started command, from its start; waits no longer than it must.",
        example=f'Then within 5 seconds the {stream} contains "ready"',
    )
    def says(context: ScenarioContext, seconds: float, text: str) -> None:
        command = _started(context)
        if not command.wait_for(stream, text, seconds):
            raise StepFailed(
                f"the {stream} lacks the text after {seconds:g} s",
                expected=text,
                seen=shorten(command.text(stream)),
            )


_says("output")
_says("error output")


@phrase(
    "it ends within {seconds:number} second(s)",
    keyword="Then",
    about="The started command ends by then; steps about the exit code and the output follow.",
    example="Then it ends within 2 seconds",
)
def ends_within(context: ScenarioContext, seconds: float) -> None:
    _finish(context, seconds)


@phrase(
    "it is still running",
    keyword="Then",
    about="The started command has not ended.",
    example="Then it is still running",
)
def still_running(context: ScenarioContext) -> None:
    if not _started(context).running:
        raise StepFailed("the command has ended", seen=shorten(_started(context).text("output")))


@phrase(
    "within {seconds:number} second(s) the file {name:string} exists",
    keyword="Then",
    about="Something of that name comes into the work folder before the time is up.",
    example='Then within 2 seconds the file "ready.txt" exists',
)
def file_comes(context: ScenarioContext, seconds: float, name: str) -> None:
    for _ in _looks(seconds):
        if exists(context, name):
            return
    raise StepFailed(f'there is no file "{name}" after {seconds:g} s')


@phrase(
    "within {seconds:number} second(s) the file {name:string} contains {text:string}",
    keyword="Then",
    about="The file comes, and the text comes into it, before the time is up.",
    example='Then within 2 seconds the file "app.log" contains "ready"',
)
def file_comes_to_contain(context: ScenarioContext, seconds: float, name: str, text: str) -> None:
    seen = ""
    for _ in _looks(seconds):
        seen = file_text(context, name) if exists(context, name) else ""
        if text in seen:
            return
    raise StepFailed(
        f'the file "{name}" lacks the text after {seconds:g} s', expected=text, seen=shorten(seen)
    )


def _looks(seconds: float) -> Iterator[None]:
    """A first look, and further ones until the time is up."""
    deadline = time.monotonic() + seconds
    yield
    while time.monotonic() < deadline:
        time.sleep(0.02)
        yield
