"""Files in the scenario's work folder, which is the folder where the command runs."""

from __future__ import annotations

from scenario_runner import safe_files
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.command import with_newline
from scenario_runner.steps.sources import read_file


def write_file(context: ScenarioContext, name: str, data: bytes) -> None:
    """Into the work folder. Raises StepFailed."""
    safe_files.write(context.work_folder, name, data)
    context.written[name] = data


def exists(context: ScenarioContext, name: str) -> bool:
    """Whether something of that name is in the work folder. Raises StepFailed."""
    return safe_files.exists(context.work_folder, name)


@phrase(
    "a file {name:string} with:",
    keyword="Given",
    about="Writes the doc string, with a newline at its end, into the scenario's work folder.",
    example='Given a file "may.csv" with:\n  """\n  date,amount\n  2024-05-01,3.50\n  """',
    takes="text",
)
def file_with(context: ScenarioContext, name: str, text: str) -> None:
    write_file(context, name, with_newline(text).encode())


@phrase(
    "an empty file {name:string}",
    keyword="Given",
    about="A file without a byte in it.",
    example='Given an empty file "may.csv"',
)
def empty_file(context: ScenarioContext, name: str) -> None:
    write_file(context, name, b"")


@phrase(
    "a folder {name:string}",
    keyword="Given",
    about="An empty folder in the scenario's work folder.",
    example='Given a folder "archive"',
)
def folder(context: ScenarioContext, name: str) -> None:
    safe_files.make_folder(context.work_folder, name)


@phrase(
    "the file {name:string} exists",
    keyword="Then",
    about="Something of that name is in the work folder.",
    example='Then the file "report.csv" exists',
)
def file_exists(context: ScenarioContext, name: str) -> None:
    if not exists(context, name):
        raise StepFailed(f'there is no file "{name}"')


@phrase(
    "the file {name:string} does not exist",
    keyword="Then",
    about="Nothing of that name is in the work folder.",
    example='Then the file "report.csv" does not exist',
)
def file_absent(context: ScenarioContext, name: str) -> None:
    if exists(context, name):
        raise StepFailed(f'"{name}" is there')


@phrase(
    "the file {name:string} is unchanged",
    keyword="Then",
    about="Byte for byte what an earlier step of the scenario wrote.",
    example='Then the file "may.csv" is unchanged',
)
def file_unchanged(context: ScenarioContext, name: str) -> None:
    if name not in context.written:
        raise StepFailed(f'no step of this scenario wrote "{name}"')
    if read_file(context, name) != context.written[name]:
        raise StepFailed(f'the file "{name}" was changed')


def _size(context: ScenarioContext, name: str) -> int:
    return len(read_file(context, name))


@phrase(
    "a file {name:string} of {count:int} byte(s)",
    keyword="Given",
    about="Random bytes, new in every run; at most 4 MiB.",
    example='Given a file "photo.jpg" of 2048 bytes',
)
def file_of(context: ScenarioContext, name: str, count: int) -> None:
    if not 0 <= count <= safe_files.MAX_FILE_BYTES:
        raise StepFailed(f"a file has 0 to {safe_files.MAX_FILE_BYTES} bytes", seen=count)
    write_file(context, name, context.random.randbytes(count))


@phrase(
    "the file {name:string} has {count:int} byte(s)",
    keyword="Then",
    about="The size of the file.",
    example='Then the file "report.csv" has 120 bytes',
)
def file_bytes(context: ScenarioContext, name: str, count: int) -> None:
    seen = _size(context, name)
    if seen != count:
        raise StepFailed(f'the file "{name}" has {seen} bytes', expected=count, seen=seen)


@phrase(
    "the file {name:string} has between {low:int} and {high:int} bytes",
    keyword="Then",
    about="The size of the file, both ends included.",
    example='Then the file "report.pdf" has between 100 and 90000 bytes',
)
def file_size_between(context: ScenarioContext, name: str, low: int, high: int) -> None:
    seen = _size(context, name)
    if not low <= seen <= high:
        raise StepFailed(
            f'the file "{name}" has {seen} bytes', expected=f"{low} to {high}", seen=seen
        )


@phrase(
    "the file {name:string} is empty",
    keyword="Then",
    about="The file is there and has no byte in it.",
    example='Then the file "errors.log" is empty',
)
def file_is_empty(context: ScenarioContext, name: str) -> None:
    file_bytes(context, name, 0)


@phrase(
    "the file {name:string} equals the file {other:string}",
    keyword="Then",
    about="Byte for byte.",
    example='Then the file "copy.bin" equals the file "photo.jpg"',
)
def files_equal(context: ScenarioContext, name: str, other: str) -> None:
    left, right = read_file(context, name), read_file(context, other)
    if left != right:
        raise StepFailed(
            f'"{name}" and "{other}" differ', expected=f"{len(right)} bytes", seen=len(left)
        )


@phrase(
    "the response body equals the file {name:string}",
    keyword="Then",
    about="Byte for byte.",
    example='Then the response body equals the file "photo.jpg"',
)
def body_equals(context: ScenarioContext, name: str) -> None:
    body, data = context.answer().body, read_file(context, name)
    if body != data:
        raise StepFailed(
            f'the body differs from "{name}"', expected=f"{len(data)} bytes", seen=len(body)
        )


@phrase(
    "the folder {name:string} holds exactly:",
    keyword="Then",
    about='The names in the folder, in any order, folders in it too; "." is the work folder.',
    example='Then the folder "out" holds exactly:\n  | may.csv  |\n  | june.csv |',
    takes="table",
)
def folder_holds(context: ScenarioContext, name: str, rows: tuple[tuple[str, ...], ...]) -> None:
    seen, expected = _names(context, name), sorted(row[0] for row in rows)
    if seen != expected:
        raise StepFailed(f'the folder "{name}" holds others', expected=expected, seen=seen[:100])


@phrase(
    "the folder {name:string} is empty",
    keyword="Then",
    about='The folder is there and holds nothing; "." is the work folder.',
    example='Then the folder "out" is empty',
)
def folder_is_empty(context: ScenarioContext, name: str) -> None:
    seen = _names(context, name)
    if seen:
        raise StepFailed(f'the folder "{name}" is not empty', expected=[], seen=seen[:100])


def _names(context: ScenarioContext, name: str) -> list[str]:
    return safe_files.names(context.work_folder, name)
