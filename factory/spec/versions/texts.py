"""Spec texts as git has them: read without failing, and compared as texts."""

from __future__ import annotations

import re

from factory.errors import FactoryError
from factory.spec.document import SpecDocument, parse_spec
from factory.spec.text_file import decode

# Lines of the front matter that say when a spec is built, not what is to be built.
_PLANNING = {
    key: re.compile(rf"{key}\s*:\s*[\"']?[a-z][a-z0-9-]*[\"']?")
    for key in ("status", "priority", "area")
}
_GONE = "\0"  # No text that was decoded holds it.
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

    Line ends, white space at the end of lines and of the file, and the lines `status`, `priority`
    and `area` are no part of the text: they say when it is built. Comments are: no agent sees
    them, but the digest that a verdict names does not know that, so the check is strict.
    """
    return _comparable(one) == _comparable(other)


def _comparable(document: SpecDocument) -> str:
    lines = [line.rstrip() for line in document.text.split("\n")]
    for key, form in _PLANNING.items():
        number, _ = document.front.place((key,))
        if key in document.meta and form.fullmatch(lines[number - 1]):
            lines[number - 1] = _GONE
    return "\n".join(line for line in lines if line != _GONE).rstrip()
