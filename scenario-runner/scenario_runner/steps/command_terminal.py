"""A command in a terminal, for programs that ask questions; needs the package pexpect."""

from __future__ import annotations

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.command import note_run, split
from scenario_runner.subject.terminal import Terminal

_KEY = "command_terminal"
_KEYS = {
    "Enter": "\r",
    "Tab": "\t",
    "Escape": "\x1b",
    "Backspace": "\x7f",
    "Space": " ",
    "Up": "\x1b[A",
    "Down": "\x1b[B",
    "Right": "\x1b[C",
    "Left": "\x1b[D",
    "Ctrl-C": "\x03",
    "Ctrl-D": "\x04",
}


def _terminal(context: ScenarioContext) -> Terminal:
    if _KEY not in context.kept:
        raise StepFailed("no terminal yet; add a step such as: When I start it in a terminal with")
    return context.kept[_KEY][0]  # type: ignore[no-any-return]


@phrase(
    "I start it in a terminal with {arguments:string}",
    keyword="When",
    about="Starts the command in a terminal of 80 columns; an empty text gives no arguments.",
    example='When I start it in a terminal with "setup"',
)
def start(context: ScenarioContext, arguments: str) -> None:
    context.last_run = None
    words = split(arguments)
    terminal = context.subject.start_in_terminal(words, environment=context.command_environment)
    context.kept[_KEY] = (terminal, words)
    context.closing.append(terminal.close)


@phrase(
    "within {seconds:number} second(s) the terminal shows {text:string}",
    keyword="Then",
    about="After what an earlier such step found.",
    example='Then within 2 seconds the terminal shows "Your name?"',
)
def shows(context: ScenarioContext, seconds: float, text: str) -> None:
    _terminal(context).wait_for(text, seconds)


@phrase(
    "I answer {text:string} in the terminal",
    keyword="When",
    about="Types the text and Enter.",
    example='When I answer "Ann" in the terminal',
)
def answer(context: ScenarioContext, text: str) -> None:
    _terminal(context).send(text + _KEYS["Enter"])


@phrase(
    "I press {key:string} in the terminal",
    keyword="When",
    about=f"One key: a character, {', '.join(_KEYS)}.",
    example='When I press "Ctrl-C" in the terminal',
)
def press(context: ScenarioContext, key: str) -> None:
    if len(key) != 1 and key not in _KEYS:
        raise StepFailed(f'"{key}" is no key', expected=", ".join(_KEYS), seen=key)
    _terminal(context).send(_KEYS.get(key, key))


@phrase(
    "the program in the terminal ends within {seconds:number} second(s)",
    keyword="Then",
    about="Steps about the exit code and the output, which is all that was shown, follow.",
    example="Then the program in the terminal ends within 2 seconds",
)
def ends(context: ScenarioContext, seconds: float) -> None:
    terminal = _terminal(context)
    note_run(context, context.kept[_KEY][1], terminal.finish(seconds), "")
