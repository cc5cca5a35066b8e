"""A spec file read into its parts, each with its line: front matter, sections, requirements."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.config.validate import problems
from factory.config.yaml_source import YamlSource, parse_yaml
from factory.errors import InputError
from factory.records import Requirement, SpecText

SIZE_LIMIT_BYTES = 1024 * 1024
FRONT_MATTER_SCHEMA = "spec-front-matter.schema.json"
REQUIREMENT_SECTIONS = {"Rules": "R", "Edge cases": "E", "Constraints": "C"}
_REQUIREMENT = re.compile(r"([A-Z])([0-9]{1,4})\s*:\s*(.*)", re.DOTALL)
_COVERS = re.compile(r"((?:[REC][0-9]{1,3})(?:\s*,\s*[REC][0-9]{1,3})*)\s*:\s*(.*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One list item of a section: its text on one line, and its 1-based line."""

    text: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Section:
    """A `##` section: heading, 1-based line, its list items, whether it has any other text."""

    name: str
    line: int
    items: tuple[Item, ...]
    has_text: bool


@dataclass(frozen=True, kw_only=True)
class SpecDocument:
    """A spec that could be read. `front` is the front matter; it may still break the gate."""

    path: str
    text: str
    front: YamlSource
    sections: tuple[Section, ...]

    @property
    def meta(self) -> Mapping[str, Any]:
        """The front matter as plain data."""
        data: Mapping[str, Any] = self.front.data
        return data

    @property
    def id(self) -> str:
        """The spec's id as written, or ""."""
        return str(self.meta.get("id", ""))

    @property
    def digest(self) -> str:
        """`sha256:` and the digest of the text's UTF-8 bytes."""
        return "sha256:" + hashlib.sha256(self.text.encode()).hexdigest()

    def section(self, name: str) -> Section | None:
        """The first section of that name."""
        return next((one for one in self.sections if one.name == name), None)

    def requirements(self) -> Iterator[Requirement]:
        """Every numbered requirement, in the order of the file."""
        for name, letter in REQUIREMENT_SECTIONS.items():
            section = self.section(name)
            for item in section.items if section else ():
                found = _REQUIREMENT.match(item.text)
                if found and found[1] == letter and not found[2].startswith("0"):
                    yield Requirement(
                        id=f"{letter}{found[2]}", text=found[3].strip(), line=item.line
                    )

    def coverage(self) -> Iterator[tuple[Item, tuple[str, ...], str]]:
        """Each Evaluation line: the item, the ids it covers, what it says."""
        section = self.section("Evaluation")
        for item in section.items if section else ():
            found = _COVERS.match(item.text)
            ids = tuple(re.split(r"\s*,\s*", found[1])) if found else ()
            yield item, ids, found[2].strip() if found else item.text

    def as_record(self, commit: str, path: str) -> SpecText:
        """The record form; only for a spec that passed the gate."""
        return SpecText(
            id=self.id,
            title=str(self.meta["title"]),
            version=self.meta["version"],
            path=path,
            commit=commit,
            digest=self.digest,
            text=self.text,
            stakes=self.meta["stakes"],
            requirements=tuple(self.requirements()),
        )


def read_spec(path: Path, *, name: str | None = None) -> SpecDocument:
    """Read one spec file.

    Args:
        path: the file.
        name: what to call it in messages; `path` where None.

    Raises:
        InputError: as `read_text`, or it has no front matter or one that is not YAML.
    """
    shown = name or str(path)
    return parse_spec(read_text(path, name=shown), path=shown)


def read_text(path: Path, *, name: str) -> str:
    """The text of a file that people write, its lines ended by `\\n`; `name` is for messages.

    Raises:
        InputError: it cannot be read, is no UTF-8, is too long or holds NUL; with line, column
            and mend.
    """
    try:
        if path.stat().st_size > SIZE_LIMIT_BYTES:
            raise InputError(
                f"longer than {SIZE_LIMIT_BYTES} bytes", path=name, line=1, mend="split the spec"
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=name) from error
    return _decode(data, name)


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
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        raise InputError(
            "the front matter is not closed",
            path=path,
            line=1,
            column=1,
            mend="write a line `---` after it",
        )
    front = parse_yaml("\n".join(lines[1:end]), path=path, line_offset=1)
    if not isinstance(front.data, dict):
        raise InputError("the front matter is not a mapping of keys", path=path, line=2, column=1)
    body = "\n".join([""] * (end + 1) + lines[end + 1 :])
    return SpecDocument(path=path, text=text, front=front, sections=tuple(_sections(body)))


def front_matter_problems(document: SpecDocument) -> Iterator[tuple[str, str, int, int]]:
    """(message, mend, line, column) for each place where the front matter breaks its schema."""
    for problem in problems(document.front, FRONT_MATTER_SCHEMA):
        yield problem.message, problem.mend, problem.line, problem.column


def _decode(data: bytes, shown: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        raise InputError(
            f"not UTF-8: byte 0x{data[error.start]:02x}",
            path=shown,
            line=before.count(b"\n") + 1,
            column=error.start - before.rfind(b"\n"),
            mend="save the file as UTF-8",
        ) from error
    if "\0" in text:
        at = text.index("\0")
        raise InputError(
            "holds a NUL character",
            path=shown,
            line=text.count("\n", 0, at) + 1,
            column=at - text.rfind("\n", 0, at),
            mend="remove it",
        )
    return text.replace("\r\n", "\n")


def _sections(body: str) -> Iterator[Section]:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    name, line = "", 0
    items: list[Item] = []
    has_text = False
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            if name:
                yield Section(name=name, line=line, items=tuple(items), has_text=has_text)
            name = tokens[index + 1].content.strip()
            line = (token.map or [0])[0] + 1
            items, has_text = [], False
        elif token.type == "list_item_open" and token.level == 1:
            items.append(Item(text=_item_text(tokens, index), line=(token.map or [0])[0] + 1))
            has_text = True
        elif (
            token.type == "inline" and token.level == 1 and tokens[index - 1].tag != "h2"
        ) or token.type in ("fence", "code_block", "table_open"):
            has_text = True
    if name:
        yield Section(name=name, line=line, items=tuple(items), has_text=has_text)


def _item_text(tokens: list[Any], start: int) -> str:
    """The inline text of the list item that opens at `start`, up to its close."""
    parts, depth = [], 0
    for index in range(start, len(tokens)):  # No slice: a spec may have 100,000 items.
        token = tokens[index]
        depth += token.nesting if token.type.startswith("list_item") else 0
        if token.type in ("inline", "fence", "code_block"):
            parts.append(token.content)
        if depth == 0:
            break
    return " ".join(" ".join(parts).split())
