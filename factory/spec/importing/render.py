"""A draft written as Markdown in our form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from factory.spec.front_matter import as_yaml
from factory.spec.importing.blocks import Block, Code, Heading, Listing, Paragraph, Quote, Table
from factory.spec.importing.draft import Content, Draft, Entry
from factory.spec.importing.headings import NOTES

_QUOTED = ("title", "owner")


def render(draft: Draft, front: Mapping[str, str | int]) -> str:
    """The whole spec: front matter, then the sections, the notes only where there are some."""
    lines = ["---"]
    for key, value in front.items():
        # JSON's strings are YAML's: no quote, colon or hash of a title ends its line.
        shown = json.dumps(value, ensure_ascii=False) if key in _QUOTED else as_yaml(value)
        lines.append(f"{key}: {shown}")
    lines.append("---")
    for name, contents in draft.sections.items():
        if contents or name != NOTES:
            lines += ["", f"## {name}", "", *_contents(contents)]
    return "\n".join(lines) + "\n"


def _contents(contents: Sequence[Content]) -> Iterator[str]:
    before: Content | None = None
    for one in contents:
        if before is not None and not (isinstance(before, Entry) and isinstance(one, Entry)):
            yield ""
        yield from _entry(one) if isinstance(one, Entry) else _block(one)
        before = one


def _entry(entry: Entry) -> list[str]:
    ids = f"{', '.join(entry.ids)}: " if entry.ids else ""
    origin = f" <!-- {entry.origin} -->" if entry.origin and not _says(entry) else ""
    first = f"{ids}{entry.text}{origin}".rstrip()
    return _item([[first], *_apart(entry.nested)], "- ")


def _says(entry: Entry) -> bool:
    """Whether the number in the source is the one here, or stands in the text."""
    return entry.origin in entry.ids or entry.origin in entry.text.split()


def _item(pieces: Sequence[list[str]], marker: str) -> list[str]:
    lines = [line for piece in pieces for line in piece]
    indent = " " * len(marker)
    return [marker + lines[0], *((indent + line).rstrip() for line in lines[1:])]


def _apart(blocks: Sequence[Block]) -> Iterator[list[str]]:
    """The lines of each block that follows another one in an item; a list needs no empty line."""
    for block in blocks:
        lines = _block(block)
        if lines:
            yield lines if isinstance(block, Listing) else ["", *lines]


def _block(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        return [block.text]
    if isinstance(block, Heading):
        return [_heading(block)]
    if isinstance(block, Code):
        return _code(block)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Quote):
        inner = [line for one in _separate(block.blocks) for line in one]
        return [f"> {line}".rstrip() for line in inner]
    return _listing(block)


def _heading(heading: Heading) -> str:
    # A run of # at the end would be taken for the end of the heading.
    return f"{'#' * heading.level} " + re.sub(r"(^|\s)(#+)$", r"\1\\\2", heading.text)


def _code(code: Code) -> list[str]:
    longest = max((len(run) for run in re.findall(r"`+", code.text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{code.language}", *code.text.split("\n"), fence]


def _table(table: Table) -> list[str]:
    rows = [table.head, ("---",) * len(table.head), *table.rows]
    return [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]


def _listing(listing: Listing) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(listing.items, listing.first or 0):
        marker = "- " if listing.first is None else f"{number}. "
        pieces = [_block(item[0]), *_apart(item[1:])]
        if pieces[0]:
            lines += _item(pieces, marker)
    return lines


def _separate(blocks: Sequence[Block]) -> Iterator[list[str]]:
    for at, block in enumerate(blocks):
        yield ["", *_block(block)] if at else _block(block)
