"""Spec texts as git has them: read without failing, and compared as texts."""

from __future__ import annotations

import re

from factory.errors import FactoryError
from factory.spec.document import SpecDocument, parse_spec
from factory.spec.text_file import decode

_STATUS = re.compile(r"status\s*:\s*[\"']?[a-z]+[\"']?")
_FRONT_MATTER = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t\r]*\n(.*?)^---", re.DOTALL | re.MULTILINE)


def read_text(data: bytes | None, path: str) -> SpecDocument | None:
    """A spec from its bytes, or None where they cannot be read as one."""
    if data is None:
        return None
    try:
        return parse_spec(decode(data, shown=path), path=path)
    except FactoryError:
        return None


def may_be(data: bytes | None, spec_ids: frozenset[bytes]) -> bool:
    """Whether these bytes can be one of these specs: a cheap look before they are parsed.

    A backslash may write an id in another way, so it stands for all of them.
    """
    found = _FRONT_MATTER.match(data or b"")
    if not found:
        return False
    return b"\\" in found[1] or any(one in found[1] for one in spec_ids)


def same_text(one: SpecDocument, other: SpecDocument) -> bool:
    """Whether two texts are the same for an agent and a digest's purpose.

    Line ends, white space at the end of lines and of the file, and the value of `status` are no
    part of the text. Comments are: no agent sees them, but the digest that a verdict names does
    not know that, so the check is strict.
    """
    return _comparable(one) == _comparable(other)


def _comparable(document: SpecDocument) -> str:
    lines = [line.rstrip() for line in document.text.split("\n")]
    number, _ = document.front.place(("status",))
    if "status" in document.meta and _STATUS.fullmatch(lines[number - 1]):
        lines[number - 1] = "status:"
    return "\n".join(lines).rstrip()
