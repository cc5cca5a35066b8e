"""Files in the scenario's work folder, which is the folder where the command runs."""

from __future__ import annotations

from scenario_runner import safe_files
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.command import with_newline
from scenario_runner.steps.output import Rows, must_be_csv, must_contain, must_equal, must_lack


def _write(context: ScenarioContext, name: str, data: bytes) -> None:
    try:
        safe_files.write(context.work_folder, name, data)
    except safe_files.UnsafeFile as problem:
        raise StepFailed(str(problem)) from None
    context.written[name] = data


def _read(context: ScenarioContext, name: str) -> bytes:
    try:
        data = safe_files.read(context.work_folder, name)
    except safe_files.UnsafeFile as problem:
        raise StepFailed(str(problem)) from None
    if data is None:
        raise StepFailed(f'there is no file "{name}"')
    return data


def _text(context: ScenarioContext, name: str) -> str:
    return _read(context, name).decode("utf-8", "replace")


def _exists(context: ScenarioContext, name: str) -> bool:
    try:
        return safe_files.exists(context.work_folder, name)
    except safe_files.UnsafeFile as problem:
        raise StepFailed(str(problem)) from None


@phrase(
    "a file {name:string} with:",
    keyword="Given",
    about="Writes the doc string, with a newline at its end, into the scenario's work folder.",
    example='Given a file "may.csv" with:\n  """\n  date,amount\n  2024-05-01,3.50\n  """',
    takes="text",
)
def file_with(context: ScenarioContext, name: str, text: str) -> None:
    _write(context, name, with_newline(text).encode())


@phrase(
    "an empty file {name:string}",
    keyword="Given",
    about="A file without a byte in it.",
    example='Given an empty file "may.csv"',
)
def empty_file(context: ScenarioContext, name: str) -> None:
    _write(context, name, b"")


@phrase(
    "a folder {name:string}",
    keyword="Given",
    about="An empty folder in the scenario's work folder.",
    example='Given a folder "archive"',
)
def folder(context: ScenarioContext, name: str) -> None:
    try:
        safe_files.make_folder(context.work_folder, name)
    except safe_files.UnsafeFile as problem:
        raise StepFailed(str(problem)) from None


@phrase(
    "the file {name:string} exists",
    keyword="Then",
    about="Something of that name is in the work folder.",
    example='Then the file "report.csv" exists',
)
def file_exists(context: ScenarioContext, name: str) -> None:
    if not _exists(context, name):
        raise StepFailed(f'there is no file "{name}"')


@phrase(
    "the file {name:string} does not exist",
    keyword="Then",
    about="Nothing of that name is in the work folder.",
    example='Then the file "report.csv" does not exist',
)
def file_absent(context: ScenarioContext, name: str) -> None:
    if _exists(context, name):
        raise StepFailed(f'"{name}" is there')


@phrase(
    "the file {name:string} contains {text:string}",
    keyword="Then",
    about="Part of the file.",
    example='Then the file "report.csv" contains "3.50"',
)
def file_contains(context: ScenarioContext, name: str, text: str) -> None:
    must_contain(f'the file "{name}"', _text(context, name), text)


@phrase(
    "the file {name:string} does not contain {text:string}",
    keyword="Then",
    about="The file is there and the text is nowhere in it.",
    example='Then the file "report.csv" does not contain "NaN"',
)
def file_lacks(context: ScenarioContext, name: str, text: str) -> None:
    must_lack(f'the file "{name}"', _text(context, name), text)


@phrase(
    "the file {name:string} is:",
    keyword="Then",
    about="The whole file; white space at line ends and at the end does not count.",
    example='Then the file "report.csv" is:\n  """\n  date,amount\n  """',
    takes="text",
)
def file_is(context: ScenarioContext, name: str, text: str) -> None:
    must_equal(f'the file "{name}"', _text(context, name), text)


@phrase(
    "the file {name:string} is CSV equal to:",
    keyword="Then",
    about="The file read as CSV equals the table, heading included, rows in this order.",
    example='Then the file "report.csv" is CSV equal to:\n  | date       | amount |\n'
    "  | 2024-05-01 | 3.50   |",
    takes="table",
)
def file_csv(context: ScenarioContext, name: str, rows: Rows) -> None:
    must_be_csv(f'the file "{name}"', _text(context, name), rows)


@phrase(
    "the file {name:string} is unchanged",
    keyword="Then",
    about="Byte for byte what an earlier step of the scenario wrote.",
    example='Then the file "may.csv" is unchanged',
)
def file_unchanged(context: ScenarioContext, name: str) -> None:
    if name not in context.written:
        raise StepFailed(f'no step of this scenario wrote "{name}"')
    if _read(context, name) != context.written[name]:
        raise StepFailed(f'the file "{name}" was changed')
