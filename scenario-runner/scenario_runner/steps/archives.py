"""Archives: zip, and tar plain or packed; read in memory with limits, never unpacked to disk."""

from __future__ import annotations

import io

from scenario_runner import archive_reading
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps import texts
from scenario_runner.steps.files import write_file
from scenario_runner.steps.sources import Rows, Seen, read_file


def _members(context: ScenarioContext, name: str) -> dict[str, bytes]:
    try:
        return archive_reading.members(read_file(context, name))
    except archive_reading.BadArchive as problem:
        raise StepFailed(f'"{name}": {problem}') from None


def _member(context: ScenarioContext, name: str, member: str) -> bytes:
    found = _members(context, name)
    if member not in found:
        raise StepFailed(
            f'the archive "{name}" does not hold "{member}"', expected=member, seen=sorted(found)
        )
    return found[member]


def _text(context: ScenarioContext, name: str, member: str) -> Seen:
    return Seen(f'"{member}"', _member(context, name, member).decode("utf-8", "replace"))


@phrase(
    "a zip archive {name:string} with:",
    keyword="Given",
    about="Writes an archive of text files; each row is a file's name and its content.",
    example='Given a zip archive "in.zip" with:\n  | may.csv  | date,amount |\n'
    "  | note.txt | hello       |",
    takes="table",
)
def zip_with(context: ScenarioContext, name: str, rows: Rows) -> None:
    import zipfile

    if any(len(row) != 2 for row in rows):
        raise StepFailed("the table must have two columns, name and content, and no heading")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in rows:
            archive.writestr(zipfile.ZipInfo(member), content)
    write_file(context, name, data.getvalue())


@phrase(
    "the archive {name:string} holds exactly:",
    keyword="Then",
    about="The names of all its files, in any order; folders do not count.",
    example='Then the archive "out.zip" holds exactly:\n  | may.csv  |\n  | june.csv |',
    takes="table",
)
def holds_exactly(context: ScenarioContext, name: str, rows: Rows) -> None:
    seen, expected = sorted(_members(context, name)), sorted(row[0] for row in rows)
    if seen != expected:
        raise StepFailed(f'the archive "{name}" holds other files', expected=expected, seen=seen)


@phrase(
    "the archive {name:string} holds {member:string}",
    keyword="Then",
    about="A file of that name is in it.",
    example='Then the archive "out.tar.gz" holds "may.csv"',
)
def holds(context: ScenarioContext, name: str, member: str) -> None:
    _member(context, name, member)


@phrase(
    "the archive {name:string} does not hold {member:string}",
    keyword="Then",
    about="No file of that name is in it.",
    example='Then the archive "out.zip" does not hold "secret.txt"',
)
def lacks(context: ScenarioContext, name: str, member: str) -> None:
    if member in _members(context, name):
        raise StepFailed(f'the archive "{name}" holds "{member}"')


@phrase(
    "{member:string} in the archive {name:string} is:",
    keyword="Then",
    about="The whole file; white space at line ends and at the end does not count.",
    example='Then "note.txt" in the archive "out.zip" is:\n  """\n  hello\n  """',
    takes="text",
)
def member_is(context: ScenarioContext, member: str, name: str, text: str) -> None:
    texts.is_block(context, _text(context, name, member), text)


@phrase(
    "{member:string} in the archive {name:string} contains {text:string}",
    keyword="Then",
    about="Part of the file.",
    example='Then "note.txt" in the archive "out.zip" contains "hello"',
)
def member_contains(context: ScenarioContext, member: str, name: str, text: str) -> None:
    texts.contains(context, _text(context, name, member), text)


@phrase(
    "I unpack {member:string} of the archive {name:string} as {target:string}",
    keyword="When",
    about="Copies one file of the archive into the work folder, for the steps about files.",
    example='When I unpack "may.csv" of the archive "out.zip" as "may.csv"',
)
def unpack(context: ScenarioContext, member: str, name: str, target: str) -> None:
    write_file(context, target, _member(context, name, member))


@phrase(
    "I save the response body as {name:string}",
    keyword="When",
    about="Writes the last response's body, byte for byte, into the work folder.",
    example='When I save the response body as "out.zip"',
)
def save_body(context: ScenarioContext, name: str) -> None:
    write_file(context, name, context.answer().body)
