"""What a Markdown document is made of, as far as an import needs to know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text in Markdown, without emphasis; `lines` as the author broke it."""

    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraph on one line."""
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; `first` is its first number, or None for bullets."""

    items: tuple[tuple[Block, ...], ...]
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """Code, fenced or indented; `language` is one word or empty."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row is as long as its head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that stands within something else; `level` counts from 3, below our sections."""

    text: str
    level: int = 3


Block: TypeAlias = Paragraph | Listing | Code | Table | Quote | Heading


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and all below it: its own blocks first, then the parts under lower headings.

    `level` is that of the heading, 1 to 6; the document itself has level 0 and no title.
    """

    title: str
    level: int
    blocks: tuple[Block, ...] = ()
    parts: tuple[Part, ...] = ()
