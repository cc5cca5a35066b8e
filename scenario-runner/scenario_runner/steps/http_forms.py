"""Bodies other than JSON: forms, uploads, files; and queries."""

from __future__ import annotations

from urllib.parse import urlencode

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.sources import Rows, read_file

_FORM = "application/x-www-form-urlencoded"
_COLUMNS = ("field", "value", "file", "type")


def _pairs(rows: Rows) -> list[tuple[str, str]]:
    if any(len(row) != 2 for row in rows):
        raise StepFailed("the table must have two columns, name and value, and no heading")
    return [(row[0], row[1]) for row in rows]


@phrase(
    "I send {method:method} {path:string} with the query:",
    keyword="When",
    about="Adds the rows, name and value, to the path, encoded as a browser does.",
    example='When I send GET "/search" with the query:\n  | q    | tea & milk |\n  | page | 2   |',
    takes="table",
)
def send_query(context: ScenarioContext, method: str, path: str, rows: Rows) -> None:
    joint = "&" if "?" in path else "?"
    context.request(method, f"{path}{joint}{urlencode(_pairs(rows))}", None, None)


@phrase(
    "I send {method:method} {path:string} with the form:",
    keyword="When",
    about="Sends the rows, name and value, as a browser sends a form; a name may stand twice.",
    example='When I send POST "/sign-in" with the form:\n  | user     | ann    |\n'
    "  | password | s3cret |",
    takes="table",
)
def send_form(context: ScenarioContext, method: str, path: str, rows: Rows) -> None:
    context.request(method, path, urlencode(_pairs(rows)).encode(), _FORM)


@phrase(
    "I send {method:method} {path:string} with the upload:",
    keyword="When",
    about="Sends multipart/form-data. Columns: field, then value for a text, or file for a file of "
    "the work folder with its type (application/octet-stream where empty).",
    example='When I send POST "/photos" with the upload:\n'
    "  | field | value | file    | type      |\n"
    "  | title | Sunset |        |           |\n"
    "  | image |        | sun.png | image/png |",
    takes="table",
)
def send_upload(context: ScenarioContext, method: str, path: str, rows: Rows) -> None:
    heading, *lines = rows
    if "field" not in heading or any(name not in _COLUMNS for name in heading):
        raise StepFailed(f"the columns must be {', '.join(_COLUMNS)}", seen=list(heading))
    boundary = f"----scenario{context.random.getrandbits(96):024x}"
    body = b""
    for line in lines:
        body += _part(context, dict(zip(heading, line, strict=True)), boundary)
    body += f"--{boundary}--\r\n".encode()
    context.request(method, path, body, f"multipart/form-data; boundary={boundary}")


def _part(context: ScenarioContext, row: dict[str, str], boundary: str) -> bytes:
    file, value = row.get("file", ""), row.get("value", "")
    if file and value:
        raise StepFailed("a row of an upload has a value or a file, not both", seen=row)
    disposition = f'form-data; name="{_quoted(row["field"])}"'
    if not file:
        head, data = f"Content-Disposition: {disposition}", value.encode()
    else:
        name = _quoted(file.rpartition("/")[2])
        kind = row.get("type") or "application/octet-stream"
        head = f'Content-Disposition: {disposition}; filename="{name}"\r\nContent-Type: {kind}'
        data = read_file(context, file)
    return f"--{boundary}\r\n{head}\r\n\r\n".encode() + data + b"\r\n"


def _quoted(text: str) -> str:
    """As browsers write names (HTML, multipart/form-data encoding algorithm)."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


@phrase(
    "I send {method:method} {path:string} with the file {name:string} as {type:string}",
    keyword="When",
    about="Sends a file of the work folder as the body, byte for byte, with this content type.",
    example='When I send PUT "/photos/1" with the file "sun.png" as "image/png"',
)
def send_file(context: ScenarioContext, method: str, path: str, name: str, kind: str) -> None:
    context.request(method, path, read_file(context, name), kind)
