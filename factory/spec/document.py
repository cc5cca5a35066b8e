"""A spec file read into its parts, each with its line: front matter, sections, requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from factory.config.front_matter import surely_fits
from factory.config.validate import problems
from factory.config.yaml_source import YamlSource, parse_yaml
from factory.digest import digest_of
from factory.errors import InputError
from factory.requirement_id import PATTERN
from factory.spec.form import meaning_of
from factory.spec.markdown import Block, Passage, Section, sections
from factory.spec.numbered import lines_of, numbers_of, with_lines_apart
from factory.spec.text_file import SPEC_LIMIT_BYTES, decode, read_bytes
from factory.spec.unclosed import require_closed
from factory.spec.visible import body_below, column_in, front_end, without_comments

if TYPE_CHECKING:
    from factory.records import SpecText

FRONT_MATTER_SCHEMA = "spec-front-matter.schema.json"
REQUIREMENT_SECTIONS = {"Rules": "R", "Edge cases": "E", "Constraints": "C"}
_REQUIREMENT = re.compile(rf"({PATTERN})\s*:\s*(.*)", re.DOTALL)


class Requirement(NamedTuple):
    """One numbered line of a spec; `line` is its 1-based line in the file."""

    id: str
    text: str
    line: int


class SpecDocument(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A spec that could be read. `front` is the front matter; it may still break the gate.

    `front_end` is the 1-based number of the line that closes it; `lines` are those of `text`.
    `body` is what an agent gets of it: without front matter and comments, each line where it
    stands.
    """

    path: str
    text: str
    lines: Sequence[str]
    body: str
    front: YamlSource
    front_end: int
    sections: tuple[Section, ...]

    @property
    def meta(self) -> Mapping[str, Any]:
        """The front matter as plain data."""
        data: Mapping[str, Any] = self.front.data
        return data

    @property
    def kind(self) -> str:
        """The spec's kind as written, or ""."""
        return str(self.meta.get("kind", ""))

    @property
    def id(self) -> str:
        """The spec's id as written, or ""."""
        return str(self.meta.get("id", ""))

    @property
    def digest(self) -> str:
        """`sha256:` and the digest of the text's UTF-8 bytes."""
        return digest_of(self.text)

    def section(self, name: str) -> Section | None:
        """The first section of that name."""
        return next((one for one in self.sections if one.name == name), None)

    def requirements(self) -> Iterator[Requirement]:
        """Every numbered requirement, in the order of the file."""
        for requirement, _ in self.numbered:
            yield requirement

    @cached_property
    def requirement_at(self) -> dict[int, str]:
        """The line on which a block begins → the id of the requirement that it is of."""
        return {block.line: one.id for one, blocks in self.numbered for block in blocks}

    @cached_property
    def numbered(self) -> list[tuple[Requirement, tuple[Block, ...]]]:
        """Every numbered requirement with its blocks, in the order of the file."""
        found = []
        for section in self.sections:
            letter = REQUIREMENT_SECTIONS.get(section.name)
            if letter:
                for ids, text, blocks in lines_of(section):
                    if len(ids) == 1 and ids[0][0] == letter:
                        found.append((Requirement(ids[0], text, blocks[0].line), blocks))
            elif section.name != "Evaluation":
                # One of a team's own may hold requirements of each kind, and much else.
                for item in section.items:
                    match = _REQUIREMENT.match(item.text)
                    if match:
                        one = Requirement(match[1], match[2].strip(), item.line)
                        found.append((one, (item,)))
        # A table may well speak of requirements that stand elsewhere.
        elsewhere = {one.id for one, blocks in found if blocks[0].kind != "row"}
        return [
            (one, blocks)
            for one, blocks in found
            if blocks[0].kind != "row" or one.id not in elsewhere
        ]

    def listed(self, *keys: str) -> Iterator[tuple[str, int, int]]:
        """The texts of a list in front matter, each with its line and column."""
        value: Any = self.meta
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        for index, one in enumerate(value if isinstance(value, list) else ()):
            if isinstance(one, str):
                yield one, *self.front.place((*keys, index))

    def place(self, passage: Passage, offset: int) -> tuple[int, int]:
        """The 1-based (line, column) of a place in a passage."""
        start = passage.raw.rfind("\n", 0, offset) + 1
        line = passage.line + passage.raw.count("\n", 0, start)
        if line > len(self.lines):
            return len(self.lines), 1
        read, written = self._body_lines[line - 1], self.lines[line - 1]
        if passage.cell >= 0:
            column = passage.cell + offset + passage.raw.count("|", 0, offset)
        else:
            # The parser takes indentation and markers off; what is left stands in the line.
            end = passage.raw.find("\n", start)
            piece = passage.raw[start : end if end >= 0 else None]
            column = max(read.find(piece), 0) + offset - start
        return line, 1 + (column if read == written else column_in(written, read, column))

    @cached_property
    def _body_lines(self) -> list[str]:
        return self.body.split("\n")

    def coverage(self) -> Iterator[tuple[Block, tuple[str, ...], str]]:
        """Each line of the Evaluation: its block, the ids that it covers, what it says."""
        section = self.section("Evaluation")
        for ids, text, blocks in lines_of(section) if section else ():
            yield blocks[0], ids, text

    def as_record(self, commit: str, path: str) -> SpecText:
        """The record form; only for a spec that passed the gate."""
        from factory import records

        return records.SpecText(
            id=self.id,
            title=str(self.meta["title"]),
            version=self.meta["version"],
            path=path,
            commit=commit,
            digest=self.digest,
            text=self.text,
            stakes=self.meta["stakes"],
            requirements=tuple(
                records.Requirement(id=one.id, text=one.text, line=one.line)
                for one in self.requirements()
            ),
        )


