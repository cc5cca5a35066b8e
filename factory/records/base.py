"""What every record shares: frozen, keyword-only, versioned, strict JSON in and out.

msgspec gives the strict decoding, the constraints and the JSON Schema from one declaration, so
that type, schema and check cannot drift apart. `factory/records/schemas/*.json` are generated
from here and a contract test holds them equal.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from factory.errors import RecordError
from factory.requirement_id import PATTERN

RECORD_LIMIT_BYTES = 16 * 1024 * 1024

# `(?![\s\S])` is "end of text" in Python and ECMAScript alike; `$` would admit a newline.
SpecId = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{1,62}(?![\s\S])")]
RunId = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{8}t[0-9]{6}-[0-9a-f]{8}(?![\s\S])")]
RequirementId = Annotated[str, msgspec.Meta(pattern=rf"^{PATTERN}(?![\s\S])")]
CommitId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?(?![\s\S])")]
Digest = Annotated[str, msgspec.Meta(pattern=r"^sha256:[0-9a-f]{64}(?![\s\S])")]
KeyedDigest = Annotated[str, msgspec.Meta(pattern=r"^hmac-sha256:[0-9a-f]{64}(?![\s\S])")]
Nonce = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}(?![\s\S])")]
Day = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\s\S])")]
Positive = Annotated[int, msgspec.Meta(ge=1)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Amount = Annotated[float, msgspec.Meta(ge=0)]
HoldingBranch = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^factory/hold/[a-z][a-z0-9-]{1,62}/[0-9]{8}t[0-9]{6}-[0-9a-f]{8}(?![\s\S])"
    ),
]
BranchName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,200}(?![\s\S])")]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of a record; no file of its own."""


class Record(Part, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="record"):
    """What crosses from one stage to the next.

    In JSON the field `record` names kind and version, for instance `candidate/1`; it is required,
    and a record of another kind or version is refused.
    """

    def to_json(self) -> bytes:
        """The record as one line of JSON, keys in declaration order."""
        return msgspec.json.encode(self)

    def to_data(self) -> Any:
        """The record as plain dicts, lists, strings, numbers, True, False and None."""
        return msgspec.to_builtins(self)

    def write(self, path: Path) -> Path:
        """Write the record whole or not at all (a crash leaves the old file) and return `path`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_data(), indent=2, ensure_ascii=False) + "\n"
        write_atomically(path, text.encode())
        return path


R = TypeVar("R", bound=Record)


class _Head(msgspec.Struct):
    record: str


def decode(kind: type[R], data: bytes, *, source: str = "record") -> R:
    """Decode one record strictly.

    Raises:
        RecordError: not JSON, another record, another version, or a field out of its limits;
            the message names the field as a JSON path.
    """
    if len(data) > RECORD_LIMIT_BYTES:
        raise RecordError(f"longer than {RECORD_LIMIT_BYTES} bytes", path=source)
    try:
        msgspec.json.decode(data, type=_Head)  # A lone type's tag may be left out; ours may not.
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError(
            f"not a {kind.__name__} record: {error}",
            path=source,
            mend="pass the file that the stage before wrote, unchanged",
        ) from error


def read(kind: type[R], path: Path) -> R:
    """Read one record from a file.

    Raises:
        RecordError: missing, unreadable or not such a record.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecordError(
            f"cannot be read: {error.strerror}",
            path=str(path),
            mend="run the stage before this one, or name its record",
        ) from error
    return decode(kind, data, source=str(path))


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` by `data` in one step, synced to disk first."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