def read_spec(path: Path, *, name: str | None = None) -> SpecDocument:
    """Read one spec file.

    Args:
        path: the file.
        name: what to call it in messages; `path` where None.

    Raises:
        InputError: as `factory.spec.text_file`; or it has no front matter or one that is not YAML,
            or leaves a code block or a comment open.
    """
    shown = name or str(path)
    return parse_spec(decode(read_bytes(path, shown, SPEC_LIMIT_BYTES), shown=shown), path=shown)


def parse_spec(text: str, *, path: str) -> SpecDocument:
    """Parse a spec's text; raises InputError as `read_spec` does."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        raise InputError(
            "a spec begins with front matter between two lines of three hyphens",
            path=path,
            line=1,
            column=1,
            mend="write `---` as the first line; `factory new feature ID` writes a whole spec",
        )
    end = front_end(lines)
    if not end:
        raise InputError(
            "the front matter is not closed",
            path=path,
            line=1,
            column=1,
            mend="write a line `---` after it",
        )
    front = parse_yaml("\n".join(lines[1 : end - 1]), path=path, line_offset=1)
    if not isinstance(front.data, dict):
        raise _no_keys(front)
    whole = body_below(text, lines, end)
    require_closed(whole, path=path)
    # A lone carriage return, which is told as hidden, begins a line for the parser and nobody else.
    body = without_comments(whole.replace("\r", " "))
    found = tuple(map(_read, sections(body, path=path, meaning_of=meaning_of)))
    return SpecDocument(
        path=path, text=text, lines=lines, body=body, front=front, front_end=end, sections=found
    )


def _read(section: Section) -> Section:
    numbered = section.name in REQUIREMENT_SECTIONS or section.name == "Evaluation"
    return with_lines_apart(section) if numbered else section


def plain_text(block: Block) -> str:
    """What a block says without the numbers that it begins with."""
    return " ".join(numbers_of(block)[1].split())


def _no_keys(front: YamlSource) -> InputError:
    """The front matter is YAML, and no mapping: most often a slip on each of its lines."""
    mend = "write `key: value` on each line, as in `kind: feature`"
    what = "is one value"
    line, column = front.place(())
    if front.data is None:
        what, line, column = "is empty", 2, 1
        mend += "; `factory new feature ID` writes a whole spec"
    elif isinstance(front.data, list):
        what = "is a list"
        mend += ", without `- ` before it"
    elif isinstance(front.data, str) and re.search(r"(?:\A|\s)[a-z-]+:\S", front.data):
        mend = "write a space behind each colon, as in `kind: feature`"
    return InputError(
        f"the front matter {what}, not a mapping of keys to values",
        path=front.path,
        line=line,
        column=column,
        mend=mend,
    )


def front_matter_problems(document: SpecDocument) -> Iterator[tuple[str, str, int, int]]:
    """(message, mend, line, column) for each place where the front matter breaks its schema."""
    if surely_fits(document.front.data):
        return
    for problem in problems(document.front, FRONT_MATTER_SCHEMA):
        yield problem.message, problem.mend, problem.line, problem.column
